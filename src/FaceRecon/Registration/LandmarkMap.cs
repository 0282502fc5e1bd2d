namespace FaceRecon;

/// <summary>
/// Where the semantic landmarks of the head are in the world, as far as the frames so far tell: for each the mean over
/// the frames that see it. A frame whose pose nothing else tells finds its place by them.
/// </summary>
internal sealed class LandmarkMap
{
    // A landmark model differs with itself by this much from view to view, whatever it says of one frame, square metres.
    private const double ModelVariance = 0.003 * 0.003;
    // Landmarks further than this from their place are not where they should be: profile against front, at worst.
    private const double Gate = 0.012;
    private const int LeastLandmarks = 8;

    private readonly Dictionary<string, (Vector3d Sum, double Weight, int Views)> _sums = [];

    /// <summary>Takes in the visible landmarks of a frame.</summary>
    public void Add(KeypointSet? keypoints, RigidTransform cameraToWorld)
    {
        foreach (var (name, position, variance) in Measurements(keypoints))
        {
            var (sum, weight, views) = _sums.GetValueOrDefault(name);
            _sums[name] = (sum + cameraToWorld.TransformPoint(position) / variance, weight + 1 / variance, views + 1);
        }
    }

    /// <summary>The landmarks of a merged face: each keypoint where its frame's depth, corrected as that is by now, has its pixel.</summary>
    public static IReadOnlyList<FaceLandmark> LandmarksOf(IReadOnlyList<Keyframe> frames)
    {
        var map = new LandmarkMap();
        foreach (var frame in frames)
            map.Add(frame.Keypoints is { HasFace: true } keypoints ? Lift(keypoints, frame) : null, frame.Pose);
        return [.. map._sums.Select(entry => new FaceLandmark(entry.Key, entry.Value.Sum / entry.Value.Weight, entry.Value.Views))
            .OrderBy(landmark => landmark.Name, StringComparer.Ordinal)];
    }

    private static KeypointSet Lift(KeypointSet keypoints, Keyframe frame) => keypoints with
    {
        Semantic = [.. keypoints.Semantic.Select(landmark => landmark with
        {
            Position = frame.DepthAt((float)landmark.U, (float)landmark.V, out _) is var z && z > 0 && Math.Abs(z - landmark.Position?.Z ?? 1) < Gate
                ? frame.Camera.BackProject(landmark.U, landmark.V, z) : null,
        })],
    };

    /// <summary>The pose, camera-to-world, that brings most of a frame's landmarks to their places.</summary>
    /// <returns>Null where too few are seen, or too few agree.</returns>
    public RigidTransform? Locate(KeypointSet? keypoints)
    {
        var pairs = PairsOf(keypoints);
        return Procrustes.AlignRobustly(pairs, Gate, Math.Max(LeastLandmarks, pairs.Length / 3))?.Motion;
    }

    /// <summary>How far a frame's landmarks are from their places at a pose: the median, metres. Null where too few are seen to tell.</summary>
    public double? Misfit(KeypointSet? keypoints, RigidTransform cameraToWorld)
    {
        var pairs = PairsOf(keypoints);
        if (pairs.Length < LeastLandmarks)
            return null;
        var distances = Array.ConvertAll(pairs, pair => (cameraToWorld.TransformPoint(pair.From) - pair.To).Length);
        Array.Sort(distances);
        return distances[distances.Length / 2];
    }

    private PointPair[] PairsOf(KeypointSet? keypoints)
    {
        var pairs = new List<PointPair>();
        foreach (var (name, position, variance) in Measurements(keypoints))
            if (_sums.TryGetValue(name, out var entry))
                pairs.Add(new PointPair(position, entry.Sum / entry.Weight, variance + 1 / entry.Weight));
        return [.. pairs];
    }

    private static IEnumerable<(string Name, Vector3d Position, double Variance)> Measurements(KeypointSet? keypoints)
    {
        foreach (var landmark in keypoints?.Semantic ?? [])
            if (landmark is { IsVisible: true, Position: { } position })
                yield return (landmark.Name, position, ModelVariance + Math.Pow(landmark.Covariance.StandardDistance, 2));
    }
}
