namespace FaceRecon;

/// <summary>What became of one frame: its pose, how well it fits, or why it was left out.</summary>
/// <param name="Index">Number of the frame in its capture, from 0.</param>
/// <param name="Timestamp">Seconds on the capture's clock.</param>
/// <param name="CameraToWorld">Pose; world is the camera frame of the first accepted frame, metres.</param>
/// <param name="Rejection">Why the frame was left out; null for an accepted one.</param>
/// <param name="InlierRatio">Share of the frame's sampled points that found a partner in the model, 0 to 1.</param>
/// <param name="ResidualRms">Root mean square of the point-to-plane distances of those, metres.</param>
public sealed record FramePose(
    int Index, double Timestamp, RigidTransform CameraToWorld,
    string? Rejection = null, double InlierRatio = 0, double ResidualRms = 0)
{
    /// <summary>
    /// How well the shape that the frame and the model share holds the pose: standard deviation along the best-held motion over
    /// that along the worst, from the eigenvalues of the registration's Hessian, 0 (the shape slides or turns on itself) to 1;
    /// a turn counts by what it moves a point 7 cm away. A face in view has 0.1 to 0.4. 1 for the first frame.
    /// </summary>
    public double Observability { get; init; } = 1;

    /// <summary>Whether the frame is part of the result.</summary>
    public bool Accepted => Rejection is null;

    /// <inheritdoc/>
    public override string ToString() => Accepted
        ? FormattableString.Invariant($"frame {Index}: {CameraToWorld}, {InlierRatio:P0} inliers, rms {ResidualRms * 1000:0.00} mm")
        : $"frame {Index}: rejected, {Rejection}";
}
