namespace FaceRecon.Tests;

/// <summary>A small synthetic capture, merged once for all tests.</summary>
public sealed class MergedCapture : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public MergedCapture()
    {
        SyntheticRgbdVideo.Write(_folder.Path, new SyntheticCaptureOptions { Frames = 24, Width = 320, Height = 240, Seed = 31, NoiseScale = 1.5 }, force: true);
        Truth = GroundTruth.Load(_folder.Path);
        Face = Merge(1);
    }

    public GroundTruth Truth { get; }
    public FaceCloud Face { get; }

    /// <summary>Merges the capture as if its camera had stated another focal length.</summary>
    public FaceCloud Merge(double focalScale)
    {
        using var detector = new FaceKeypointDetector();
        var merger = new CloudMerger();
        foreach (var frame in RgbdVideo.Open(_folder.Path).ReadFrames(FrameSelection.All, _ => { }))
        {
            var camera = frame.Intrinsics with { Fx = focalScale * frame.Intrinsics.Fx, Fy = focalScale * frame.Intrinsics.Fy };
            merger.Add(detector.Detect(FramePointCloud.FromFrame(new RgbdFrame(frame.Index, frame.Timestamp, camera, frame.Color, frame.Depth, frame.ColorPath, frame.DepthPath))));
        }
        return merger.Complete();
    }

    public void Dispose() => _folder.Dispose();
}

public class FaceOptimizerTests(MergedCapture capture) : IClassFixture<MergedCapture>
{
    [Fact]
    public void The_face_becomes_more_accurate()
    {
        var before = capture.Truth.Score(FaceSurface.Reconstruct(capture.Face.Points));
        var face = FaceOptimizer.Optimize(capture.Face);
        var after = capture.Truth.Score(FaceSurface.Reconstruct(face.Points));
        Assert.True(after.MeanMillimetres < 0.85 * before.MeanMillimetres, $"{before} before, {after} after");
        var report = face.Optimization!;
        Assert.True(report.Converged);
        Assert.Equal(["semantic", "structural", "dense", "prior"], report.Terms.Select(term => term.Name));
        Assert.All(report.Terms.Where(term => term.Name is "semantic" or "structural"), term => Assert.True(term.CostAfter < term.CostBefore && term.Residuals > 500, term.ToString()));
        Assert.InRange(report.DepthErrorMillimetre, 0.4, 3);
        Assert.Equal(SharedModes.Count, report.Observability.Count);
        Assert.All(report.Observability, mode => Assert.InRange(mode.Sigma, 0, mode.Prior));
        // Slopes turn the head against itself and show; the mean is size, which nothing shows for sure.
        Assert.True(report.Observability.Single(mode => mode.Name == "slope_u").Observed > 0.9);
    }

    [Theory]
    [InlineData(0.96)]
    [InlineData(1.03)]
    public void A_wrong_focal_length_is_found(double stated)
    {
        var wrong = capture.Merge(stated);
        var face = FaceOptimizer.Optimize(wrong, new OptimizeOptions { RefineIntrinsics = true });
        Assert.Equal(1, stated * face.Optimization!.FocalScale, 0.012);
        Assert.Equal(face.Optimization.FocalScale, face.DepthCorrection!.FocalScale);
        // The face is as exact as one that needed no calibration.
        var (unknown, known) = (capture.Truth.Score(FaceSurface.Reconstruct(face.Points)), capture.Truth.Score(FaceSurface.Reconstruct(FaceOptimizer.Optimize(wrong).Points)));
        Assert.True(unknown.MeanMillimetres < 0.6 * known.MeanMillimetres, $"{unknown} found, {known} as stated");
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        var options = new OptimizeOptions { Rounds = 1, Patches = 1000, MaximumTracks = 200 };
        var one = FaceOptimizer.Optimize(capture.Face, options with { MaxThreads = 1 });
        var four = FaceOptimizer.Optimize(capture.Face, options with { MaxThreads = 4 });
        Assert.Equal(one.Points.X, four.Points.X);
        Assert.Equal(one.Points.NormalZ, four.Points.NormalZ);
        Assert.Equal(one.Frames.Select(frame => frame.CameraToWorld), four.Frames.Select(frame => frame.CameraToWorld));
        Assert.Equal(one.DepthCorrection!.Controls, four.DepthCorrection!.Controls);
    }

    [Fact]
    public void Every_frame_keeps_a_pose_and_the_given_face_is_unchanged()
    {
        var poses = capture.Face.Frames.Select(frame => frame.CameraToWorld).ToArray();
        var x = (float[])capture.Face.Points.X.Clone();
        var face = FaceOptimizer.Optimize(capture.Face, new OptimizeOptions { Rounds = 1, Patches = 500, MaximumTracks = 100 });
        Assert.Equal(poses.Length, face.AcceptedCount);
        Assert.Equal(poses, capture.Face.Frames.Select(frame => frame.CameraToWorld));
        Assert.Equal(x, capture.Face.Points.X);
        Assert.True(face.Frames[0].CameraToWorld.Translation.Length < 1e-9);
    }

    [Fact]
    public void Structural_keypoints_are_found_again_where_they_are()
    {
        var frames = capture.Face.Keyframes;
        var poses = frames.Select(frame => frame.Pose).ToArray();
        var anchors = SurfaceTracks.ChooseAnchors(frames, poses, 150);
        var tracks = SurfaceTracks.Follow(capture.Face.Points, frames, poses, anchors, 2, default);
        Assert.True(tracks.Count > 80, $"{tracks.Count} tracks");
        // Two frames apart, the true poses and the depth of one say where the other shows it; the depth is wrong by a millimetre or two, which two frames hardly see.
        var errors = new List<double>();
        foreach (var track in tracks)
            for (var i = 1; i < track.Length; i++)
            {
                if (track[i].Frame != track[i - 1].Frame + 1)
                    continue;
                var (from, to) = (frames[track[i - 1].Frame], frames[track[i].Frame]);
                var z = from.DepthAt((float)track[i - 1].Pixel.U, (float)track[i - 1].Pixel.V, out _);
                var world = capture.Truth.Trajectory[from.Index].CameraToWorld.TransformPoint(from.Camera.BackProject(track[i - 1].Pixel.U, track[i - 1].Pixel.V, z));
                var (u, v) = to.Camera.Project(capture.Truth.Trajectory[to.Index].CameraToWorld.Inverse().TransformPoint(world));
                errors.Add(Math.Sqrt((u - track[i].Pixel.U) * (u - track[i].Pixel.U) + (v - track[i].Pixel.V) * (v - track[i].Pixel.V)));
            }
        errors.Sort();
        Assert.True(errors.Count > 500 && errors[errors.Count / 2] < 0.3 && errors[errors.Count * 9 / 10] < 1, $"{errors.Count}: median {errors[errors.Count / 2]}, 90 % {errors[errors.Count * 9 / 10]}");
    }

    [Fact]
    public void Weights_the_wrong_way_round_are_allowed_with_a_warning()
    {
        var face = FaceOptimizer.Optimize(capture.Face, new OptimizeOptions { StructuralWeight = 2, Rounds = 1, Patches = 500, MaximumTracks = 60 });
        Assert.Contains(face.Optimization!.Warnings, warning => warning.Contains("structural weight 2 is larger"));
    }

    [Fact]
    public void A_head_that_hardly_turns_leaves_the_depth_alone_and_says_so()
    {
        var some = capture.Face.Keyframes.Take(3).ToArray();
        var face = new FaceCloud(capture.Face.Points, [.. capture.Face.Frames.Take(3)], some, capture.Face.HeadCenter, capture.Face.Up);
        var result = FaceOptimizer.Optimize(face, new OptimizeOptions { Patches = 500 });
        Assert.Contains(result.Optimization!.Warnings, warning => warning.Contains("left as measured"));
        Assert.True(result.Optimization.DepthErrorMillimetre < 1e-3);
        Assert.Equal(0, result.DepthCorrection!.Shared(160, 120), 1e-6);
    }

    [Fact]
    public void Without_keypoints_the_surfaces_alone_are_compared()
    {
        var face = FaceOptimizer.Optimize(capture.Face, new OptimizeOptions { SemanticWeight = 0, StructuralWeight = 0, Rounds = 1, Patches = 500 });
        Assert.Equal(["dense", "prior"], face.Optimization!.Terms.Select(term => term.Name));
    }

    [Fact]
    public void With_no_dense_weight_the_loss_is_that_of_the_keypoints()
    {
        var face = FaceOptimizer.Optimize(capture.Face, new OptimizeOptions { DenseWeight = 0, Rounds = 1, Pairing = KeypointPairing.Adjacent, MaximumTracks = 100 });
        Assert.Equal(["semantic", "structural", "prior"], face.Optimization!.Terms.Select(term => term.Name));
    }

    [Theory]
    [InlineData(-1, 1, 1)]
    [InlineData(0, 0, 0)]
    public void Weights_that_make_no_loss_are_refused(double semantic, double structural, double dense)
    {
        var error = Assert.Throws<FaceReconException>(() => FaceOptimizer.Optimize(
            capture.Face, new OptimizeOptions { SemanticWeight = semantic, StructuralWeight = structural, DenseWeight = dense }));
        Assert.Equal(ErrorId.InvalidOption, error.ErrorId);
    }
}
