namespace FaceRecon;

/// <summary>
/// Finds the semantic keypoints of the face in each frame of one video, in order: detects the face once, follows it, and
/// detects it again when it is lost. Where several faces are in view, the nearest to the centre of the image is taken.
/// The turn of the image is found with the first face. Frames go in one after the other; not for two threads at once.
/// </summary>
public sealed class FaceKeypointDetector : IDisposable
{
    private readonly FaceKeypointOptions _options;
    private readonly FaceDetector _detector;
    private readonly LandmarkModel _model;
    private readonly FaceTracker _tracker;
    private readonly LandmarkVisibility _visibility;
    private readonly ImageLandmarks _landmarks;

    /// <summary>Loads the models.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ModelNotFound"/> or <see cref="ErrorId.ModelInvalid"/>.</exception>
    public FaceKeypointDetector(FaceKeypointOptions? options = null)
    {
        _options = options ?? new FaceKeypointOptions();
        _model = LandmarkModel.Open(_options.SemanticModel, _options.Threads);
        try
        {
            _detector = new FaceDetector(_options.Threads);
        }
        catch
        {
            _model.Dispose();
            throw;
        }
        _tracker = new FaceTracker(_detector, _model, _options.MinimumScore);
        _visibility = new LandmarkVisibility(_model.Scheme, _options);
        _landmarks = new ImageLandmarks(_model.Scheme.Count);
    }

    /// <summary>What the keypoints will be.</summary>
    public KeypointScheme Scheme => _model.Scheme;

    /// <summary>The next frame's cloud with its keypoints.</summary>
    public FramePointCloud Detect(FramePointCloud cloud, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cloud);
        return cloud.WithKeypoints(Detect(cloud.Frame, cloud, cancellation));
    }

    /// <summary>The keypoints of the next frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="cloud">Its points; without them the keypoints have no positions, and visibility is judged by the shape of the mesh alone.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The keypoints; without semantic ones where there is no face.</returns>
    public KeypointSet Detect(RgbdFrame frame, FramePointCloud? cloud = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        cancellation.ThrowIfCancellationRequested();
        var score = _tracker.Find(frame.Color, _landmarks);
        var set = new KeypointSet { FrameIndex = frame.Index, Scheme = Scheme, Score = score, Up = _tracker.Up ?? ImageDirection.Up };
        if (score <= 0)
            return set;
        return set with { FaceBox = _landmarks.Bounds(), Semantic = _visibility.Judge(_landmarks, frame, cloud) };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        _detector.Dispose();
    }
}
