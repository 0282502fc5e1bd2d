using FaceRecon.ModelConverter;

namespace FaceRecon.Tests;

public sealed class StructuralKeypointTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    // A median of 80 matches, tracks over 4 frames, and the share within the bound are what is asked for.
    [InlineData("synthetic-a", 1.5, 0.85)]
    [InlineData("synthetic-b", 2.5, 0.75)]
    public void Adjacent_frames_match_where_the_truth_has_it(string name, double bound, double share)
    {
        var capture = KeypointTestData.Capture(name);
        Skip.If(capture is null, KeypointTestData.NoCaptures);
        var poses = KeypointTestData.TruePoses(capture);
        var clouds = Enumerable.Range(0, poses.Length).Select(i => FramePointCloud.FromFrame(KeypointTestData.Frame(capture, i))).ToArray();
        var truth = new KeypointTruth(MeshFile.Read(Path.Combine(capture, "groundtruth", "mesh.ply")), clouds[0].Intrinsics, poses);
        var score = KeypointScore.Of(clouds, truth, new FaceKeypointOptions(), every: 6, repetitions: 1);
        Assert.InRange(score.MedianMatches, 80, 400);
        Assert.InRange(bound == 1.5 ? score.Within15 : score.Within25, share, 1);
        Assert.InRange(score.MedianTrack, 4, poses.Length);
    }

    [SkippableFact]
    public void Eyes_lips_neck_and_outline_have_none()
    {
        var capture = KeypointTestData.Capture("synthetic-b");
        Skip.If(capture is null, KeypointTestData.NoCaptures);
        using var detector = new FaceKeypointDetector();
        var cloud = FramePointCloud.FromFrame(KeypointTestData.Frame(capture, 30));
        var set = detector.Detect(cloud).Keypoints!;
        Assert.InRange(set.Structural.Count, 200, 400);
        var camera = cloud.Intrinsics;
        foreach (var center in (string[])["RightUpperLid4", "LeftLowerLid4", "UpperLipInnerMiddle", "LowerLipBottom", "RightMouthCorner"])
            Assert.All(set.Structural, keypoint => Assert.True(Math.Abs(keypoint.U - set[center]!.U) + Math.Abs(keypoint.V - set[center]!.V) > 4, center));
        Assert.All(set.Structural, keypoint => Assert.True(keypoint.V < set["Menton"]!.V + 4, $"{keypoint}"));
        foreach (var keypoint in set.Structural)
            // 4 mm around each the depth as read goes on: no background.
            for (var d = -5; d <= 5; d++)
                if (cloud.Frame.Depth.Depths[(int)Math.Round(keypoint.V) * camera.Width + (int)Math.Round(keypoint.U) + d] is var z and > 0)
                    Assert.InRange(z, keypoint.Position!.Value.Z - 0.05, keypoint.Position.Value.Z + 0.05);
    }

    [SkippableFact]
    public void A_real_phone_video_has_matches_too()
    {
        var capture = KeypointTestData.Capture("truedepth-mannequin");
        Skip.If(capture is null, KeypointTestData.NoCaptures);
        using var detector = new FaceKeypointDetector();
        var sets = Enumerable.Range(40, 6).Select(i => detector.Detect(FramePointCloud.FromFrame(KeypointTestData.Frame(capture, i))).Keypoints!).ToArray();
        for (var i = 1; i < sets.Length; i++)
            Assert.InRange(StructuralMatcher.Match(sets[i - 1], sets[i]).Count, 30, 400);
    }

    [Fact]
    public void Only_places_that_turn_are_kept_and_each_lies_on_the_surface()
    {
        var pose = CorrugatedSheet.View(0.1, 0.2);
        var set = CorrugatedSheet.Keypoints(pose, options: new FaceKeypointOptions { MaximumStructural = 2000 });
        Assert.InRange(set.Structural.Count, 60, 2000);
        Assert.All(set.Structural, keypoint =>
        {
            Assert.InRange(keypoint.Turn, 12 * Math.PI / 180, Math.PI);
            Assert.InRange((pose.TransformPoint(keypoint.Position!.Value) - CorrugatedSheet.PointAt(pose, keypoint.U, keypoint.V)).Length, 0, 0.0004);
            Assert.InRange(keypoint.Covariance.StandardDistance, 0.001, 0.01);
            Assert.Equal(1, keypoint.Descriptor.ToArray().Sum(value => (double)value * value), 1e-5);
        });
        // On a crest or in a trough, not on the straight flanks between.
        var flanks = set.Structural.Count(keypoint => Math.Abs(Math.Cos(2 * Math.PI * pose.TransformPoint(keypoint.Position!.Value).X / CorrugatedSheet.Wavelength)) < 0.2);
        Assert.InRange(flanks, 0, set.Structural.Count / 20);
        var sharp = CorrugatedSheet.Keypoints(pose, options: new FaceKeypointOptions { MinimumAngle = 45 * Math.PI / 180, MaximumStructural = 2000 });
        Assert.InRange(sharp.Structural.Count, 1, set.Structural.Count - 20);
        Assert.All(sharp.Structural, keypoint => Assert.InRange(keypoint.Turn, 45 * Math.PI / 180, Math.PI));
    }

    [Fact]
    public void Most_is_most_and_the_strongest_come_first()
    {
        var set = CorrugatedSheet.Keypoints(CorrugatedSheet.View(0, 0), options: new FaceKeypointOptions { MaximumStructural = 25 });
        // One at the image's rim has no patch.
        Assert.InRange(set.Structural.Count, 15, 25);
        for (var i = 1; i < set.Structural.Count; i++)
            Assert.InRange(set.Structural[i].Strength, 0, set.Structural[i - 1].Strength);
    }

    [Fact]
    public void Without_texture_without_depth_or_unasked_there_are_none()
    {
        using var detector = new FaceKeypointDetector(new FaceKeypointOptions { Semantic = false });
        Assert.Empty(detector.Detect(CorrugatedSheet.Cloud(CorrugatedSheet.View(0, 0), plain: true)).Keypoints!.Structural);
        Assert.Empty(detector.Detect(CorrugatedSheet.Frame(CorrugatedSheet.View(0, 0))).Structural);
        using var off = new FaceKeypointDetector(new FaceKeypointOptions { Semantic = false, Structural = false });
        Assert.Empty(off.Detect(CorrugatedSheet.Cloud(CorrugatedSheet.View(0, 0))).Keypoints!.Structural);
        Assert.Equal(KeypointScheme.None, off.Scheme);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 40)]
    [InlineData(2600, 1900)]
    public void Frames_of_any_size_are_taken(int width, int height)
    {
        var (pixels, depths) = (new byte[3 * width * height], new float[width * height]);
        new Random(5).NextBytes(pixels);
        for (var i = 0; i < depths.Length; i++)
            depths[i] = 0.4f + 0.004f * MathF.Cos(i % width / (0.016f * width));
        var camera = new CameraIntrinsics(width, height, 1.4 * width, 1.4 * width, width / 2.0, height / 2.0);
        var frame = new RgbdFrame(0, 0, camera, new ColorImage(width, height, pixels), new DepthImage(width, height, depths));
        var cloud = FramePointCloud.FromFrame(frame, new PointCloudOptions { HeadOnly = false });
        using var detector = new FaceKeypointDetector(new FaceKeypointOptions { Semantic = false });
        var keypoints = detector.Detect(cloud).Keypoints!.Structural;
        Assert.InRange(keypoints.Count, width > 1000 ? 200 : 0, 400);
        Assert.All(keypoints, keypoint => Assert.True(keypoint.U >= 0 && keypoint.V >= 0 && keypoint.U < width && keypoint.V < height));
    }

    [Fact]
    public void The_same_frame_gives_the_same_keypoints()
    {
        var cloud = CorrugatedSheet.Cloud(CorrugatedSheet.View(0.1, -0.2));
        using var detector = new FaceKeypointDetector(new FaceKeypointOptions { Semantic = false });
        var (one, two) = (detector.Detect(cloud).Keypoints!.Structural, detector.Detect(cloud).Keypoints!.Structural);
        Assert.Equal(one.Select(keypoint => (keypoint.U, keypoint.V, keypoint.Turn)), two.Select(keypoint => (keypoint.U, keypoint.V, keypoint.Turn)));
        Assert.Equal(one.SelectMany(keypoint => keypoint.Descriptor.ToArray()), two.SelectMany(keypoint => keypoint.Descriptor.ToArray()));
    }

    [SkippableTheory]
    [InlineData("xfeat.onnx", 64)]
    [InlineData("alike_t.onnx", 64)]
    public void A_network_passes_through_the_same_gate(string name, int length)
    {
        var data = KeypointTestData.Capture("synthetic-a");
        Skip.If(data is null, KeypointTestData.NoCaptures);
        var path = Path.Combine(data, "..", "..", "models", name);
        Skip.IfNot(File.Exists(path), "The networks of ../shared/models are not beside this checkout.");
        using var detector = new FaceKeypointDetector(new FaceKeypointOptions { StructuralModel = path });
        var (one, two) = (detector.Detect(FramePointCloud.FromFrame(KeypointTestData.Frame(data, 28))).Keypoints!, detector.Detect(FramePointCloud.FromFrame(KeypointTestData.Frame(data, 29))).Keypoints!);
        Assert.All(one.Structural, keypoint => Assert.True(keypoint.Descriptor.Length == length && keypoint.Turn >= 12 * Math.PI / 180));
        Assert.InRange(StructuralMatcher.Match(one, two).Count, 80, 400);
    }

    [Fact]
    public void A_network_of_SuperPoints_shape_finds_the_pixels_that_it_scores()
    {
        // Each of 64 channels is one pixel of its cell, so that the brightest pixels win; descriptors are the cells' first 16 rows of weights.
        var weights = new float[65 * 64];
        for (var k = 0; k < 64; k++)
            weights[k * 64 + k] = 12;
        var bias = new float[65];
        bias[64] = 8;
        var describing = new float[256 * 64];
        for (var k = 0; k < describing.Length; k++)
            describing[k] = MathF.Sin(k * 1.7f);
        var graph = new OnnxGraph("superpoint");
        graph.Input("image", [1, 1, 192, 256]);
        graph.Constant("w", [65, 1, 8, 8], weights);
        graph.Constant("b", [65], bias);
        graph.Constant("d", [256, 1, 8, 8], describing);
        graph.Node("Conv", ["image", "w", "b"], "semi", ("kernel_shape", (int[])[8, 8]), ("strides", (int[])[8, 8]));
        graph.Node("Conv", ["image", "d"], "desc", ("kernel_shape", (int[])[8, 8]), ("strides", (int[])[8, 8]));
        graph.Output("semi", [1, 65, 24, 32]);
        graph.Output("desc", [1, 256, 24, 32]);
        var pose = CorrugatedSheet.View(0, 0);
        var set = CorrugatedSheet.Keypoints(pose, options: new FaceKeypointOptions { StructuralModel = _folder.Write("superpoint.onnx", graph.ToBytes()) });
        Assert.InRange(set.Structural.Count, 20, 400);
        var color = CorrugatedSheet.Frame(pose).Color;
        Assert.All(set.Structural.Take(100), keypoint =>
        {
            Assert.Equal(256, keypoint.Descriptor.Length);
            Assert.True(color.Pixels[3 * ((int)Math.Round(keypoint.V) * color.Width + (int)Math.Round(keypoint.U))] > 140);
        });
    }

    [Fact]
    public void A_network_that_finds_no_points_or_is_none_is_one_clear_error()
    {
        var graph = new OnnxGraph("other");
        graph.Input("image", [1, 1, 64, 64]);
        graph.Node("Relu", ["image"], "out");
        graph.Output("out", [1, 1, 64, 64]);
        foreach (var bytes in (byte[][])[graph.ToBytes(), "no model at all"u8.ToArray(), [], graph.ToBytes()[..40]])
        {
            var path = _folder.Write("hostile.onnx", bytes);
            var error = Assert.Throws<FaceReconException>(() => new FaceKeypointDetector(new FaceKeypointOptions { Semantic = false, StructuralModel = path }));
            Assert.Equal(ErrorId.ModelInvalid, error.ErrorId);
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
        }
        var missing = Path.Combine(_folder.Path, "none.onnx");
        Assert.Equal(ErrorId.ModelNotFound, Assert.Throws<FaceReconException>(() => new FaceKeypointDetector(new FaceKeypointOptions { StructuralModel = missing })).ErrorId);
    }
}
