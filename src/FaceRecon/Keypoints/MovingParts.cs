namespace FaceRecon;

/// <summary>
/// The parts of a face that move by themselves, eyes and lips, as the semantic landmarks outline them: what lies there
/// is not fixed to the head.
/// </summary>
internal sealed class MovingParts
{
    // A blink moves the lids up to their crease and a word the skin around the lips: 4 mm of a face 150 mm across.
    private const double Margin = 0.027;

    private readonly List<(double U, double V)[]> _outlines = [];
    private double _margin;

    /// <summary>Takes the outlines of a frame's face; without a face, or without those landmarks in its scheme, there are none.</summary>
    public void Load(KeypointSet keypoints)
    {
        _outlines.Clear();
        _margin = Margin * Math.Max(keypoints.FaceBox.Width, keypoints.FaceBox.Height);
        if (!keypoints.HasFace)
            return;
        foreach (var names in (IEnumerable<string>[])[Eye("Right"), Eye("Left"), Lips()])
        {
            var outline = names.Select(name => keypoints[name]).OfType<SemanticKeypoint>().Select(landmark => (landmark.U, landmark.V)).ToArray();
            if (outline.Length >= 4)
                _outlines.Add(outline);
        }
    }

    /// <summary>Whether a pixel lies on such a part, or near its rim.</summary>
    public bool Contain(double u, double v)
    {
        foreach (var outline in _outlines)
            if (IsNear(outline, u, v))
                return true;
        return false;
    }

    private bool IsNear((double U, double V)[] outline, double u, double v)
    {
        var inside = false;
        var (fromU, fromV) = outline[^1];
        foreach (var (toU, toV) in outline)
        {
            // Crossing number (Haines, "Point in polygon strategies", Graphics Gems IV, 1994), and the distance to each side.
            if (fromV > v != toV > v && u < fromU + (v - fromV) / (toV - fromV) * (toU - fromU))
                inside = !inside;
            var (du, dv) = (toU - fromU, toV - fromV);
            var along = Math.Clamp(((u - fromU) * du + (v - fromV) * dv) / Math.Max(du * du + dv * dv, 1e-12), 0, 1);
            var (su, sv) = (fromU + along * du - u, fromV + along * dv - v);
            if (su * su + sv * sv < _margin * _margin)
                return true;
            (fromU, fromV) = (toU, toV);
        }
        return inside;
    }

    private static IEnumerable<string> Eye(string side) =>
    [
        $"{side}EyeOuterCorner", .. Numbered($"{side}UpperLid", 7), $"{side}EyeInnerCorner", .. Numbered($"{side}LowerLid", 7).Reverse(),
    ];

    private static IEnumerable<string> Lips() =>
    [
        "RightMouthCorner", .. Numbered("RightUpperLipOuter", 4), "UpperLipTop", .. Numbered("LeftUpperLipOuter", 4).Reverse(),
        "LeftMouthCorner", .. Numbered("LeftLowerLipOuter", 4), "LowerLipBottom", .. Numbered("RightLowerLipOuter", 4).Reverse(),
    ];

    private static IEnumerable<string> Numbered(string name, int count) => Enumerable.Range(1, count).Select(i => $"{name}{i}");
}
