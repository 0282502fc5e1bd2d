namespace FaceRecon;

/// <summary>
/// Finds a frame's pose by registering it to the model from one start after the other until one will do: where it is said to
/// be beforehand, or where the motion so far leads; then, where that fails or its landmarks contradict, where its landmarks
/// are in the world and in the frame before; from rest; from the views of kept frames.
/// </summary>
internal sealed class PoseSearch(MergeOptions options)
{
    // Landmarks scatter by 3 to 5 mm; a face that is upside down or off by 20 degrees puts most of them further away.
    private const double MostMisfit = 0.012;
    // A match as good as this ends the search.
    private const double GoodInlierRatio = 0.6;
    private const int MostViews = 8;

    private readonly ProjectiveIcp _icp = new(options.Icp);
    private readonly InitialTrajectory? _initial = options.InitialPoses is { } poses ? new InitialTrajectory(poses) : null;
    private readonly LandmarkMap _landmarks = new();
    private LandmarkMap _lastLandmarks = new();
    private RigidTransform _last = RigidTransform.Identity;
    private RigidTransform _motion = RigidTransform.Identity;
    private double _lastTimestamp;

    /// <summary>The pose of a frame in the model.</summary>
    public IcpResult Find(Keyframe frame, RegistrationModel model, IReadOnlyList<Keyframe> kept, CancellationToken cancellation)
    {
        var best = default(IcpResult);
        var bestRank = double.NegativeInfinity;
        foreach (var start in Starts(frame, model, kept))
        {
            var result = _icp.Register(frame, model.Points, start, 0, cancellation, model.Luminance);
            var misfit = _landmarks.Misfit(frame.Keypoints, result.Pose) > MostMisfit;
            var fits = Failure(result) is null;
            // The first start is where the frame is expected: it need only do.
            if (fits && !misfit && (double.IsNegativeInfinity(bestRank) || result.InlierRatio > GoodInlierRatio))
                return result;
            var rank = (fits ? 4 : 0) + (misfit ? 0 : 2) + result.InlierRatio / (1 + result.ResidualRms / options.MaximumResidual);
            if (rank > bestRank)
                (best, bestRank) = (result, rank);
        }
        return best;
    }

    /// <summary>Registers a frame of which the pose is about known.</summary>
    public IcpResult Refine(Keyframe frame, RegistrationModel model, RigidTransform pose, CancellationToken cancellation) =>
        _icp.Register(frame, model.Points, pose, options.Icp.Levels.Count - 1, cancellation, model.Luminance);

    /// <summary>Why a registration is no pose; null where it is one.</summary>
    public string? Failure(IcpResult result)
    {
        if (double.IsInfinity(result.ResidualRms))
            return "lost: no overlap with the model; move more slowly";
        if (result.InlierRatio < options.MinimumInlierRatio)
            return FormattableString.Invariant($"lost: only {result.InlierRatio:P0} of the model matched (least {options.MinimumInlierRatio:P0})");
        if (result.ResidualRms > options.MaximumResidual)
            return FormattableString.Invariant($"does not fit: {result.ResidualRms * 1000:0.0} mm from the model (most {options.MaximumResidual * 1000:0.0} mm)");
        return null;
    }

    /// <summary>Takes a frame whose pose is sure: the next is expected where the motion from the one before leads, and its landmarks are known.</summary>
    public void Accept(Keyframe frame, RigidTransform pose)
    {
        Follow(frame, pose);
        _landmarks.Add(frame.Keypoints, pose);
        _lastLandmarks = new LandmarkMap();
        _lastLandmarks.Add(frame.Keypoints, pose);
    }

    /// <summary>Takes a frame whose pose will do to expect the next from, but not to learn from.</summary>
    public void Follow(Keyframe frame, RigidTransform pose)
    {
        _motion = _last.Inverse() * pose;
        (_last, _lastTimestamp) = (pose, frame.Timestamp);
    }

    /// <summary>The frame is lost: the next is expected where the last was found.</summary>
    public void Lose() => _motion = RigidTransform.Identity;

    private IEnumerable<RigidTransform> Starts(Keyframe frame, RegistrationModel model, IReadOnlyList<Keyframe> kept)
    {
        if (_initial?.Predict(frame.Timestamp, _lastTimestamp, _last) is { } given)
            yield return given;
        yield return _last * _motion;
        if (_landmarks.Locate(frame.Keypoints) is { } located)
            yield return located;
        if (_lastLandmarks.Locate(frame.Keypoints) is { } beside)
            yield return beside;
        // The same direction of view, the head brought to where the head is.
        RigidTransform FromView(RigidTransform view) =>
            RigidTransform.FromTranslation(model.HeadCenter - view.TransformPoint(frame.HeadCenter)) * view;
        yield return FromView(_last);
        for (var i = 0; i < kept.Count; i += Math.Max(1, kept.Count / MostViews))
            yield return FromView(kept[i].Pose);
    }
}

/// <summary>What frames are registered to.</summary>
/// <param name="Points">The surface so far, world.</param>
/// <param name="Luminance">Its luminance; null where the method takes none.</param>
/// <param name="HeadCenter">Centre of the head, world, metres.</param>
internal sealed record RegistrationModel(PointCloud Points, ModelLuminance? Luminance, Vector3d HeadCenter);
