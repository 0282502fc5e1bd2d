namespace FaceRecon;

/// <summary>Distances from one surface to another, millimetres.</summary>
public sealed record DistanceSummary
{
    /// <summary>Mean.</summary>
    public double MeanMillimetre { get; init; }
    /// <summary>Root of the mean square.</summary>
    public double RmsMillimetre { get; init; }
    /// <summary>What half of them stay below.</summary>
    public double MedianMillimetre { get; init; }
    /// <summary>What 95 % of them stay below.</summary>
    public double Percentile95Millimetre { get; init; }
    /// <summary>The largest.</summary>
    public double MaximumMillimetre { get; init; }
    /// <summary>Places measured.</summary>
    public int Samples { get; init; }

    /// <summary>Of distances in metres, in ascending order.</summary>
    /// <param name="sorted">The distances; at least one.</param>
    /// <param name="cap">Larger ones count as this in the mean and the rms, metres: how far away what is missing is, is not worth knowing.</param>
    internal static DistanceSummary Of(ReadOnlySpan<float> sorted, double cap = double.MaxValue)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var distance in sorted)
        {
            var d = Math.Min(distance, cap);
            (sum, squares) = (sum + d, squares + d * d);
        }
        return new DistanceSummary
        {
            MeanMillimetre = 1000 * sum / sorted.Length,
            RmsMillimetre = 1000 * Math.Sqrt(squares / sorted.Length),
            MedianMillimetre = 1000 * Percentile(sorted, 0.5),
            Percentile95Millimetre = 1000 * Percentile(sorted, 0.95),
            MaximumMillimetre = 1000 * sorted[^1],
            Samples = sorted.Length,
        };
    }

    /// <summary>What a share of sorted numbers stays below, between two of them where it falls there.</summary>
    internal static double Percentile(ReadOnlySpan<float> sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return sorted[below] + (place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"mean {MeanMillimetre:0.000}, median {MedianMillimetre:0.000}, 95 % {Percentile95Millimetre:0.000} mm");
}

/// <summary>How much of two surfaces lies within a distance of the other.</summary>
public sealed record ThresholdScore
{
    /// <summary>The distance, millimetres.</summary>
    public double ThresholdMillimetre { get; init; }
    /// <summary>Share of the result within it of the reference, 0 to 1.</summary>
    public double Accuracy { get; init; }
    /// <summary>Share of the reference within it of the result, 0 to 1.</summary>
    public double Completeness { get; init; }
    /// <summary>The harmonic mean of both, 0 to 1 (Knapitsch et al., "Tanks and Temples", 2017).</summary>
    public double FScore => Accuracy + Completeness > 0 ? 2 * Accuracy * Completeness / (Accuracy + Completeness) : 0;

    internal static ThresholdScore Of(double threshold, float[] accuracy, float[] completeness) => new()
    {
        ThresholdMillimetre = 1000 * threshold,
        Accuracy = Share(accuracy, threshold),
        Completeness = Share(completeness, threshold),
    };

    private static double Share(float[] distances, double threshold) => (double)Array.FindAll(distances, d => d < threshold).Length / distances.Length;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"within {ThresholdMillimetre:0.##} mm: {Accuracy:P1} accurate, {Completeness:P1} complete, F {FScore:0.000}");
}
