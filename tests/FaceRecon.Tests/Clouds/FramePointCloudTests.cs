namespace FaceRecon.Tests;

public class FramePointCloudTests
{
    private static readonly PointCloudOptions Raw = new() { HeadOnly = false, RemoveFlyingPixels = false };

    [Fact]
    public void Unfiltered_points_are_the_exact_back_projection()
    {
        var frame = new EllipsoidHead().Render(EllipsoidHead.Orbit(0.3));
        var cloud = FramePointCloud.FromFrame(frame, Raw);
        Assert.Equal(frame.Depth.Depths.Length, cloud.Count);
        foreach (var (u, v) in new[] { (0, 0), (160, 120), (319, 239), (140, 100) })
        {
            double z = frame.Depth.Depths[v * 320 + u];
            var point = cloud.GetPoint(u, v)!.Value;
            Assert.Equal((u - 159.5) * z / 290, point.X, 9);
            Assert.Equal((v - 119.5) * z / 290, point.Y, 9);
            Assert.Equal(z, point.Z, 9);
        }
    }

    [Fact]
    public void Depth_out_of_range_gives_no_points()
    {
        var frame = new EllipsoidHead(wall: 2.0).Render(EllipsoidHead.Orbit(0));
        var cloud = FramePointCloud.FromFrame(frame, Raw);
        Assert.InRange(cloud.Count, 5000, frame.Depth.Depths.Length / 2);
        Assert.Null(cloud.GetPoint(0, 0));
    }

    [Fact]
    public void Normals_are_perpendicular_to_the_surface()
    {
        // A plane tilted by 35 degrees: z = 0.5 + tan(35) y.
        var camera = EllipsoidHead.Camera;
        var slope = Math.Tan(35 * Math.PI / 180);
        var depths = new float[camera.Width * camera.Height];
        for (var v = 0; v < camera.Height; v++)
            depths.AsSpan(v * camera.Width, camera.Width).Fill((float)(0.5 / (1 - slope * (v - camera.Cy) / camera.Fy)));
        var frame = new RgbdFrame(0, 0, camera, new ColorImage(320, 240, new byte[3 * depths.Length]), new DepthImage(320, 240, depths));
        var cloud = FramePointCloud.FromFrame(frame, new PointCloudOptions { HeadOnly = false });
        var expected = new Vector3d(0, slope, -1).Normalized();
        var i = 120 * cloud.Width + 160;
        var cosine = expected.X * cloud.NormalX[i] + expected.Y * cloud.NormalY[i] + expected.Z * cloud.NormalZ[i];
        Assert.True(Math.Acos(Math.Min(cosine, 1)) < 0.2 * Math.PI / 180, $"cosine {cosine}");
    }

    [Theory]
    [InlineData(0.003)]
    [InlineData(0.006)]
    public void Noise_is_measured_and_smoothing_reduces_it(double noise)
    {
        var head = new EllipsoidHead();
        var pose = EllipsoidHead.Orbit(0);
        var frame = head.Render(pose, noise: noise);
        var exact = head.Render(pose);
        var cloud = FramePointCloud.FromFrame(frame, new PointCloudOptions { Smooth = true });
        Assert.InRange(cloud.Noise.Quadratic, 0.85 * noise, 1.15 * noise);
        double before = 0, after = 0;
        var count = 0;
        for (var row = 0; row < cloud.Height; row++)
        for (var column = 0; column < cloud.Width; column++)
        {
            var z = cloud.Z[row * cloud.Width + column];
            var i = (cloud.Top + row) * 320 + cloud.Left + column;
            // Inside the face, away from its outline, where the depth has a step.
            if (z <= 0 || cloud.NormalZ[row * cloud.Width + column] > -0.7)
                continue;
            before += Math.Pow(frame.Depth.Depths[i] - exact.Depth.Depths[i], 2);
            after += Math.Pow(z - exact.Depth.Depths[i], 2);
            count++;
        }
        Assert.True(count > 3000);
        Assert.True(Math.Sqrt(after / before) < 0.6, $"noise went to {Math.Sqrt(after / before):P0}");
    }

    [Fact]
    public void Flying_pixels_go_and_the_face_stays()
    {
        var head = new EllipsoidHead();
        var frame = head.Render(EllipsoidHead.Orbit(0));
        var clean = FramePointCloud.FromFrame(frame);
        // Every second pixel of the head's outline flies half way to the wall.
        var depths = (float[])frame.Depth.Depths.Clone();
        var flying = new List<int>();
        for (var v = 1; v < 239; v++)
        for (var u = 1; u < 319; u++)
        {
            var i = v * 320 + u;
            if (frame.Depth.Depths[i] < 0.6 && frame.Depth.Depths[i + 1] > 0.9 && (u + v) % 2 == 0)
            {
                depths[i] += 0.02f;
                flying.Add(i);
            }
        }
        var cloud = FramePointCloud.FromFrame(new RgbdFrame(0, 0, frame.Intrinsics, frame.Color, new DepthImage(320, 240, depths)));
        var left = flying.Count(i =>
        {
            var (column, row) = (i % 320 - cloud.Left, i / 320 - cloud.Top);
            return column >= 0 && row >= 0 && column < cloud.Width && row < cloud.Height && cloud.GetPoint(column, row) is not null;
        });
        Assert.True(flying.Count > 60);
        Assert.True(left <= 0.05 * flying.Count, $"{left} of {flying.Count} flying pixels were kept");
        Assert.InRange(cloud.Count, 0.96 * clean.Count, 1.01 * clean.Count);
    }

    [Fact]
    public void Spikes_go_and_every_other_depth_stays_as_it_was_read()
    {
        var frame = new EllipsoidHead().Render(EllipsoidHead.Orbit(0), noise: 0.002);
        var clean = FramePointCloud.FromFrame(frame);
        // One in some fifty pixels of the face stands off by a centimetre: no edge, which is larger, and thirty times the noise.
        var depths = (float[])frame.Depth.Depths.Clone();
        var spikes = new HashSet<int>();
        for (var row = 3; row < clean.Height - 3; row += 7)
        for (var column = 3; column < clean.Width - 3; column += 7)
        {
            var i = (clean.Top + row) * 320 + clean.Left + column;
            if (clean.Z[row * clean.Width + column] <= 0 || clean.NormalZ[row * clean.Width + column] > -0.7)
                continue;
            depths[i] += spikes.Count % 2 == 0 ? 0.01f : -0.01f;
            spikes.Add(i);
        }
        var cloud = FramePointCloud.FromFrame(new RgbdFrame(0, 0, frame.Intrinsics, frame.Color, new DepthImage(320, 240, depths)));
        Assert.True(spikes.Count > 60);
        for (var row = 0; row < cloud.Height; row++)
        for (var column = 0; column < cloud.Width; column++)
        {
            var (z, i) = (cloud.Z[row * cloud.Width + column], (cloud.Top + row) * 320 + cloud.Left + column);
            Assert.True(z == 0 || z == depths[i], $"pixel {column}, {row} has {z} for {depths[i]}");
            Assert.False(z > 0 && spikes.Contains(i), $"the spike at {column}, {row} was kept");
        }
        Assert.InRange(cloud.Count, clean.Count - 1.1 * spikes.Count, clean.Count - 0.85 * spikes.Count);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1.2, 0)]
    [InlineData(-0.8, Math.PI / 2)]
    [InlineData(0.4, Math.PI)]
    public void The_head_is_found_any_way_up_and_without_the_shoulders(double yaw, double roll)
    {
        var pose = EllipsoidHead.Orbit(yaw, roll: roll);
        var cloud = FramePointCloud.FromFrame(new EllipsoidHead().Render(pose));
        var center = pose.TransformPoint(cloud.Head!.Value.Center);
        Assert.True(center.Length < 0.035, $"centre is off by {center.Length * 1000:0} mm");
        for (var row = 0; row < cloud.Height; row++)
        for (var column = 0; column < cloud.Width; column++)
            if (cloud.GetPoint(column, row) is { } point)
                Assert.True(pose.TransformPoint(point).Y > -0.2, "a point of the chest was kept");
    }

    [Fact]
    public void A_wall_is_no_head()
    {
        var frame = new EllipsoidHead(shoulders: false, head: false, wall: 0.5).Render(EllipsoidHead.Orbit(0), index: 7);
        var error = Assert.Throws<FaceReconException>(() => FramePointCloud.FromFrame(frame));
        Assert.Equal(ErrorId.HeadNotFound, error.ErrorId);
        Assert.Equal(7, error.FrameIndex);
        Assert.Contains("Frame 7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Slanted_surfaces_are_placed_better_by_an_axial_error_than_frontal_ones()
    {
        var frontal = DepthNoise.VarianceAlongNormal(0.0005, 1);
        var slanted = DepthNoise.VarianceAlongNormal(0.0005, 0.5);
        // (1 + 0.1) and (0.25 + 0.1) times (0.5 mm)^2 + (1.5 mm)^2.
        Assert.Equal(1.1 * 2.5e-6, frontal, 12);
        Assert.Equal(0.35 * 2.5e-6, slanted, 12);
    }
}
