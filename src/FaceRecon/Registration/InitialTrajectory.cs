namespace FaceRecon;

/// <summary>
/// Poses that are known beforehand, by their timestamps, in whatever world: only the motion from one frame to another is
/// taken from them.
/// </summary>
internal sealed class InitialTrajectory
{
    // Clocks written with three digits, and frames that were matched to the nearest, differ by less than this, seconds.
    private const double LeastTolerance = 0.002;

    private readonly FramePose[] _poses;
    private readonly double[] _times;
    private readonly double _tolerance;

    public InitialTrajectory(IReadOnlyList<FramePose> poses)
    {
        _poses = [.. poses.Where(pose => pose.Accepted).OrderBy(pose => pose.Timestamp)];
        _times = Array.ConvertAll(_poses, pose => pose.Timestamp);
        var steps = _times.Zip(_times.Skip(1), (a, b) => b - a).Order().ToArray();
        _tolerance = steps.Length > 0 ? Math.Max(LeastTolerance, 0.5 * steps[steps.Length / 2]) : LeastTolerance;
    }

    /// <summary>The pose at a time; null where there is none within half the usual step.</summary>
    public RigidTransform? At(double timestamp)
    {
        var after = Array.BinarySearch(_times, timestamp);
        after = after < 0 ? ~after : after;
        var nearest = after == _times.Length || (after > 0 && timestamp - _times[after - 1] < _times[after] - timestamp) ? after - 1 : after;
        return nearest >= 0 && Math.Abs(_times[nearest] - timestamp) <= _tolerance ? _poses[nearest].CameraToWorld : null;
    }

    /// <summary>The pose of a frame, given that of another in the world that is asked for; null where either is not known beforehand.</summary>
    public RigidTransform? Predict(double timestamp, double otherTimestamp, RigidTransform other) =>
        At(timestamp) is { } here && At(otherTimestamp) is { } there ? other * there.Inverse() * here : null;
}
