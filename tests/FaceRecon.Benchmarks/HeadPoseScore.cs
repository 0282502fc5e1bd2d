using System.Numerics;

namespace FaceRecon;

/// <summary>How well the poses of a synthetic capture's frames hold the head still, against its truth.</summary>
internal static class HeadPoseScore
{
    // Poses belong together where their timestamps differ by less, seconds.
    private const double LargestTimeDifference = 0.02;

    // Places about the tip of the nose that stand for the head: itself, the cheeks, chin, forehead and temples, head frame, metres.
    private static readonly Vector3[] FromNose =
    [
        new(0, 0, 0), new(-0.05f, 0.02f, -0.05f), new(0.05f, 0.02f, -0.05f), new(0, -0.07f, -0.02f), new(0, 0.07f, -0.03f),
        new(-0.06f, -0.04f, -0.06f), new(0.06f, -0.04f, -0.06f),
    ];

    /// <summary>
    /// Where each frame's pose puts seven places of the head that its camera truly has in certain positions: root mean square
    /// distance from where they are, after the one rigid motion of all that makes it least, metres.
    /// </summary>
    /// <param name="poses">Poses, camera-to-world in any world; frames that were left out do not count.</param>
    /// <param name="truth">The true poses, associated by their timestamps, and the tip of the nose.</param>
    /// <returns>NaN for fewer than three poses that the truth knows.</returns>
    public static double Of(IEnumerable<FramePose> poses, GroundTruth truth)
    {
        var nose = truth.Landmarks["nose_tip"];
        var places = Array.ConvertAll(FromNose, offset => new Vector3d(nose.X + offset.X, nose.Y + offset.Y, nose.Z + offset.Z));
        var pairs = new List<PointPair>();
        foreach (var pose in poses.Where(pose => pose.Accepted))
        {
            var exact = truth.Trajectory.MinBy(known => Math.Abs(known.Timestamp - pose.Timestamp))!;
            if (Math.Abs(exact.Timestamp - pose.Timestamp) >= LargestTimeDifference)
                continue;
            var error = pose.CameraToWorld * exact.CameraToWorld.Inverse();
            foreach (var place in places)
                pairs.Add(new PointPair(error.TransformPoint(place), place, Variance: 1));
        }
        if (pairs.Count < 3 * places.Length || Procrustes.Align(pairs.ToArray()) is not { } motion)
            return double.NaN;
        return Math.Sqrt(pairs.Average(pair => (motion.TransformPoint(pair.From) - pair.To).LengthSquared));
    }
}
