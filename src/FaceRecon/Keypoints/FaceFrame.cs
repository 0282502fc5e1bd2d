namespace FaceRecon;

/// <summary>
/// The face's own frame: origin between the eyes, x to the subject's left, y up, z out of the face, metres. Its axes are those
/// of the canonical face, laid over all landmarks at once, so that no crooked nose or single wrong landmark tilts it.
/// </summary>
public static class FaceFrame
{
    private const int LeastLandmarks = 12;
    private static readonly string[] EyeCorners = ["RightEyeOuterCorner", "RightEyeInnerCorner", "LeftEyeInnerCorner", "LeftEyeOuterCorner"];

    /// <summary>Finds it.</summary>
    /// <param name="landmarks">Landmarks in some frame, metres; those with names of <see cref="KeypointScheme.FaceMesh468"/> count.</param>
    /// <returns>From the landmarks' frame to the face's; null where fewer than twelve such landmarks are known, or they do not fix it.</returns>
    public static RigidTransform? Locate(IEnumerable<FaceLandmark> landmarks)
    {
        ArgumentNullException.ThrowIfNull(landmarks);
        var known = landmarks.Where(landmark => KeypointScheme.FaceMesh468.IndexOf(landmark.Name) >= 0).ToArray();
        if (known.Length < LeastLandmarks)
            return null;
        // The rotation of Horn's solution is that of the similarity too: it does not depend on how large the two faces are.
        var pairs = Array.ConvertAll(known, landmark => new PointPair(landmark.Position, Canonical(landmark.Name), 1));
        return Procrustes.Align(pairs) is { } aligned ? aligned with { Translation = -aligned.Rotate(BetweenTheEyes(known, pairs, aligned)) } : null;
    }

    // Where a corner was never seen, the canonical face has it, as large as this face is.
    private static Vector3d BetweenTheEyes(FaceLandmark[] known, PointPair[] pairs, RigidTransform aligned)
    {
        var (here, there) = (Mean(pairs.Select(pair => pair.From)), Mean(pairs.Select(pair => pair.To)));
        var scale = Math.Sqrt(pairs.Sum(pair => (pair.From - here).LengthSquared) / pairs.Sum(pair => (pair.To - there).LengthSquared));
        return Mean(EyeCorners.Select(name => Array.Find(known, landmark => landmark.Name == name)?.Position
            ?? here + scale * aligned.Inverse().Rotate(Canonical(name) - there)));
    }

    /// <summary>The place between the eyes of the canonical face, in that face's own coordinates.</summary>
    internal static Vector3d EyesOfCanonicalFace => Mean(EyeCorners.Select(Canonical));

    private static Vector3d Canonical(string name) => CanonicalFace.Instance.Vertices[KeypointScheme.FaceMesh468.IndexOf(name)];

    private static Vector3d Mean(IEnumerable<Vector3d> points)
    {
        var (sum, count) = (Vector3d.Zero, 0);
        foreach (var point in points)
            (sum, count) = (sum + point, count + 1);
        return sum / count;
    }
}
