using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// A derivative by all unknowns that is nothing but in a few runs of four: what a pixel depends on is its frame's pose and depth
/// (two runs), and of each spline four controls in each of four rows.
/// </summary>
internal sealed class SparseRow
{
    // Frame 2, its own spline 4, the shared one 4, focal length 1.
    private const int MostRuns = 11;

    private readonly int[] _starts = new int[MostRuns];
    private readonly Vector256<double>[] _values = new Vector256<double>[MostRuns];
    private int _count;

    /// <summary>First unknown of each run, ascending; runs do not overlap.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, _count);
    /// <summary>The derivatives by the four unknowns of each run.</summary>
    public ReadOnlySpan<Vector256<double>> Values => _values.AsSpan(0, _count);

    /// <summary>Back to nothing.</summary>
    public void Clear() => _count = 0;

    /// <summary>Appends a run. It may go up to three beyond the last unknown, with zeros.</summary>
    public void Append(int start, Vector256<double> values)
    {
        _starts[_count] = start;
        _values[_count++] = values;
    }
}
