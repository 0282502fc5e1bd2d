namespace FaceRecon;

/// <summary>
/// Whether the depth under a landmark is where the model's shape has it. The shape's relief is right up to scale and
/// a tilt, so z = a + b relief + c u + d v is fitted to the depths of all landmarks by iteratively reweighted least
/// squares with Tukey's biweight; a landmark far from it lies on something else than the face's surface there.
/// </summary>
internal static class ReliefFit
{
    // Three times this is where a depth has no say: 2 cm, more than a model's shape errs and less than a nose sticks out.
    private const double Cutoff = 0.02;
    private const int Iterations = 8;
    private const int Unknowns = 4;

    /// <summary>How far behind the fitted shape every depth is, metres; NaN where there is no depth.</summary>
    /// <param name="landmarks">Landmarks with relief.</param>
    /// <param name="depths">The depth under each, metres; 0 where there is none.</param>
    /// <param name="weights">How much each may say, 0 for none.</param>
    /// <param name="focal">Focal length, pixels.</param>
    /// <param name="residuals">The result.</param>
    /// <param name="reliefScale">b, 1 for a shape that is exactly right: far from it the landmarks are not on the parts that they are named after.</param>
    /// <returns>False where too few landmarks have depth.</returns>
    public static bool TryFit(
        ImageLandmarks landmarks, ReadOnlySpan<double> depths, ReadOnlySpan<double> weights, double focal, Span<double> residuals, out double reliefScale)
    {
        reliefScale = 1;
        residuals.Fill(double.NaN);
        var middle = Median(depths, weights);
        if (middle <= 0)
            return false;
        double meanU = 0, meanV = 0;
        for (var i = 0; i < landmarks.Count; i++)
            (meanU, meanV) = (meanU + landmarks.U[i] / landmarks.Count, meanV + landmarks.V[i] / landmarks.Count);
        // Start from the shape as it is, at the median distance: all terms in metres.
        var metresPerPixel = middle / focal;
        Span<double> solution = [middle, 1, 0, 0];
        Span<double> row = stackalloc double[Unknowns];
        Span<double> normal = stackalloc double[Unknowns * (Unknowns + 1)];
        for (var iteration = 0; iteration <= Iterations; iteration++)
        {
            normal.Clear();
            // Wide at first, while the start is rough.
            var cutoff = Cutoff * (1 + 2.0 * (Iterations - iteration) / Iterations);
            for (var i = 0; i < landmarks.Count; i++)
            {
                if (depths[i] <= 0)
                    continue;
                (row[0], row[1], row[2], row[3]) =
                    (1, landmarks.Relief[i] * metresPerPixel, (landmarks.U[i] - meanU) * metresPerPixel, (landmarks.V[i] - meanV) * metresPerPixel);
                residuals[i] = depths[i] - (solution[0] + solution[1] * row[1] + solution[2] * row[2] + solution[3] * row[3]);
                var ratio = residuals[i] / cutoff;
                if (weights[i] <= 0 || Math.Abs(ratio) >= 1)
                    continue;
                var weight = weights[i] * (1 - ratio * ratio) * (1 - ratio * ratio);
                for (var r = 0; r < Unknowns; r++)
                {
                    for (var c = 0; c < Unknowns; c++)
                        normal[r * (Unknowns + 1) + c] += weight * row[r] * row[c];
                    normal[r * (Unknowns + 1) + Unknowns] += weight * row[r] * depths[i];
                }
            }
            if (iteration < Iterations && !LinearSystem.TrySolve(normal, Unknowns, solution))
                return false;
        }
        reliefScale = solution[1];
        return true;
    }

    private static double Median(ReadOnlySpan<double> depths, ReadOnlySpan<double> weights)
    {
        var valid = new List<double>(depths.Length);
        for (var i = 0; i < depths.Length; i++)
            if (depths[i] > 0 && weights[i] > 0)
                valid.Add(depths[i]);
        valid.Sort();
        return valid.Count >= 3 * Unknowns ? valid[valid.Count / 2] : 0;
    }
}
