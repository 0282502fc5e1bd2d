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
    private readonly SurfacePoint?[] _surfaces = new SurfacePoint?[scheme.Count];

    /// <summary>The keypoints of a frame, in the order of the scheme.</summary>
    public SemanticKeypoint[] Judge(ImageLandmarks landmarks, RgbdFrame frame, FramePointCloud? cloud)
    {
        _mesh.Measure(landmarks, frame.Intrinsics, _cosines);
        for (var i = 0; i < landmarks.Count; i++)
        {
            _surfaces[i] = cloud is null ? null : KeypointLifter.Surface(cloud, landmarks.U[i], landmarks.V[i]);
            _depths[i] = _surfaces[i]?.Position.Z ?? 0;
            _weights[i] = Math.Max(_cosines[i], 0);
        }
        var fitted = cloud is not null && ReliefFit.TryFit(landmarks, _depths, _weights, frame.Intrinsics.Fx, _residuals);
        var least = Math.Cos(options.MaximumIncidence);
        var size = landmarks.Bounds();
        var keypoints = new SemanticKeypoint[landmarks.Count];
        for (var i = 0; i < keypoints.Length; i++)
        {
            var surface = _surfaces[i];
            var visible = _cosines[i] >= least && IsInside(landmarks, i, frame) &&
                (cloud is null || surface is not null && surface.Value.CosineOfIncidence >= least &&
                    (!fitted || Math.Abs(_residuals[i]) <= options.MaximumDisagreement));
            var sigma = 0.004 * Math.Max(size.Width, size.Height) / Math.Max(_cosines[i], 0.2);
            keypoints[i] = new SemanticKeypoint
            {
                Name = scheme.Names[i], U = landmarks.U[i], V = landmarks.V[i], Sigma = sigma, IsVisible = visible,
                Position = surface?.Position, Covariance = surface?.Covariance(sigma) ?? default,
            };
        }
        return keypoints;
    }

    private static bool IsInside(ImageLandmarks landmarks, int i, RgbdFrame frame) =>
        landmarks.U[i] >= 0 && landmarks.V[i] >= 0 && landmarks.U[i] <= frame.Color.Width - 1 && landmarks.V[i] <= frame.Color.Height - 1;
}
