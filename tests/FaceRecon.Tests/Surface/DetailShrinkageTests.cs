using System.Numerics;

namespace FaceRecon.Tests;

public class DetailShrinkageTests
{
    [Fact]
    public void What_the_noise_put_in_goes_and_a_ridge_stays()
    {
        // A plane with a ridge of 1.5 mm, as wide as a lip; points that scatter by 0.35 mm.
        static float Ridge(float x) => 0.0015f * MathF.Exp(-x * x / (2 * 0.0025f * 0.0025f));
        var cloud = Plane(noise: 0.00035f, Ridge);

        var (before, after) = Shrunk(cloud);

        var plane = Where(before, v => Math.Abs(v.X) > 0.012f);
        var ridge = Where(before, v => Math.Abs(v.X) < 0.0006f);
        double Error(Vector3[] vertices) => plane.Average(i => Math.Abs(0.4f - vertices[i].Z));
        double Height(Vector3[] vertices) => ridge.Average(i => 0.4f - vertices[i].Z);
        Assert.InRange(Error(before), 0.00004, 0.0002);
        Assert.InRange(Error(after) / Error(before), 0, 0.7);
        Assert.InRange(Height(before), 0.0013, 0.0016);
        Assert.InRange(Height(after) / Height(before), 0.95, 1.05);
    }

    [Fact]
    public void Detail_beyond_what_the_points_can_err_stays_however_even_it_is()
    {
        // Waves of 0.3 mm everywhere, of points that are said to be good to 0.02 mm.
        static float Waves(float x) => 0.0003f * MathF.Sin(x / 0.0012f);
        var cloud = Plane(noise: 0, Waves);
        Array.Fill(cloud.Sigma, 0.00002f);

        var (before, after) = Shrunk(cloud);

        Assert.InRange(Enumerable.Range(0, before.Length).Average(i => Vector3.Distance(before[i], after[i])), 0, 0.00001);
    }

    [Fact]
    public void Points_that_say_nothing_of_their_precision_leave_the_surface_as_it_is()
    {
        var cloud = Plane(noise: 0.00035f, _ => 0);
        Array.Clear(cloud.Sigma);

        var (before, after) = Shrunk(cloud);

        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData(1e-30f)]
    [InlineData(1e30f)]
    public void Precision_beyond_all_bounds_breaks_nothing(float sigma)
    {
        var cloud = TestClouds.Sphere(20_000, 0.05f, noise: 0.0003f);
        Array.Fill(cloud.Sigma, sigma);

        var mesh = FaceSurface.Reconstruct(cloud, new SurfaceOptions { Poisson = new() { CellSize = 0.002 } });

        MeshValidity.Check(mesh);
        // Points that say that they are worth nothing are smoothed as far as it goes.
        Assert.InRange(mesh.Vertices.Average(v => Math.Abs(v.Length() - 0.05)), 0, 0.001);
    }

    [Fact]
    public void A_level_tells_how_far_places_are_from_its_surface()
    {
        var (surface, _) = Solved(TestClouds.Sphere(60_000, 0.05f));

        Assert.Equal([0.002, 0.004], surface.Coarser.Select(level => Math.Round(level.CellSize / surface.CellSize) * 0.001));
        foreach (var level in surface.Coarser)
        {
            Vector3[] places = [.. new[] { 0.0495f, 0.05f, 0.0505f, 0.2f }.Select(radius => radius * Vector3.Normalize(new Vector3(1, 2, -3)))];
            var distances = new float[places.Length];
            level.Distances(places, distances);
            Assert.Equal(0, distances[3]);
            for (var i = 0; i < 3; i++)
                Assert.InRange(distances[i] - (i - 1) * 0.0005f, -0.00006f, 0.00006f);
        }
    }

    [Fact]
    public void A_local_ratio_is_that_of_what_is_near()
    {
        Vector3[] places = [.. Enumerable.Range(0, 100).Select(i => new Vector3(i * 0.001f, 0.01f, 0))];
        var ratio = new LocalRatio(places, 0.005);
        foreach (var place in places)
            ratio.Add(place, place.X < 0.05f ? 3 : 8, 2);

        Assert.Equal(1.5f, ratio.At(places[0]), 1e-5f);
        Assert.Equal(1.5f, ratio.At(places[40]), 1e-5f);
        Assert.InRange(ratio.At(places[50]), 2, 3.5);
        Assert.Equal(4f, ratio.At(places[99]), 1e-5f);
    }

    private static PointCloud Plane(float noise, Func<float, float> height)
    {
        var cloud = TestClouds.Square(0.08f, 0.0007f, noise);
        for (var i = 0; i < cloud.Count; i++)
        {
            cloud.Z[i] -= height(cloud.X[i]);
            var slope = (height(cloud.X[i] + 1e-5f) - height(cloud.X[i] - 1e-5f)) / 2e-5f;
            var normal = Vector3.Normalize(new Vector3(-slope, 0, -1));
            (cloud.NormalX[i], cloud.NormalY[i], cloud.NormalZ[i]) = (normal.X, normal.Y, normal.Z);
            cloud.Sigma[i] = 0.00035f;
        }
        return cloud;
    }

    private static (ImplicitSurface Surface, OrientedPoints Points) Solved(PointCloud cloud)
    {
        var loop = new PartitionedLoop(0, default);
        var points = OrientedPoints.Arrange(cloud, new ScreenedPoissonOptions { CellSize = 0.001 });
        var density = SamplingDensity.Measure(points, 1.5, loop);
        return (ScreenedPoisson.Solve(points, density, new ScreenedPoissonOptions(), 0.002, loop), points);
    }

    /// <summary>The vertices of the surface well inside the cloud's edge, before and after.</summary>
    private static (Vector3[] Before, Vector3[] After) Shrunk(PointCloud cloud)
    {
        var loop = new PartitionedLoop(0, default);
        var (surface, points) = Solved(cloud);
        var soup = MarchingCubes.Extract(surface, loop);
        var normals = MeshNormals.Compute(soup.Vertices, soup.Triangles);
        var data = VertexData.Gather(soup.Vertices, normals, points, SamplingDensity.Measure(points, 1.5, loop), 0.1, loop);
        var before = (Vector3[])soup.Vertices.Clone();
        DetailShrinkage.Apply(soup.Vertices, normals, data.Sigma, surface.Coarser, loop);
        var inner = Where(before, v => Math.Max(Math.Abs(v.X), Math.Abs(v.Y)) < 0.033f);
        return ([.. inner.Select(i => before[i])], [.. inner.Select(i => soup.Vertices[i])]);
    }

    private static int[] Where(Vector3[] vertices, Func<Vector3, bool> condition) =>
        [.. Enumerable.Range(0, vertices.Length).Where(i => condition(vertices[i]))];
}
