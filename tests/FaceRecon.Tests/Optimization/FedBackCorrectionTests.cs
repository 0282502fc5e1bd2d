namespace FaceRecon.Tests;

/// <summary>A correction that one capture gave, used for the frames of another.</summary>
public class FedBackCorrectionTests
{
    private static readonly RgbdFrame Exact = new EllipsoidHead().Render(EllipsoidHead.Orbit(0.3), index: 4);
    private static readonly DepthCorrection Correction = SomeCorrection.Make(320, 240, frames: new FrameDepthCorrection(4, 0.01, 0.2, 0.3));

    // What the sensor reads if the correction is right: every seventh pixel nothing at all.
    private static RgbdFrame Wrong()
    {
        var depths = (float[])Exact.Depth.Depths.Clone();
        for (var i = 0; i < depths.Length; i++)
            depths[i] = i % 7 == 0 ? 0 : (float)(depths[i] - Correction.Shared(i % 320, i / 320));
        return new RgbdFrame(4, Exact.Timestamp, Exact.Intrinsics, Exact.Color, new DepthImage(320, 240, depths));
    }

    [Fact]
    public void A_known_error_is_removed()
    {
        var raw = new PointCloudOptions();
        var before = Error(FramePointCloud.FromFrame(Wrong(), raw));
        var after = Error(FramePointCloud.FromFrame(Wrong(), raw with { DepthCorrection = Correction }));
        Assert.True(before > 0.001, $"the error was {1000 * before:0.000} mm at most");
        Assert.True(after < 0.00005, $"{1000 * after:0.000} mm of the error are left");
    }

    [Fact]
    public void Smoothed_clouds_are_those_of_a_sensor_without_error()
    {
        var depths = (float[])Exact.Depth.Depths.Clone();
        for (var i = 0; i < depths.Length; i += 7)
            depths[i] = 0;
        var ideal = FramePointCloud.FromFrame(new RgbdFrame(4, 0, Exact.Intrinsics, Exact.Color, new DepthImage(320, 240, depths)));
        var corrected = FramePointCloud.FromFrame(Wrong(), new PointCloudOptions { DepthCorrection = Correction });
        var compared = 0;
        for (var row = 0; row < corrected.Height; row++)
        for (var column = 0; column < corrected.Width; column++)
        {
            var (x, y) = (corrected.Left + column - ideal.Left, corrected.Top + row - ideal.Top);
            if (x < 0 || y < 0 || x >= ideal.Width || y >= ideal.Height)
                continue;
            float z = corrected.Z[row * corrected.Width + column], expected = ideal.Z[y * ideal.Width + x];
            if (z <= 0 || expected <= 0)
                continue;
            Assert.InRange(Math.Abs(z - expected), 0, 0.00005);
            compared++;
        }
        Assert.InRange(compared, 0.98 * ideal.Count, ideal.Count);
    }

    [Theory]
    [InlineData(320, 240)]
    [InlineData(97, 61)]
    [InlineData(1, 1)]
    public void The_map_of_all_pixels_is_what_single_ones_get(int width, int height)
    {
        var correction = SomeCorrection.Make(width, height);
        for (int v = 0, i = 0; v < height; v++)
        for (var u = 0; u < width; u++, i++)
            Assert.Equal(correction.Shared(u, v), correction.SharedMap[i], 1e-8);
    }

    [Fact]
    public void No_depth_stays_no_depth()
    {
        // A correction of a metre, as no sensor needs, must not make points of nothing.
        var grid = new SplineGrid(new ImageBox(0, 0, 320, 240), 1, 1);
        var metre = new DepthCorrection(320, 240, grid, [.. Enumerable.Repeat(1.0, grid.Count)], 1, []);
        var options = new PointCloudOptions { HeadOnly = false, RemoveFlyingPixels = false, MinimumDepth = 0.01, MaximumDepth = 3, DepthCorrection = metre };
        var frame = Wrong();
        var cloud = FramePointCloud.FromFrame(frame, options);
        Assert.Equal(frame.Depth.Depths.Count(z => z > 0), cloud.Count);
        Assert.True(cloud.Z.Where(z => z > 0).Min() > 1.2f);
    }

    [Fact]
    public void The_focal_length_is_corrected_too()
    {
        var longer = new DepthCorrection(320, 240, Correction.Grid, Correction.Controls, 1.04, []);
        var cloud = FramePointCloud.FromFrame(Wrong(), new PointCloudOptions { DepthCorrection = longer });
        Assert.Equal(1.04 * 290, cloud.Intrinsics.Fx, 9);
        Assert.Equal(1.04 * 290, cloud.Intrinsics.Fy, 9);
        Assert.Equal(159.5, cloud.Intrinsics.Cx);
        Assert.Same(cloud.Intrinsics, cloud.Frame.Intrinsics);
        var (row, column) = (cloud.Height / 2, cloud.Width / 3);
        var point = cloud.GetPoint(column, row)!.Value;
        Assert.Equal((cloud.Left + column - 159.5) * point.Z / (1.04 * 290), point.X, 9);
        Assert.Equal(290, FramePointCloud.FromFrame(Wrong(), new PointCloudOptions { DepthCorrection = Correction }).Intrinsics.Fx);
    }

    [Fact]
    public void A_frame_keeps_its_keypoints()
    {
        var longer = new DepthCorrection(320, 240, Correction.Grid, Correction.Controls, 1.04, []);
        var keypoints = new KeypointSet { FrameIndex = 4, Scheme = KeypointScheme.None };
        Assert.Same(keypoints, FramePointCloud.FromFrame(Exact.WithKeypoints(keypoints), new PointCloudOptions { DepthCorrection = longer }).Frame.Keypoints);
    }

    [Theory]
    [InlineData(640, 480)]
    [InlineData(240, 320)]
    public void A_correction_for_another_image_is_refused(int width, int height)
    {
        var other = SomeCorrection.Make(width, height);
        var error = Assert.Throws<FaceReconException>(() => FramePointCloud.FromFrame(Exact, new PointCloudOptions { DepthCorrection = other }));
        Assert.Equal(ErrorId.DepthCorrectionInvalid, error.ErrorId);
        Assert.Equal(4, error.FrameIndex);
        Assert.Contains($"{width}x{height}", error.Message, StringComparison.Ordinal);
    }

    // The largest distance along the rays from the exact depth.
    private static double Error(FramePointCloud cloud)
    {
        var largest = 0.0;
        for (var row = 0; row < cloud.Height; row++)
        for (var column = 0; column < cloud.Width; column++)
        {
            var z = cloud.Z[row * cloud.Width + column];
            if (z > 0)
                largest = Math.Max(largest, Math.Abs(z - Exact.Depth.Depths[(cloud.Top + row) * 320 + cloud.Left + column]));
        }
        return largest;
    }
}
