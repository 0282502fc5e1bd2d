namespace FaceRecon;

/// <summary>
/// Finds the semantic and structural keypoints of the face in each frame of a video, in order: detects the face once, follows
/// it, and detects it again when it is lost. Where several faces are in view, the nearest to the centre of the image is taken.
/// The turn of the image is found with the first face. A frame whose index does not rise, of another camera or from another folder
/// begins another video. Frames go in one after the other; not for two threads at once.
/// </summary>
public sealed class FaceKeypointDetector : IDisposable
{
    private readonly SemanticKeypointDetector? _semantic;
    private readonly StructuralKeypointDetector? _structural;

    /// <summary>Loads the models.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ModelNotFound"/> or <see cref="ErrorId.ModelInvalid"/>.</exception>
    public FaceKeypointDetector(FaceKeypointOptions? options = null)
    {
        options ??= new FaceKeypointOptions();
        _semantic = options.Semantic ? new SemanticKeypointDetector(options) : null;
        try
        {
            _structural = options.Structural ? new StructuralKeypointDetector(options) : null;
        }
        catch
        {
            _semantic?.Dispose();
            throw;
        }
    }

    /// <summary>What the semantic keypoints will be.</summary>
    public KeypointScheme Scheme => _semantic?.Scheme ?? KeypointScheme.None;

    /// <summary>The next frame's cloud with its keypoints.</summary>
    public FramePointCloud Detect(FramePointCloud cloud, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cloud);
        return cloud.WithKeypoints(Detect(cloud.Frame, cloud, cancellation));
    }

    /// <summary>The keypoints of the next frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="cloud">Its points; without them the semantic keypoints have no positions, their visibility is judged by the shape of the mesh alone, and there are no structural ones.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The keypoints; without semantic ones where there is no face. Structural ones are then those of the whole head.</returns>
    public KeypointSet Detect(RgbdFrame frame, FramePointCloud? cloud = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        cancellation.ThrowIfCancellationRequested();
        var set = _semantic?.Detect(frame, cloud) ?? new KeypointSet { FrameIndex = frame.Index, Scheme = Scheme };
        cancellation.ThrowIfCancellationRequested();
        return cloud is null || _structural is null ? set : set with { Structural = _structural.Detect(cloud, set, cancellation) };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _semantic?.Dispose();
        _structural?.Dispose();
    }
}
