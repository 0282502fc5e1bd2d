namespace FaceRecon;

/// <summary>
/// How sure the vertices of a mesh are: of their standard deviations along the normal, as the noise of the depth that made them gives
/// it. What all frames have wrong in common is not in it.
/// </summary>
public sealed record UncertaintyReport
{
    private const double BinMillimetres = 0.02;
    private const int Bins = 50;

    /// <summary>Median over the vertices, millimetres.</summary>
    public double MedianMillimetre { get; init; }
    /// <summary>What 95 % of the vertices do not exceed, millimetres.</summary>
    public double P95Millimetre { get; init; }
    /// <summary>Median over the vertices of the face alone, without hair, ears and neck, millimetres; null where no landmarks tell where the face is.</summary>
    public double? FaceMedianMillimetre { get; init; }
    /// <summary>What 95 % of the face's vertices do not exceed, millimetres; null as <see cref="FaceMedianMillimetre"/>.</summary>
    public double? FaceP95Millimetre { get; init; }
    /// <summary>Width of a bin of <see cref="Histogram"/>, millimetres.</summary>
    public double BinMillimetre { get; } = BinMillimetres;
    /// <summary>Vertices by standard deviation, from 0 up, a bin after the other; the last holds all that is larger.</summary>
    public IReadOnlyList<int> Histogram { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"median {MedianMillimetre:0.000} mm, 95 % below {P95Millimetre:0.000}{(FaceMedianMillimetre is { } median ? FormattableString.Invariant($"; of the face {median:0.000} and {FaceP95Millimetre:0.000}") : "")}");

    /// <summary>Of a mesh; null for one without standard deviations.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="isFace">Which vertices are the face's; null where that is not known.</param>
    internal static UncertaintyReport? Of(TriangleMesh mesh, bool[]? isFace)
    {
        if (mesh.Sigma.Length == 0)
            return null;
        var histogram = new int[Bins + 1];
        foreach (var sigma in mesh.Sigma)
            histogram[(int)Math.Min(Bins, 1000 * sigma / BinMillimetres)]++;
        var all = (float[])mesh.Sigma.Clone();
        Array.Sort(all);
        var face = isFace is null ? [] : mesh.Sigma.Where((_, v) => isFace[v]).Order().ToArray();
        return new UncertaintyReport
        {
            MedianMillimetre = Quantile(all, 0.5),
            P95Millimetre = Quantile(all, 0.95),
            FaceMedianMillimetre = face.Length > 0 ? Quantile(face, 0.5) : null,
            FaceP95Millimetre = face.Length > 0 ? Quantile(face, 0.95) : null,
            Histogram = histogram,
        };
    }

    private static double Quantile(float[] sorted, double share) => Math.Round(1000 * sorted[(int)Math.Ceiling(share * sorted.Length) - 1], 4);
}
