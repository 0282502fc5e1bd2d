namespace FaceRecon;

/// <summary>A face that <see cref="FaceDetector"/> saw.</summary>
/// <param name="Square">Its box, as wide as the face, turned so that the eyes lie level and the brow is up.</param>
/// <param name="Score">0 to 1.</param>
internal readonly record struct DetectedFace(OrientedSquare Square, double Score);

/// <summary>
/// BlazeFace, short range (Bazarevsky et al., "BlazeFace: Sub-millisecond neural face detection on mobile GPUs",
/// 2019): 128x128 pixels in, 896 anchors out, each with a score, a box and six points.
/// </summary>
internal sealed class FaceDetector : IDisposable
{
    private const int Side = 128;
    private const int AnchorCount = 896;
    private const int ValuesPerAnchor = 16;
    // Box (x, y, width, height), then right eye, left eye, nose, mouth, ears.
    private const int RightEye = 4, LeftEye = 6;
    private const float ScoreClip = 100;
    private const double LeastScore = 0.5;
    private const double LeastOverlap = 0.3;

    private readonly OnnxModel _model;
    private readonly float[] _input = new float[3 * Side * Side];
    private readonly (float X, float Y)[] _anchors = MakeAnchors();

    /// <summary>Loads the model.</summary>
    public FaceDetector(int threads)
    {
        _model = new OnnxModel(BundledFiles.FaceDetection, threads);
        if (_model.Outputs is not [{ Shape: [1, AnchorCount, ValuesPerAnchor] }, { Shape: [1, AnchorCount, 1] }])
            throw _model.Invalid("is not the face detection model that the build makes");
    }

    /// <summary>Finds the faces that stand upright when the image is turned so that <paramref name="up"/> is up.</summary>
    /// <returns>The faces, best score first.</returns>
    public List<DetectedFace> Detect(ColorImage image, ImageDirection up)
    {
        var frame = new OrientedSquare(0.5 * (image.Width - 1), 0.5 * (image.Height - 1), Math.Max(image.Width, image.Height), up.Angle());
        ImageSampler.Sample(image, frame, Side, [2 / 255f, 2 / 255f, 2 / 255f], [-1, -1, -1], _input);
        using var result = _model.Run(_input, 1, 3, Side, Side);
        var regressors = result.Values(0);
        var logits = result.Values(1);
        var candidates = new List<Candidate>();
        for (var i = 0; i < AnchorCount; i++)
        {
            var score = 1 / (1 + Math.Exp(-Math.Clamp(logits[i], -ScoreClip, ScoreClip)));
            if (score >= LeastScore)
                candidates.Add(new Candidate(score, Decode(regressors.Slice(i * ValuesPerAnchor, ValuesPerAnchor), _anchors[i])));
        }
        candidates.Sort((a, b) => b.Score.CompareTo(a.Score));
        return Suppress(candidates).ConvertAll(candidate => ToFace(candidate, frame));
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    // Two anchors in each cell of 8 pixels, six in each of 16 (three layers of two).
    private static (float X, float Y)[] MakeAnchors()
    {
        var anchors = new List<(float, float)>(AnchorCount);
        foreach (var (stride, perCell) in ((int, int)[])[(8, 2), (16, 6)])
        for (var row = 0; row < Side / stride; row++)
        for (var column = 0; column < Side / stride; column++)
        for (var k = 0; k < perCell; k++)
            anchors.Add(((column + 0.5f) * stride / Side, (row + 0.5f) * stride / Side));
        return [.. anchors];
    }

    // Everything is in pixels of the 128, relative to the anchor, but for the box's extent.
    private static double[] Decode(ReadOnlySpan<float> values, (float X, float Y) anchor)
    {
        var decoded = new double[ValuesPerAnchor];
        for (var k = 0; k < ValuesPerAnchor; k += 2)
        {
            decoded[k] = values[k] / Side + (k == 2 ? 0 : anchor.X);
            decoded[k + 1] = values[k + 1] / Side + (k == 2 ? 0 : anchor.Y);
        }
        return decoded;
    }

    /// <summary>Overlapping boxes become one, the mean of them weighted by score (BlazeFace's blending, steadier than the best one alone).</summary>
    private static List<Candidate> Suppress(List<Candidate> candidates)
    {
        var kept = new List<Candidate>();
        while (candidates.Count > 0)
        {
            var best = candidates[0];
            var overlapping = candidates.FindAll(other => Overlap(best.Values, other.Values) > LeastOverlap);
            candidates.RemoveAll(overlapping.Contains);
            candidates.Remove(best);
            var total = 0.0;
            var mean = new double[ValuesPerAnchor];
            foreach (var other in overlapping)
            {
                total += other.Score;
                for (var k = 0; k < mean.Length; k++)
                    mean[k] += other.Score * other.Values[k];
            }
            if (total > 0)
                kept.Add(new Candidate(best.Score, Array.ConvertAll(mean, value => value / total)));
        }
        return kept;
    }

    private static double Overlap(double[] a, double[] b)
    {
        var width = Math.Min(a[0] + a[2] / 2, b[0] + b[2] / 2) - Math.Max(a[0] - a[2] / 2, b[0] - b[2] / 2);
        var height = Math.Min(a[1] + a[3] / 2, b[1] + b[3] / 2) - Math.Max(a[1] - a[3] / 2, b[1] - b[3] / 2);
        var common = Math.Max(width, 0) * Math.Max(height, 0);
        var union = a[2] * a[3] + b[2] * b[3] - common;
        return union > 0 ? common / union : 0;
    }

    private static DetectedFace ToFace(Candidate candidate, OrientedSquare frame)
    {
        var values = candidate.Values;
        var (u, v) = frame.ToImage(values[0], values[1]);
        var (rightU, rightV) = frame.ToImage(values[RightEye], values[RightEye + 1]);
        var (leftU, leftV) = frame.ToImage(values[LeftEye], values[LeftEye + 1]);
        var square = new OrientedSquare(u, v, Math.Max(values[2], values[3]) * frame.Size, Math.Atan2(leftV - rightV, leftU - rightU));
        return new DetectedFace(square, candidate.Score);
    }

    private sealed record Candidate(double Score, double[] Values);
}
