namespace FaceRecon;

/// <summary>
/// The joint optimisation: poses and depth corrections such that keypoints seen in several frames, and the surfaces of
/// overlapping frames, agree; then the cloud is merged anew from the corrected frames.
/// </summary>
public static class FaceOptimizer
{
    /// <summary>Optimises a merged face.</summary>
    /// <param name="face">The face, from <see cref="CloudMerger"/>.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>A new face: corrected cloud, poses, the correction itself and a report. The given one is unchanged.</returns>
    /// <exception cref="FaceReconException"><see cref="ErrorId.InvalidOption"/>; <see cref="ErrorId.TooFewFrames"/>: fewer than two keyframes.</exception>
    public static FaceCloud Optimize(FaceCloud face, OptimizeOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(face);
        options ??= new OptimizeOptions();
        options.Validate();
        if (face.Keyframes.Count < 2)
            throw new FaceReconException(ErrorId.TooFewFrames, $"The face has {face.Keyframes.Count} keyframe(s); poses and depth can only be optimised between at least two that see the face from different sides.");
        var focalScale = 1.0;
        if (options.RefineIntrinsics)
            (face, focalScale) = FocalCalibration.Run(face, options, cancellation);
        var (state, report) = Estimate(face, options, cancellation);
        var corrected = CorrectedKeyframe.MakeAll(face.Keyframes, state, options.MaxThreads, cancellation);
        var field = DistanceFieldIntegration.Fuse(corrected, face.HeadCenter, options.VoxelSize, options.Truncation, colored: false, options.MaxThreads, cancellation);
        var points = field.ExtractPoints(CloudMerger.LeastWeight, options.MaxThreads, cancellation);
        return new FaceCloud(points, CarriedAlong(face, corrected), corrected, face.HeadCenter, face.Up)
        {
            DepthCorrection = Correction(face.Keyframes, state, focalScale),
            Optimization = report with { FocalScale = focalScale },
            Capture = face.Capture,
            MaxThreads = options.MaxThreads,
            VoxelSize = options.VoxelSize,
            Truncation = options.Truncation,
        };
    }

    // Coarse before fine: splines of single frames are many unknowns and change little, so they join for the last round.
    private static (JointState State, OptimizationReport Report) Estimate(FaceCloud face, OptimizeOptions options, CancellationToken cancellation)
    {
        var tracks = FaceTracks.Collect(face, options, cancellation);
        if (options.OwnSpans == 0 || options.Rounds == 1)
        {
            var only = new JointEstimate(face, tracks, options);
            var report = only.Run(cancellation);
            return (only.State, report);
        }
        var coarse = new JointEstimate(face, tracks, options with { OwnSpans = 0, Rounds = options.Rounds - 1 });
        var first = coarse.Run(cancellation);
        if (coarse.HoldsDepth)
            return (coarse.State, first);
        var fine = new JointEstimate(face, tracks, options with { Rounds = 1, Convergence = 10 * options.Convergence }, start: coarse.State);
        var last = fine.Run(cancellation);
        return (fine.State, last with
        {
            Iterations = first.Iterations + last.Iterations,
            Terms = [.. last.Terms.Select((term, t) => term with { CostBefore = first.Terms[t].CostBefore })],
        });
    }

    /// <summary>All poses of a face whose keyframes were moved: a frame that is no keyframe keeps its place relative to the keyframe that looks most alike.</summary>
    internal static List<FramePose> CarriedAlong(FaceCloud face, IReadOnlyList<Keyframe> corrected)
    {
        var poses = new List<FramePose>(face.Frames.Count);
        foreach (var frame in face.Frames)
        {
            if (!frame.Accepted)
            {
                poses.Add(frame);
                continue;
            }
            var (nearest, least) = (0, double.MaxValue);
            for (var k = 0; k < corrected.Count && least > 0; k++)
            {
                var angle = face.Keyframes[k].Index == frame.Index ? 0 : 1e-9 + (face.Keyframes[k].Pose.Inverse() * frame.CameraToWorld).RotationAngle;
                if (angle < least)
                    (nearest, least) = (k, angle);
            }
            var relative = face.Keyframes[nearest].Pose.Inverse() * frame.CameraToWorld;
            poses.Add(frame with { CameraToWorld = least == 0 ? corrected[nearest].Pose : (corrected[nearest].Pose * relative).Orthonormalized() });
        }
        return poses;
    }

    private static DepthCorrection Correction(IReadOnlyList<Keyframe> frames, JointState state, double focalScale)
    {
        var camera = frames[0].Camera;
        var own = frames.Select((frame, k) => new FrameDepthCorrection(frame.Index, state.DepthOf(k)[0], state.DepthOf(k)[1], state.Layout.Distances[k])
        {
            Own = state.Layout.OwnGrids is { } grids ? new OwnSpline(grids[k], state.DepthOf(k)[2..].ToArray()) : null,
        });
        return new DepthCorrection(camera.Width, camera.Height, state.Layout.SharedGrid, state.Shared, focalScale, own);
    }
}
