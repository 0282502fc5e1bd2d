using System.Globalization;

namespace FaceRecon;

/// <summary>A number of every vertex, to be shown as a colour.</summary>
/// <param name="Values">One a vertex, metres; those that are not finite are shown grey.</param>
/// <param name="Scale">Which colour a number has.</param>
/// <param name="Caption">What the numbers are, for the legend.</param>
public sealed record HeatMap(float[] Values, HeatScale Scale, string Caption)
{
    /// <summary>The standard deviations of a mesh; null for one that has none.</summary>
    public static HeatMap? OfSigma(TriangleMesh mesh)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        return mesh.Sigma.Length == 0 ? null : new HeatMap(mesh.Sigma, HeatScale.Sequential(mesh.Sigma), "sigma");
    }
}

/// <summary>Which colour a length has: from 0 to a limit, or from minus a limit to it around white. Metres.</summary>
public sealed class HeatScale
{
    /// <summary>What has no number.</summary>
    internal static (byte Red, byte Green, byte Blue) Unknown => (150, 150, 150);

    // From blue, which is good, over green and yellow to red; even in steps, and dark to bright to the colour-blind up to yellow.
    private static readonly int[] SequentialStops = [0x31407F, 0x2F6DA0, 0x2A95A5, 0x4FB58A, 0x9BCB5F, 0xE8D34A, 0xF0A03C, 0xD9532F];
    private static readonly int[] DivergingStops = [0x2A4A9C, 0x4F86C6, 0xA3CBE5, 0xF4F2EE, 0xF3B89A, 0xD9654A, 0xA11D2C];
    private static readonly double[] NiceLimits = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];
    // Smaller limits than this show nothing but rounding, metres.
    private const double LeastLimit = 1e-5;
    // Of more values every n-th tells as much.
    private const int MostSampled = 20_000;

    private readonly int[] _stops;

    private HeatScale(double low, double high, int[] stops) => (Low, High, _stops) = (low, high, stops);

    /// <summary>Where the first colour is, metres: 0, or minus <see cref="High"/>.</summary>
    public double Low { get; }
    /// <summary>Where the last colour is, metres.</summary>
    public double High { get; }
    /// <summary>The colours from low to high, as RRGGBB, evenly apart.</summary>
    public IReadOnlyList<string> Stops => [.. _stops.Select(stop => stop.ToString("X6", CultureInfo.InvariantCulture))];

    /// <summary>From 0 to <paramref name="limit"/>, metres.</summary>
    public static HeatScale Sequential(double limit) => new(0, Checked(limit), SequentialStops);

    /// <summary>From minus <paramref name="limit"/> to it, metres.</summary>
    public static HeatScale Diverging(double limit) => new(-Checked(limit), limit, DivergingStops);

    /// <summary>From 0 to a round number that most of the values lie below.</summary>
    public static HeatScale Sequential(ReadOnlySpan<float> values) => Sequential(RoundLimit(values));

    /// <summary>From minus a round number to it, that most of the values lie between.</summary>
    public static HeatScale Diverging(ReadOnlySpan<float> values) => Diverging(RoundLimit(values));

    /// <summary>The colour of a length; grey for one that is not finite.</summary>
    public (byte Red, byte Green, byte Blue) ColorOf(double value)
    {
        if (!double.IsFinite(value))
            return Unknown;
        var place = Math.Clamp((value - Low) / (High - Low), 0, 1) * (_stops.Length - 1);
        var first = Math.Min((int)place, _stops.Length - 2);
        var share = place - first;
        return (Mixed(16), Mixed(8), Mixed(0));

        byte Mixed(int shift) => (byte)Math.Round((1 - share) * (_stops[first] >> shift & 255) + share * (_stops[first + 1] >> shift & 255));
    }

    /// <summary>Round lengths within the scale for its legend, metres, from low to high; four to seven of them.</summary>
    public IEnumerable<double> Ticks()
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(High * 1.0001)));
        var leading = Math.Round(High / unit, 1);
        var step = unit * (leading switch { <= 1 => 0.25, <= 2 => 0.5, <= 5 => 1, _ => 2 });
        if (Low < 0)
            step = High / 2;
        for (var i = 0; Low + i * step <= High * 1.0001; i++)
            yield return Low + i * step;
    }

    private static double Checked(double limit)
    {
        if (!(limit > 0 && double.IsFinite(limit)))
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "A scale ends above 0.");
        return limit;
    }

    /// <summary>The smallest round number that 90 % of the values, whatever their sign, do not exceed.</summary>
    private static double RoundLimit(ReadOnlySpan<float> values)
    {
        var sizes = new List<float>();
        var stride = Math.Max(1, values.Length / MostSampled);
        for (var i = 0; i < values.Length; i += stride)
            if (float.IsFinite(values[i]))
                sizes.Add(MathF.Abs(values[i]));
        sizes.Sort();
        var most = Math.Max(LeastLimit, sizes.Count == 0 ? 0 : sizes[(int)Math.Ceiling(0.9 * sizes.Count) - 1]);
        var unit = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return unit * NiceLimits.First(limit => limit * unit >= most * 0.9999 || limit == NiceLimits[^1]);
    }
}
