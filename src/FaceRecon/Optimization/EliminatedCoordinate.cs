using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// What the elimination of one unknown coordinate takes from the normal equations (Schur complement): the sum s of the
/// weighted derivatives of all that hangs on it, of which s s' is taken away.
/// </summary>
internal sealed class EliminatedCoordinate
{
    private const int TileSize = SymmetricUpdate.TileSize;

    private readonly double[] _sum;
    private readonly bool[] _touched;

    /// <param name="size">Number of unknowns.</param>
    public EliminatedCoordinate(int size)
    {
        _sum = new double[NormalSystem.StrideOf(size)];
        _touched = new bool[_sum.Length / TileSize];
    }

    /// <summary>Number of tiles.</summary>
    public int TileCount => _touched.Length;

    /// <summary>Whether anything was added to a tile.</summary>
    public bool Touches(int tile) => _touched[tile];

    /// <summary>The sum's part in a tile.</summary>
    public ReadOnlySpan<double> Tile(int tile) => _sum.AsSpan(tile * TileSize, TileSize);

    /// <summary>Adds a weighted derivative.</summary>
    public void Add(SparseRow row, double weight)
    {
        var starts = row.Starts;
        var values = row.Values;
        for (var k = 0; k < starts.Length; k++)
        {
            var target = _sum.AsSpan(starts[k], 4);
            (Vector256.Create<double>(target) + values[k] * weight).CopyTo(target);
            _touched[starts[k] / TileSize] = true;
            _touched[(starts[k] + 3) / TileSize] = true;
        }
    }

    /// <summary>Back to nothing.</summary>
    public void Clear()
    {
        for (var tile = 0; tile < _touched.Length; tile++)
            if (_touched[tile])
                _sum.AsSpan(tile * TileSize, TileSize).Clear();
        Array.Clear(_touched);
    }
}
