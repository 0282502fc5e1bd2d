namespace FaceRecon.Tests;

public sealed class LandmarkRefinementTests
{
    // Waves of several lengths: something to hold on to everywhere, and a known value at every shift.
    private static double Texture(double u, double v) =>
        128 + 40 * Math.Sin(0.31 * u + 0.12 * v) + 35 * Math.Cos(0.27 * v - 0.17 * u) + 25 * Math.Sin(0.19 * (u + v) + 1);

    private static GrayWindow Window(Func<double, double, double> brightness)
    {
        var pixels = new byte[3 * 100 * 100];
        for (var v = 0; v < 100; v++)
        for (var u = 0; u < 100; u++)
            pixels.AsSpan(3 * (v * 100 + u), 3).Fill((byte)Math.Clamp(Math.Round(brightness(u, v)), 0, 255));
        var window = new GrayWindow();
        window.Load(new ColorImage(100, 100, pixels), new ImageBox(10, 10, 80, 80), 10);
        return window;
    }

    [Theory]
    [InlineData(1.3, -0.7)]
    [InlineData(-1.8, 1.1)]
    [InlineData(0.25, 0.4)]
    public void A_template_finds_its_shift_below_a_tenth_of_a_pixel_under_other_light(double du, double dv)
    {
        var template = LandmarkTemplate.Take(Window(Texture), 50, 50, 1, new Vector3d(1, 0, 0), new Vector3d(0, 1, 0))!;
        var (u, v) = (50.0, 50.0);
        var fit = template.Align(Window((x, y) => 0.6 * Texture(x - du, y - dv) + 30), new GridSteps(1, 0, 0, 1), 3, ref u, ref v);
        Assert.True(fit.Correlation > 0.98);
        Assert.Equal(50 + du, u, 0.1);
        Assert.Equal(50 + dv, v, 0.1);
    }

    [Fact]
    public void Along_an_edge_the_expectation_holds()
    {
        static double Edge(double u, double v) => 128 + 100 * Math.Tanh((u - 50) / 2);
        var template = LandmarkTemplate.Take(Window(Edge), 50, 50, 1, new Vector3d(1, 0, 0), new Vector3d(0, 1, 0))!;
        var (u, v) = (50.0, 50.0);
        var fit = template.Align(Window((x, y) => Edge(x - 1.2, y)), new GridSteps(1, 0, 0, 1), 1, ref u, ref v);
        Assert.Equal(51.2, u, 0.2);
        Assert.Equal(50, v, 0.05);
        Assert.True(fit.MajorSigma > 10 * fit.MinorSigma);
    }

    [Fact]
    public void What_has_no_contrast_is_no_template() =>
        Assert.Null(LandmarkTemplate.Take(Window((_, _) => 90), 50, 50, 1, new Vector3d(1, 0, 0), new Vector3d(0, 1, 0)));

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.002)]
    [InlineData(-0.003)]
    public void The_heads_pose_is_found_in_spite_of_wrong_points_and_depths_that_are_all_too_great(double depthError)
    {
        var camera = new CameraIntrinsics(640, 480, 585, 585, 320, 240);
        var truth = RigidTransform.FromRotationVector(new Vector3d(0.1, -0.4, 0.05), new Vector3d(0.02, -0.01, 0.45));
        var pose = new HeadPose(200);
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var place = new Vector3d(random.NextDouble() - 0.5, random.NextDouble() - 0.5, 0.5 * random.NextDouble()) * 0.14;
            var seen = truth.TransformPoint(place);
            var (u, v) = camera.Project(seen);
            var wrong = i % 5 == 0 ? 15 : 0;
            pose.Add(place, u + wrong, v - wrong, i % 2 == 0 ? seen.Z + depthError : 0, 0.5);
        }
        var found = RigidTransform.FromTranslation(new Vector3d(0, 0, 0.5));
        Assert.True(pose.TryRefine(camera, ref found));
        Assert.True((found * truth.Inverse()).RotationAngle < 0.002);
        Assert.True((found.Translation - truth.Translation).Length < 0.0005);
        Assert.Equal(depthError, pose.DepthError, 0.0003);
    }

    [Fact]
    public void Too_few_points_fix_no_pose()
    {
        var pose = new HeadPose(4);
        pose.Add(Vector3d.Zero, 1, 1, 0.4, 1);
        var found = RigidTransform.Identity;
        Assert.False(pose.TryRefine(new CameraIntrinsics(640, 480, 585, 585, 320, 240), ref found));
        Assert.Equal(RigidTransform.Identity, found);
    }
}
