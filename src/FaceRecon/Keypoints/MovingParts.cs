using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// What moves by itself, eyes, lips and neck, as the semantic landmarks outline them: what lies there is not fixed to the head.
/// </summary>
internal sealed class MovingParts
{
    // A blink moves the lids up to their crease and a word the skin around the lips: 4 mm of a face 150 mm across.
    private const double Margin = 0.027;

    // A jaw's line too short in the image has no direction: a share of the face's size.
    private const double LeastJaw = 0.25;

    private readonly List<(double U, double V)[]> _outlines = [];
    private readonly List<(SemanticKeypoint Corner, double Half, double NoseSide)> _jaws = [];
    private SemanticKeypoint? _chin, _nasion;
    private double _margin;

    /// <summary>Takes the outlines of a frame's face; without a face, or without those landmarks in its scheme, there are none.</summary>
    public void Load(KeypointSet keypoints)
    {
        _outlines.Clear();
        _jaws.Clear();
        _margin = Margin * Math.Max(keypoints.FaceBox.Width, keypoints.FaceBox.Height);
        if (!keypoints.HasFace)
            return;
        foreach (var names in (IEnumerable<string>[])[Eye("Right"), Eye("Left"), Lips()])
        {
            var outline = names.Select(name => keypoints[name]).OfType<SemanticKeypoint>().Select(landmark => (landmark.U, landmark.V)).ToArray();
            if (outline.Length >= 4)
                _outlines.Add(outline);
        }
        LoadJaws(keypoints);
    }

    /// <summary>Whether a pixel lies on such a part, or near its rim.</summary>
    public bool Contain(double u, double v)
    {
        foreach (var outline in _outlines)
            if (IsNear(outline, u, v))
                return true;
        return IsBelowJaw(u, v);
    }

    // The line from the chin to each corner of the jaw, which half of the face it bounds, and on which side of it the nose is.
    private void LoadJaws(KeypointSet keypoints)
    {
        (_chin, _nasion) = (keypoints["Menton"], keypoints["Nasion"]);
        if (_chin is null || _nasion is null)
            return;
        var least = LeastJaw * Math.Max(keypoints.FaceBox.Width, keypoints.FaceBox.Height);
        foreach (var name in (string[])["RightGonion", "LeftGonion"])
            if (keypoints[name] is { } corner && Math.Pow(corner.U - _chin.U, 2) + Math.Pow(corner.V - _chin.V, 2) > least * least)
                _jaws.Add((corner, Side(_chin, _nasion, corner.U, corner.V), Side(_chin, corner, _nasion.U, _nasion.V)));
    }

    // Below the jaw's line of its half of the face is the neck.
    private bool IsBelowJaw(double u, double v)
    {
        var below = false;
        foreach (var (corner, half, noseSide) in _jaws)
        {
            if (Side(_chin!, _nasion!, u, v) * half < 0)
                continue;
            if (Side(_chin!, corner, u, v) * noseSide > 0)
                return false;
            below = true;
        }
        return below;
    }

    private static double Side(SemanticKeypoint from, SemanticKeypoint to, double u, double v) =>
        (to.U - from.U) * (v - from.V) - (to.V - from.V) * (u - from.U);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
