namespace FaceRecon;

/// <summary>
/// Finds the semantic keypoints of the face in each frame of a video, in order: detects the face once, follows it, and
/// detects it again when it is lost. When another video begins, all that was learnt of the one before is forgotten.
/// </summary>
internal sealed class SemanticKeypointDetector : IDisposable
{
    // On the synthetic captures the unrefined landmarks of a face 200 pixels wide slide by 2 pixels rms.
    private const double RelativeSigma = 0.01;

    private readonly FaceDetector _detector;
    private readonly LandmarkModel _model;
    private readonly FaceTracker _tracker;
    private readonly LandmarkVisibility _visibility;
    private readonly LandmarkRefiner? _refiner;
    private readonly ImageLandmarks _landmarks;
    private readonly double[] _sigmas;
    private PlaceInVideo? _last;

    /// <summary>Loads the models.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ModelNotFound"/> or <see cref="ErrorId.ModelInvalid"/>.</exception>
    public SemanticKeypointDetector(FaceKeypointOptions options)
    {
        _model = LandmarkModel.Open(options.SemanticModel, options.Threads);
        try
        {
            _detector = new FaceDetector(options.Threads);
        }
        catch
        {
            _model.Dispose();
            throw;
        }
        _tracker = new FaceTracker(_detector, _model, options.MinimumScore);
        _visibility = new LandmarkVisibility(_model.Scheme, options);
        _refiner = options.Refine ? new LandmarkRefiner(_model.Scheme.Count) : null;
        _landmarks = new ImageLandmarks(_model.Scheme.Count);
        _sigmas = new double[_model.Scheme.Count];
    }

    /// <summary>What the keypoints will be.</summary>
    public KeypointScheme Scheme => _model.Scheme;

    /// <summary>The keypoints of the next frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="cloud">Its points; null where there are none.</param>
    public KeypointSet Detect(RgbdFrame frame, FramePointCloud? cloud)
    {
        if (_last is not { } last || !PlaceInVideo.Of(frame).Continues(last))
            StartAnew();
        _last = PlaceInVideo.Of(frame);
        var score = _tracker.Find(frame.Color, _landmarks);
        var set = new KeypointSet { FrameIndex = frame.Index, Scheme = Scheme, Score = score, Up = _tracker.Up ?? ImageDirection.Up };
        if (score <= 0)
            return set;
        _visibility.JudgeShape(_landmarks, frame.Intrinsics);
        _visibility.Judge(_landmarks, frame, cloud, _model.HasScore ? score : 1);
        EstimateSigmas();
        var depthError = 0.0;
        // Where the model has lost the face there is nothing to hold on to, and what was learnt before stays for later.
        if (cloud is not null && _refiner is not null && _visibility.Visible.Contains(true))
        {
            _refiner.Refine(_landmarks, _visibility.Visible, _sigmas, cloud);
            _visibility.Judge(_landmarks, frame, cloud, _model.HasScore ? score : 1);
            _refiner.Learn(_landmarks, _visibility);
            depthError = _refiner.DepthError;
        }
        return set with { FaceBox = _landmarks.Bounds(), Semantic = MakeKeypoints(depthError) };
    }

    private void StartAnew()
    {
        _tracker.StartAnew();
        _refiner?.StartAnew();
    }

    // A network errs by a share of the face's size, more where the surface turns away.
    private void EstimateSigmas()
    {
        var box = _landmarks.Bounds();
        var size = Math.Max(box.Width, box.Height);
        for (var i = 0; i < _sigmas.Length; i++)
            _sigmas[i] = RelativeSigma * size / Math.Max(_visibility.Cosines[i], 0.2);
    }

    private SemanticKeypoint[] MakeKeypoints(double depthError)
    {
        var keypoints = new SemanticKeypoint[Scheme.Count];
        for (var i = 0; i < keypoints.Length; i++)
        {
            var surface = _visibility.Surfaces[i]?.Nearer(depthError);
            keypoints[i] = new SemanticKeypoint
            {
                Name = Scheme.Names[i], U = _landmarks.U[i], V = _landmarks.V[i], Sigma = _sigmas[i], IsVisible = _visibility.Visible[i],
                Position = surface?.Position, Covariance = surface?.Covariance(_sigmas[i]) ?? default,
            };
        }
        return keypoints;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        _detector.Dispose();
    }

    /// <summary>What tells one video from another: a later frame of the same camera, from the same folder, continues it.</summary>
    private readonly record struct PlaceInVideo(string? Folder, CameraIntrinsics Camera, int Index)
    {
        public static PlaceInVideo Of(RgbdFrame frame) => new(Path.GetDirectoryName(frame.DepthPath), frame.Intrinsics, frame.Index);

        public bool Continues(PlaceInVideo last) => Index > last.Index && Camera == last.Camera && Folder == last.Folder;
    }
}
