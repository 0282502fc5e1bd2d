namespace FaceRecon;

/// <summary>
/// Merges frames into one face, frame to model: each frame is registered to the model that the
/// frames before it made, then added to it. At the end every kept frame is registered to the model of
/// all of them, round by round, so that early errors do not stay.
/// </summary>
/// <remarks>Not safe for use from several threads at once.</remarks>
public sealed class CloudMerger
{
    private readonly MergeOptions _options;
    private readonly ProjectiveIcp _icp;
    private readonly List<FramePose> _frames = [];
    // For each frame: the keyframe that its pose hangs on, and its pose relative to that one.
    private readonly List<(int Keyframe, RigidTransform Relative)> _anchors = [];
    private readonly List<Keyframe> _keyframes = [];
    private DistanceField? _field;
    private PointCloud? _model;
    private RigidTransform _last = RigidTransform.Identity;
    private RigidTransform _motion = RigidTransform.Identity;
    private int _sinceExtraction;
    private FaceReconException? _firstCause;

    /// <summary>Frames given so far, whatever became of them.</summary>
    public int FrameCount => _frames.Count;

    /// <summary>A merger with no frames.</summary>
    public CloudMerger(MergeOptions? options = null)
    {
        _options = options ?? new MergeOptions();
        _icp = new ProjectiveIcp(_options.Icp);
    }

    /// <summary>Registers a frame and adds it to the model.</summary>
    /// <returns>Its pose, or why it was left out. Poses become final with <see cref="Complete"/>.</returns>
    public FramePose Add(FramePointCloud cloud, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cloud);
        var frame = new Keyframe(cloud);
        var pose = _field is null ? Start(frame, cancellation) : Track(frame, cancellation);
        _frames.Add(pose);
        return pose;
    }

    /// <summary>Notes a frame that could not be read or made into a cloud, so that the result lists every frame.</summary>
    /// <param name="cause">Why; its frame index says which.</param>
    /// <param name="timestamp">Seconds on the capture's clock, where it is known.</param>
    public void Reject(FaceReconException cause, double timestamp = 0)
    {
        ArgumentNullException.ThrowIfNull(cause);
        _firstCause ??= cause;
        _frames.Add(new FramePose(cause.FrameIndex, timestamp, RigidTransform.Identity, cause.Message));
        _anchors.Add((-1, RigidTransform.Identity));
    }

    /// <summary>Refines all poses and merges the final cloud.</summary>
    /// <exception cref="FaceReconException">
    /// <see cref="ErrorId.TooFewFrames"/> with fewer than two frames, <see cref="ErrorId.RegistrationFailed"/>
    /// when fewer than two could be brought into agreement, the first frame's error when none could be used at all.
    /// </exception>
    public FaceCloud Complete(CancellationToken cancellation = default)
    {
        var accepted = _frames.Count(frame => frame.Accepted);
        if (accepted < 2)
            throw NotEnough(accepted);
        for (var round = 0; round < _options.RefinementRounds; round++)
            Refine(cancellation);
        _field = Fuse(_options.VoxelSize, cancellation);
        var points = _field.ExtractPoints(LeastWeight, fillColors: true, _options.MaxThreads, cancellation);
        var frames = FinalPoses();
        var up = HeadUpright.Estimate(points, _field.Center, HeadRadius, frames);
        return new FaceCloud(points, frames, _keyframes, _field.Center, up);
    }

    // What one frame alone saw at an angle is not worth keeping; 1/mm^2.
    internal const float LeastWeight = 0.5f;
    // A little more than what a frame's cloud keeps around its own estimate of the centre.
    private const double HeadRadius = 0.16;

    private FramePose Start(Keyframe frame, CancellationToken cancellation)
    {
        _keyframes.Add(frame);
        _anchors.Add((0, RigidTransform.Identity));
        _field = NewField(_options.RegistrationVoxelSize);
        _field.Integrate(frame, RigidTransform.Identity, _options.MaxThreads, cancellation);
        return new FramePose(frame.Index, frame.Timestamp, RigidTransform.Identity, null, 1, 0);
    }

    private DistanceField NewField(double voxelSize) =>
        new(_keyframes[0].HeadCenter, HeadRadius, voxelSize, _options.Truncation);

    private FramePose Track(Keyframe frame, CancellationToken cancellation)
    {
        UpdateModel(cancellation);
        var result = RegisterFromAnyStart(frame, cancellation);
        if (Reason(result) is { } reason)
        {
            _anchors.Add((-1, RigidTransform.Identity));
            _motion = RigidTransform.Identity;
            return new FramePose(frame.Index, frame.Timestamp, RigidTransform.Identity, reason, result.InlierRatio, result.ResidualRms);
        }
        _motion = _last.Inverse() * result.Pose;
        _last = result.Pose;
        var (nearest, angle) = NearestKeyframe(result.Pose);
        if (angle >= _options.KeyframeAngle && _keyframes.Count < _options.MaximumKeyframes)
        {
            Keep(frame, result.Pose, cancellation);
        }
        else
        {
            _anchors.Add((nearest, _keyframes[nearest].Pose.Inverse() * result.Pose));
        }
        return new FramePose(frame.Index, frame.Timestamp, result.Pose, null, result.InlierRatio, result.ResidualRms);
    }

    // Constant velocity first; then from rest; then, when lost, from the views of kept frames.
    private IcpResult RegisterFromAnyStart(Keyframe frame, CancellationToken cancellation)
    {
        var best = _icp.Register(frame, _model!, _last * _motion, 0, cancellation);
        if (Reason(best) is null)
            return best;
        var step = Math.Max(1, _keyframes.Count / 8);
        for (var i = -1; i < _keyframes.Count; i += i < 0 ? 1 : step)
        {
            var view = i < 0 ? _last : _keyframes[i].Pose;
            // Same direction of view, head brought to where the head is.
            var shift = _field!.Center - view.TransformPoint(frame.HeadCenter);
            var start = RigidTransform.FromTranslation(shift) * view;
            var result = _icp.Register(frame, _model!, start, 0, cancellation);
            if (result.InlierRatio > best.InlierRatio)
                best = result;
            if (Reason(best) is null && best.InlierRatio > 0.6)
                break;
        }
        return best;
    }

    private string? Reason(IcpResult result)
    {
        if (double.IsInfinity(result.ResidualRms))
            return "lost: no overlap with the model; move more slowly";
        if (result.InlierRatio < _options.MinimumInlierRatio)
            return FormattableString.Invariant($"lost: only {result.InlierRatio:P0} of the model matched (least {_options.MinimumInlierRatio:P0})");
        if (result.ResidualRms > _options.MaximumResidual)
            return FormattableString.Invariant($"does not fit: {result.ResidualRms * 1000:0.0} mm from the model (most {_options.MaximumResidual * 1000:0.0} mm)");
        return null;
    }

    private void Keep(Keyframe frame, RigidTransform pose, CancellationToken cancellation)
    {
        frame.Pose = pose;
        _anchors.Add((_keyframes.Count, RigidTransform.Identity));
        _keyframes.Add(frame);
        _field!.Integrate(frame, pose, _options.MaxThreads, cancellation);
        _sinceExtraction++;
    }

    // While the model is young every frame adds much to it; later every third is enough.
    private void UpdateModel(CancellationToken cancellation)
    {
        if (_model is not null && (_sinceExtraction == 0 || (_keyframes.Count > 6 && _sinceExtraction < 3)))
            return;
        _model = _field!.ExtractPoints(0.2f, fillColors: false, _options.MaxThreads, cancellation);
        _sinceExtraction = 0;
    }

    private (int Index, double Angle) NearestKeyframe(RigidTransform pose)
    {
        var best = (Index: 0, Angle: double.MaxValue);
        var inverse = pose.Inverse();
        for (var i = 0; i < _keyframes.Count; i++)
        {
            var angle = (inverse * _keyframes[i].Pose).RotationAngle;
            if (angle < best.Angle)
                best = (i, angle);
        }
        return best;
    }

    private DistanceField Fuse(double voxelSize, CancellationToken cancellation)
    {
        var field = NewField(voxelSize);
        foreach (var frame in _keyframes)
            field.Integrate(frame, frame.Pose, _options.MaxThreads, cancellation);
        return field;
    }

    private void Refine(CancellationToken cancellation)
    {
        _field = Fuse(_options.RegistrationVoxelSize, cancellation);
        var model = _field.ExtractPoints(0.2f, fillColors: false, _options.MaxThreads, cancellation);
        var poses = new RigidTransform[_keyframes.Count];
        var finest = _options.Icp.Levels.Count - 1;
        Parallel.For(0, poses.Length, Threads.Options(_options.MaxThreads, cancellation), i =>
        {
            var frame = _keyframes[i];
            var result = _icp.Register(frame, model, frame.Pose, finest, cancellation);
            poses[i] = Reason(result) is null ? result.Pose : frame.Pose;
        });
        // The world is the first frame's camera: all moved back by what that one moved.
        var gauge = poses[0].Inverse();
        for (var i = 0; i < poses.Length; i++)
            _keyframes[i].Pose = (gauge * poses[i]).Orthonormalized();
    }

    private List<FramePose> FinalPoses()
    {
        var final = new List<FramePose>(_frames.Count);
        for (var i = 0; i < _frames.Count; i++)
        {
            var (keyframe, relative) = _anchors[i];
            final.Add(keyframe < 0 ? _frames[i] : _frames[i] with { CameraToWorld = (_keyframes[keyframe].Pose * relative).Orthonormalized() });
        }
        return final;
    }

    private FaceReconException NotEnough(int accepted)
    {
        if (_frames.Count < 2)
            return new FaceReconException(ErrorId.TooFewFrames, $"The capture gave {_frames.Count} frame(s); a reconstruction needs at least two, and turns of the head between them.");
        if (_firstCause is { } cause && accepted == 0)
            return new FaceReconException(cause.ErrorId, $"None of {_frames.Count} frames could be used. The first: {cause.Message}", cause.Path, cause.FrameIndex, cause);
        var reasons = string.Join("; ", _frames.Where(frame => !frame.Accepted).GroupBy(frame => frame.Rejection).OrderByDescending(group => group.Count())
            .Take(3).Select(group => $"{group.Count()} x {group.Key}"));
        return new FaceReconException(ErrorId.RegistrationFailed, $"Only {accepted} of {_frames.Count} frames could be brought into agreement: {reasons}.");
    }
}
