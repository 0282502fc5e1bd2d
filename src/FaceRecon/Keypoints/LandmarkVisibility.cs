namespace FaceRecon;

/// <summary>
/// Turns what a model sees into keypoints: which of the landmarks the camera really shows, how exact they are, and where in space.
/// </summary>
internal sealed class LandmarkVisibility(KeypointScheme scheme, FaceKeypointOptions options)
{
    private readonly FaceVisibility _mesh = new();
    private readonly double[] _cosines = new double[scheme.Count];
    private readonly double[] _depths = new double[scheme.Count];
    private readonly double[] _weights = new double[scheme.Count];
    private readonly double[] _residuals = new double[scheme.Count];
    private readonly double[] _sigmas = new double[scheme.Count];
    private readonly bool[] _visible = new bool[scheme.Count];
    public LandmarkRefiner? Refiner { get; } = Environment.GetEnvironmentVariable("NOREF") is null ? new LandmarkRefiner(scheme.Count) : null;
    private readonly SurfacePoint?[] _surfaces = new SurfacePoint?[scheme.Count];

    /// <summary>The keypoints of a frame, in the order of the scheme.</summary>
    public SemanticKeypoint[] Judge(ImageLandmarks landmarks, RgbdFrame frame, FramePointCloud? cloud)
    {
        _mesh.Measure(landmarks, frame.Intrinsics, _cosines);
        var size = landmarks.Bounds();
        for (var i = 0; i < landmarks.Count; i++)
            _sigmas[i] = 0.01 * Math.Max(size.Width, size.Height) / Math.Max(_cosines[i], 0.2);
        See(landmarks, frame, cloud);
        if (cloud is not null && Refiner is not null)
        {
            Refiner.Refine(landmarks, _visible, _sigmas, frame, cloud);
            See(landmarks, frame, cloud);
        }
        var keypoints = new SemanticKeypoint[landmarks.Count];
        for (var i = 0; i < keypoints.Length; i++)
            keypoints[i] = new SemanticKeypoint
            {
                Name = scheme.Names[i], U = landmarks.U[i], V = landmarks.V[i], Sigma = _sigmas[i], IsVisible = _visible[i],
                Position = _surfaces[i]?.Position, Covariance = _surfaces[i]?.Covariance(_sigmas[i]) ?? default,
            };
        return keypoints;
    }

    private void See(ImageLandmarks landmarks, RgbdFrame frame, FramePointCloud? cloud)
    {
        for (var i = 0; i < landmarks.Count; i++)
        {
            _surfaces[i] = cloud is null ? null : KeypointLifter.Surface(cloud, landmarks.U[i], landmarks.V[i]);
            _depths[i] = _surfaces[i]?.Position.Z ?? 0;
            _weights[i] = Math.Max(_cosines[i], 0);
        }
        var fitted = cloud is not null && ReliefFit.TryFit(landmarks, _depths, _weights, frame.Intrinsics.Fx, _residuals);
        var least = Math.Cos(options.MaximumIncidence);
        for (var i = 0; i < landmarks.Count; i++)
            _visible[i] = _cosines[i] >= least && IsInside(landmarks, i, frame) &&
                (cloud is null || _surfaces[i] is { } surface && surface.CosineOfIncidence >= least &&
                    (!fitted || Math.Abs(_residuals[i]) <= options.MaximumDisagreement));
    }

    private static bool IsInside(ImageLandmarks landmarks, int i, RgbdFrame frame) =>
        landmarks.U[i] >= 0 && landmarks.V[i] >= 0 && landmarks.U[i] <= frame.Color.Width - 1 && landmarks.V[i] <= frame.Color.Height - 1;
}
