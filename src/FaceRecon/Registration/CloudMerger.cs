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
    private readonly PoseSearch _search;
    private readonly FrameExamination _examination;
    private readonly List<FramePose> _frames = [];
    // For each frame: the keyframe that its pose hangs on, and its pose relative to that one.
    private readonly List<(int Keyframe, RigidTransform Relative)> _anchors = [];
    private readonly List<Keyframe> _keyframes = [];
    private DistanceField? _field;
    private RegistrationModel? _model;
    // Frames that found no place or did not fit, by their number in the sequence, to be tried again when the model is whole.
    private readonly List<(int Number, Keyframe Frame)> _setAside = [];
    private int _sinceExtraction;
    private FaceReconException? _firstCause;
    private string _capture = "";

    /// <summary>Frames given so far, whatever became of them.</summary>
    public int FrameCount => _frames.Count;

    /// <summary>A merger with no frames.</summary>
    public CloudMerger(MergeOptions? options = null)
    {
        _options = options ?? new MergeOptions();
        _search = new PoseSearch(_options);
        _examination = new FrameExamination(_options);
    }

    /// <summary>Registers a frame and adds it to the model.</summary>
    /// <returns>Its pose, or why it was left out. Poses become final with <see cref="Complete"/>.</returns>
    public FramePose Add(FramePointCloud cloud, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cloud);
        var frame = new Keyframe(cloud);
        if (_frames.Count == 0)
            _capture = cloud.Frame.CaptureName;
        _anchors.Add((-1, RigidTransform.Identity));
        _frames.Add(new FramePose(frame.Index, frame.Timestamp, RigidTransform.Identity));
        var blurred = _examination.BeforeRegistration(frame);
        return _frames[^1] = _field is null ? Start(frame, cancellation) : blurred is not null ? Blurred(frame, blurred) : Track(frame, cancellation);
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
        TryAgain(cancellation);
        var accepted = _frames.Count(frame => frame.Accepted);
        if (accepted < 2)
            throw NotEnough(accepted);
        if (_options.PoseGraph)
            CloseLoops(cancellation);
        for (var round = 0; round < _options.RefinementRounds; round++)
            Refine(cancellation);
        if (_options.PoseGraph || _options.RefinementRounds > 0)
            _field = Fuse(_options.RegistrationVoxelSize, colored: false, cancellation);
        var model = _field!.ExtractPoints(LeastWeight, _options.MaxThreads, cancellation);
        var frames = FinalPoses();
        var up = HeadUpright.Estimate(model, _field!.Center, DistanceField.HeadRadius, frames);
        PointCloud FusePoints() => Fuse(_options.VoxelSize, colored: false, default).ExtractPoints(LeastWeight, _options.MaxThreads, default);
        return new FaceCloud(FusePoints, model, frames, _keyframes, _field.Center, up)
        {
            Capture = _capture,
            MaxThreads = _options.MaxThreads,
            VoxelSize = _options.VoxelSize,
            Truncation = _options.Truncation,
        };
    }

    // What one frame alone saw at an angle is not worth keeping; 1/mm^2.
    internal const float LeastWeight = 0.5f;

    // Frames that are kept to be tried again; bounds memory.
    private const int MostSetAside = 40;

    private FramePose Start(Keyframe frame, CancellationToken cancellation)
    {
        _keyframes.Add(frame);
        _anchors[^1] = (0, RigidTransform.Identity);
        _field = Fuse(_options.RegistrationVoxelSize, colored: true, cancellation);
        _search.Accept(frame, RigidTransform.Identity);
        return _frames[^1] with { InlierRatio = 1 };
    }

    private FramePose Blurred(Keyframe frame, string reason)
    {
        _search.Lose();
        return new FramePose(frame.Index, frame.Timestamp, RigidTransform.Identity, reason);
    }

    private FramePose Track(Keyframe frame, CancellationToken cancellation)
    {
        UpdateModel(cancellation);
        var number = _frames.Count - 1;
        var result = _search.Find(frame, _model!, _keyframes, cancellation);
        if (_search.Failure(result) is { } failure)
        {
            _search.Lose();
            SetAside(number, frame);
            return Rejected(frame, failure, result);
        }
        if (_examination.AtPose(frame, _model!, result.Pose) is { } reason)
        {
            _search.Follow(frame, result.Pose);
            SetAside(number, frame);
            return Rejected(frame, reason, result);
        }
        return Accept(number, frame, result, cancellation);
    }

    private static FramePose Rejected(Keyframe frame, string reason, IcpResult result) =>
        new(frame.Index, frame.Timestamp, RigidTransform.Identity, reason, result.InlierRatio, result.ResidualRms) { Observability = result.Observability };

    private FramePose Accept(int number, Keyframe frame, IcpResult result, CancellationToken cancellation)
    {
        _search.Accept(frame, result.Pose);
        var (nearest, angle) = NearestKeyframe(result.Pose);
        if (angle >= _options.KeyframeAngle && _keyframes.Count < _options.MaximumKeyframes)
        {
            frame.Pose = result.Pose;
            _anchors[number] = (_keyframes.Count, RigidTransform.Identity);
            _keyframes.Add(frame);
            _field!.Integrate(frame, result.Pose, _options.MaxThreads, cancellation);
            _sinceExtraction++;
        }
        else
        {
            _anchors[number] = (nearest, _keyframes[nearest].Pose.Inverse() * result.Pose);
        }
        return new FramePose(frame.Index, frame.Timestamp, result.Pose, null, result.InlierRatio, result.ResidualRms) { Observability = result.Observability };
    }

    private void SetAside(int number, Keyframe frame)
    {
        if (_setAside.Count < MostSetAside)
            _setAside.Add((number, frame));
    }

    // A frame that had no overlap with a young model, or showed what that had not seen yet, may fit once later frames are in:
    // over and over, until none comes in any more.
    private void TryAgain(CancellationToken cancellation)
    {
        for (var before = int.MaxValue; _setAside.Count > 0 && _setAside.Count < before;)
        {
            before = _setAside.Count;
            var still = new List<(int Number, Keyframe Frame)>();
            foreach (var (number, frame) in _setAside)
            {
                UpdateModel(cancellation);
                var result = _search.Find(frame, _model!, _keyframes, cancellation);
                if (_search.Failure(result) is null && _examination.AtPose(frame, _model!, result.Pose) is null)
                    _frames[number] = Accept(number, frame, result, cancellation);
                else
                    still.Add((number, frame));
            }
            _setAside.Clear();
            _setAside.AddRange(still);
        }
        _setAside.Clear();
    }

    // While the model is young every frame adds much to it; later every fifth is enough.
    private void UpdateModel(CancellationToken cancellation)
    {
        if (_model is not null && (_sinceExtraction == 0 || (_keyframes.Count > 6 && _sinceExtraction < 5)))
            return;
        _model = ModelOf(_field!, cancellation);
        _sinceExtraction = 0;
    }

    private RegistrationModel ModelOf(DistanceField field, CancellationToken cancellation)
    {
        var points = field.ExtractPoints(0.2f, _options.MaxThreads, cancellation);
        var luminance = _options.Icp.Method == IcpMethod.Colored ? ModelLuminance.Of(points) : null;
        return new RegistrationModel(points, luminance, field.Center);
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

    private DistanceField Fuse(double voxelSize, bool colored, CancellationToken cancellation) => DistanceFieldIntegration.Fuse(
        _keyframes, _keyframes[0].HeadCenter, voxelSize, _options.Truncation, colored, _options.MaxThreads, cancellation);

    private void CloseLoops(CancellationToken cancellation)
    {
        var poses = LoopClosure.Close(_keyframes, _search, _field!.Center, _options.MaxThreads, cancellation);
        for (var i = 0; i < poses.Length; i++)
            _keyframes[i].Pose = poses[i];
    }

    private void Refine(CancellationToken cancellation)
    {
        _field = Fuse(_options.RegistrationVoxelSize, colored: true, cancellation);
        var model = ModelOf(_field, cancellation);
        var poses = new RigidTransform[_keyframes.Count];
        Parallel.For(0, poses.Length, Threads.Options(_options.MaxThreads, cancellation), i =>
        {
            var frame = _keyframes[i];
            var result = _search.Refine(frame, model, frame.Pose, cancellation);
            poses[i] = _search.Failure(result) is null ? result.Pose : frame.Pose;
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
