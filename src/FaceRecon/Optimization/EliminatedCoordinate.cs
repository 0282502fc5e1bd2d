using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// What the elimination of one unknown coordinate takes from the normal equations (Schur complement): the sum s of the
/// weighted derivatives of all that hangs on it, of which s s' is taken away.
/// </summary>
internal sealed class EliminatedCoordinate
{
    /// <summary>Unknowns of a block.</summary>
    public const int BlockSize = 8;

    private readonly double[] _sum;
    private readonly bool[] _touched;

    /// <param name="size">Number of unknowns.</param>
    public EliminatedCoordinate(int size)
    {
        _sum = new double[NormalSystem.StrideOf(size)];
        _touched = new bool[_sum.Length / BlockSize];
    }

    /// <summary>Number of blocks.</summary>
    public int BlockCount => _touched.Length;

    /// <summary>Whether anything was added to a block.</summary>
    public bool Touches(int block) => _touched[block];

    /// <summary>The sum's part in a block.</summary>
    public ReadOnlySpan<double> Block(int block) => _sum.AsSpan(block * BlockSize, BlockSize);

    /// <summary>Adds a weighted derivative.</summary>
    public void Add(SparseRow row, double weight)
    {
        var starts = row.Starts;
        var values = row.Values;
        for (var k = 0; k < starts.Length; k++)
        {
            var target = _sum.AsSpan(starts[k], 4);
            (Vector256.Create<double>(target) + values[k] * weight).CopyTo(target);
            _touched[starts[k] / BlockSize] = true;
            _touched[(starts[k] + 3) / BlockSize] = true;
        }
    }

    /// <summary>Back to nothing.</summary>
    public void Clear()
    {
        for (var block = 0; block < _touched.Length; block++)
            if (_touched[block])
                _sum.AsSpan(block * BlockSize, BlockSize).Clear();
        Array.Clear(_touched);
    }
}
