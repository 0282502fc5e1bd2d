using System.Runtime.InteropServices;

namespace FaceRecon;

/// <summary>
/// Finds the structural keypoints of a frame: places that the image tells from their surroundings, kept where the depth
/// says that the face turns, off its outlines, eyes, lips and neck, and spread over it.
/// </summary>
internal sealed class StructuralKeypointDetector : IDisposable
{
    // Of more candidates than this for each keypoint the weakest have no say: they would only fill the gaps with noise.
    private const int CandidatesPerKeypoint = 2;

    private readonly FaceKeypointOptions _options;
    private readonly StructuralFeatures _features;
    private readonly OutlineMap _outlines = new();
    private readonly MovingParts _moving = new();
    private readonly List<ResponsePeak> _peaks = [];
    private readonly List<ResponsePeak> _kept = [];
    private readonly List<(SurfacePoint Point, TurningSurface Turning)> _surfaces = [];
    private readonly double _leastCosine;

    /// <summary>Loads the model, where the options name one.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ModelNotFound"/> or <see cref="ErrorId.ModelInvalid"/>.</exception>
    public StructuralKeypointDetector(FaceKeypointOptions options)
    {
        _options = options;
        _leastCosine = Math.Cos(options.MaximumIncidence);
        _features = StructuralFeatures.Open(options.StructuralModel, options.Threads);
    }

    /// <summary>The keypoints of a frame, the strongest first.</summary>
    /// <param name="cloud">The frame's points.</param>
    /// <param name="semantic">Its semantic keypoints, which say where eyes and lips are.</param>
    /// <param name="cancellation">Stops the work.</param>
    public StructuralKeypoint[] Detect(FramePointCloud cloud, KeypointSet semantic, CancellationToken cancellation)
    {
        _features.Find(cloud, _peaks);
        cancellation.ThrowIfCancellationRequested();
        _outlines.Load(cloud);
        _moving.Load(semantic);
        _kept.Clear();
        _surfaces.Clear();
        foreach (var peak in _peaks)
        {
            if (_kept.Count >= CandidatesPerKeypoint * _options.MaximumStructural)
                break;
            Consider(cloud, peak);
        }
        cancellation.ThrowIfCancellationRequested();
        return Describe();
    }

    /// <inheritdoc/>
    public void Dispose() => _features.Dispose();

    private void Consider(FramePointCloud cloud, in ResponsePeak peak)
    {
        if (_moving.Contain(peak.X, peak.Y) || KeypointLifter.Surface(cloud, peak.X, peak.Y) is not { } surface ||
            surface.CosineOfIncidence < _leastCosine || _outlines.IsNear(peak.X, peak.Y, surface.Position.Z))
            return;
        if (SurfaceTurn.Measure(cloud, surface, peak.X, peak.Y) is not { } turning || turning.Turn < _options.MinimumAngle)
            return;
        _kept.Add(peak);
        _surfaces.Add((surface, turning));
    }

    private StructuralKeypoint[] Describe()
    {
        var chosen = ResponsePeak.Spread(CollectionsMarshal.AsSpan(_kept), Math.Max(_options.MaximumStructural, 0));
        var keypoints = new List<StructuralKeypoint>(chosen.Length);
        // One array for all: a frame has hundreds.
        var length = _features.DescriptorLength;
        var descriptors = new float[length * chosen.Length];
        foreach (var i in chosen)
        {
            var peak = _kept[i];
            var (surface, turning) = _surfaces[i];
            var descriptor = descriptors.AsMemory(keypoints.Count * length, length);
            if (!_features.TryDescribe(peak.X, peak.Y, turning.Tangent, descriptor.Span))
                continue;
            var sigma = _features.Sigma(peak);
            keypoints.Add(new StructuralKeypoint
            {
                U = peak.X, V = peak.Y, Sigma = sigma, Strength = peak.Strength, Turn = turning.Turn,
                Position = surface.Position, Covariance = surface.Covariance(sigma), Descriptor = descriptor,
            });
        }
        return [.. keypoints];
    }
}
