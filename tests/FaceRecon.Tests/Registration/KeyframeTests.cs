namespace FaceRecon.Tests;

public class KeyframeTests
{
    [Fact]
    public void Colour_is_trusted_beside_a_small_gap_in_the_depth_and_not_at_the_outline()
    {
        // A plate of 100 x 80 pixels with a gap of 4 x 4 (a pupil) in the middle, nothing around it.
        var camera = EllipsoidHead.Camera;
        var depths = new float[camera.Width * camera.Height];
        for (var v = 60; v < 140; v++)
            depths.AsSpan(v * camera.Width + 80, 100).Fill(0.5f);
        for (var v = 98; v < 102; v++)
            depths.AsSpan(v * camera.Width + 128, 4).Clear();
        var frame = new RgbdFrame(0, 0, camera, new ColorImage(320, 240, new byte[3 * depths.Length]), new DepthImage(320, 240, depths));
        var keyframe = new Keyframe(FramePointCloud.FromFrame(frame, new PointCloudOptions { HeadOnly = false, RemoveFlyingPixels = false }));
        float Trust(int u, int v) => keyframe.ColorTrust[(v - keyframe.Top) * keyframe.Width + u - keyframe.Left];
        Assert.Equal(1, Trust(110, 80));
        Assert.Equal(1, Trust(127, 100));
        Assert.True(Trust(80, 100) < 0.001f);
        Assert.True(Trust(130, 61) < 0.01f);
        Assert.True(Trust(83, 100) < Trust(86, 100));
    }

    [Fact]
    public void Depth_is_interpolated_on_a_surface_and_never_across_a_step()
    {
        var camera = EllipsoidHead.Camera;
        var depths = new float[camera.Width * camera.Height];
        for (var v = 0; v < camera.Height; v++)
        for (var u = 0; u < camera.Width; u++)
            depths[v * camera.Width + u] = u < 160 ? 0.4f + 0.0002f * u : 0.6f;
        var frame = new RgbdFrame(0, 0, camera, new ColorImage(320, 240, new byte[3 * depths.Length]), new DepthImage(320, 240, depths));
        var keyframe = new Keyframe(FramePointCloud.FromFrame(frame, new PointCloudOptions { HeadOnly = false, RemoveFlyingPixels = false }));
        Assert.Equal(0.4f + 0.0002f * 100.25f, keyframe.DepthAt(100.25f, 50.5f, out _), 6);
        Assert.Equal(depths[159], keyframe.DepthAt(159.4f, 50, out _), 6);
        Assert.Equal(0.6f, keyframe.DepthAt(159.6f, 50, out _), 6);
        Assert.Equal(0, keyframe.DepthAt(-1, 50, out var nearest));
        Assert.Equal(-1, nearest);
    }
}
