using System.Numerics;

namespace FaceRecon;

/// <summary>How good the semantic keypoints of a synthetic capture are, against its truth.</summary>
internal sealed record LandmarkScore
{
    // Fewer sightings than this say nothing of a scatter, nor where on the head a landmark is.
    private const int LeastSightings = 10;
    // A place that the true surface passes in front of by more than this is hidden.
    private const double HiddenBehind = 0.005;

    /// <summary>Frames in which the face was found.</summary>
    public required int Faces { get; init; }
    public required double MedianVisible { get; init; }
    /// <summary>Rms distance of a visible landmark's world positions from their mean, metres, over all landmarks and frames.</summary>
    public required double Scatter { get; init; }
    /// <summary>The 95th percentile over the landmarks of each one's own rms scatter, metres.</summary>
    public required double WideScatter { get; init; }
    /// <summary>Each landmark's own rms scatter, metres, of all that are seen at least twice; the greatest first.</summary>
    public required IReadOnlyList<(string Landmark, double Scatter)> Worst { get; init; }
    /// <summary>The same as <see cref="Scatter"/> with the true depth under the same pixels: what the image alone contributes.</summary>
    public required double ImageScatter { get; init; }
    /// <summary>Rms of what the measured depth adds at the same pixels, after its mean for each landmark.</summary>
    public required double DepthScatter { get; init; }
    /// <summary>Of the cases (landmark and frame) that the head itself hides, the share marked invisible.</summary>
    public required double HiddenFound { get; init; }
    public required int HiddenCases { get; init; }
    /// <summary>Of the cases that it does not hide, the share marked visible.</summary>
    public required double SeenFound { get; init; }
    /// <summary>Of the landmarks marked visible, how many have background under them.</summary>
    public required int OnBackground { get; init; }
    /// <summary>Named points: mean distance of the visible landmark from the truth, metres.</summary>
    public required IReadOnlyList<(string Name, string Landmark, double Distance, int Sightings)> Named { get; init; }

    // Names of landmarks.txt and of the landmarks that mark the same place.
    private static readonly (string Name, string Landmark)[] Correspondences =
    [
        ("r_eye_outer", "RightEyeOuterCorner"), ("r_eye_inner", "RightEyeInnerCorner"), ("l_eye_inner", "LeftEyeInnerCorner"), ("l_eye_outer", "LeftEyeOuterCorner"),
        ("r_brow_outer", "RightBrowUpper1"), ("r_brow_mid", "RightBrowUpper3"), ("r_brow_inner", "RightBrowUpper5"),
        ("l_brow_inner", "LeftBrowUpper5"), ("l_brow_mid", "LeftBrowUpper3"), ("l_brow_outer", "LeftBrowUpper1"),
        ("glabella", "Glabella"), ("nasion", "Nasion"), ("nose_tip", "NoseTip"), ("nose_base", "ColumellaLower"), ("subnasale", "Subnasale"),
        ("r_alar", "RightAlare"), ("l_alar", "LeftAlare"), ("r_nostril_base", "RightNostrilBase"), ("l_nostril_base", "LeftNostrilBase"),
        ("r_mouth", "RightMouthCorner"), ("l_mouth", "LeftMouthCorner"), ("upper_lip", "UpperLipTop"), ("stomion", "UpperLipInnerMiddle"), ("lower_lip", "LowerLipBottom"),
        ("pogonion", "Pogonion"), ("r_cheek", "RightCheekbone"), ("l_cheek", "LeftCheekbone"), ("forehead", "ForeheadMiddle"), ("r_ear", "RightTragion"), ("l_ear", "LeftTragion"),
    ];

    /// <summary>Detects in all frames and judges.</summary>
    /// <param name="clouds">The frames.</param>
    /// <param name="truth">Their true surface and poses.</param>
    /// <param name="named">The named points of landmarks.txt, world frame.</param>
    /// <param name="options">The detector.</param>
    public static LandmarkScore Of(IReadOnlyList<FramePointCloud> clouds, KeypointTruth truth, IReadOnlyDictionary<string, Vector3> named, FaceKeypointOptions options)
    {
        using var detector = new SemanticKeypointDetector(options);
        var sets = clouds.Select(cloud => detector.Detect(cloud.Frame, cloud)).ToArray();
        double squares = 0, imageSquares = 0, depthSquares = 0;
        var scatters = new List<double>();
        var worst = new List<(string Landmark, double Scatter)>();
        int count = 0, hidden = 0, hiddenFound = 0, seen = 0, seenFound = 0;
        for (var k = 0; k < detector.Scheme.Count; k++)
        {
            var sightings = Sightings(sets, truth, k);
            if (sightings.Count < 2)
                continue;
            var (mean, trueMean) = (Mean(sightings, s => s.Measured), Mean(sightings, s => s.True));
            var scatter = Math.Sqrt(sightings.Average(s => (s.Measured - mean).LengthSquared));
            worst.Add((detector.Scheme.Names[k], scatter));
            if (sightings.Count < LeastSightings)
                continue;
            count += sightings.Count;
            scatters.Add(scatter);
            squares += sightings.Count * scatter * scatter;
            imageSquares += sightings.Sum(s => (s.True - trueMean).LengthSquared);
            depthSquares += sightings.Sum(s => (s.Measured - s.True - (mean - trueMean)).LengthSquared);
            var place = sightings.MinBy(s => (s.True - trueMean).LengthSquared).True;
            for (var i = 0; i < sets.Length; i++)
            {
                if (!sets[i].HasFace)
                    continue;
                var isVisible = sets[i].Semantic[k].IsVisible;
                if (truth.IsHidden(i, place, HiddenBehind))
                    (hidden, hiddenFound) = (hidden + 1, hiddenFound + (isVisible ? 0 : 1));
                else
                    (seen, seenFound) = (seen + 1, seenFound + (isVisible ? 1 : 0));
            }
        }
        scatters.Sort();
        var faces = sets.Where(set => set.HasFace).ToArray();
        return new LandmarkScore
        {
            Faces = faces.Length,
            MedianVisible = faces.Select(set => set.VisibleCount).Order().ElementAtOrDefault(faces.Length / 2),
            Worst = [.. worst.OrderByDescending(landmark => landmark.Scatter)],
            Scatter = Math.Sqrt(squares / Math.Max(count, 1)), WideScatter = scatters.Count > 0 ? scatters[(int)(0.95 * scatters.Count)] : 0,
            ImageScatter = Math.Sqrt(imageSquares / Math.Max(count, 1)), DepthScatter = Math.Sqrt(depthSquares / Math.Max(count, 1)),
            HiddenFound = hiddenFound / (double)Math.Max(hidden, 1), HiddenCases = hidden, SeenFound = seenFound / (double)Math.Max(seen, 1),
            OnBackground = sets.Sum(set => set.Semantic.Count(keypoint => keypoint.IsVisible && truth.SurfaceAt(Array.IndexOf(sets, set), keypoint.U, keypoint.V) is null)),
            Named = [.. Correspondences.Where(pair => named.ContainsKey(pair.Name)).Select(pair => Distance(pair.Name, pair.Landmark, sets, truth, named[pair.Name]))],
        };
    }

    private static (string, string, double, int) Distance(string name, string landmark, KeypointSet[] sets, KeypointTruth truth, Vector3 at)
    {
        var index = sets[0].Scheme.IndexOf(landmark);
        var distances = index < 0 ? [] : Sightings(sets, truth, index).Select(s => (s.Measured - new Vector3d(at.X, at.Y, at.Z)).Length).ToArray();
        return (name, landmark, distances.Length > 0 ? distances.Average() : double.NaN, distances.Length);
    }

    /// <summary>Where in the world a landmark was seen, by the measured and by the true depth under its pixel.</summary>
    private static List<(Vector3d Measured, Vector3d True)> Sightings(KeypointSet[] sets, KeypointTruth truth, int landmark)
    {
        var sightings = new List<(Vector3d, Vector3d)>();
        for (var i = 0; i < sets.Length; i++)
            if (sets[i].HasFace && sets[i].Semantic[landmark] is { IsVisible: true, Position: { } position, U: var u, V: var v } && truth.SurfaceAt(i, u, v) is { } surface)
                sightings.Add((truth.ToWorld(i, position), surface));
        return sightings;
    }

    private static Vector3d Mean(List<(Vector3d Measured, Vector3d True)> sightings, Func<(Vector3d Measured, Vector3d True), Vector3d> of) =>
        sightings.Aggregate(Vector3d.Zero, (sum, sighting) => sum + of(sighting)) / sightings.Count;
}
