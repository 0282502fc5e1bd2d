using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// Takes eliminated coordinates from the normal equations, H -= sum of s s', many at a time: each square by itself would read
/// and write most of H, many together are a product of matrices S'S whose tiles stay in registers.
/// </summary>
/// <remarks>Coordinates of places beside each other hang on the same frames; the blocks that none of them touches are left out.</remarks>
internal sealed class SchurComplement
{
    private const int Capacity = 32;
    private const int BlockSize = EliminatedCoordinate.BlockSize;

    // Block by block, in each block row by row.
    private readonly double[] _rows;
    private readonly bool[] _touched;
    private readonly List<int> _active = [];
    private int _count;

    /// <param name="size">Number of unknowns.</param>
    public SchurComplement(int size)
    {
        var stride = NormalSystem.StrideOf(size);
        _rows = new double[stride * Capacity];
        _touched = new bool[stride / BlockSize];
    }

    /// <summary>Takes s s' scale^2 from the system, now or by the next <see cref="Flush"/>.</summary>
    public void Take(EliminatedCoordinate coordinate, double scale, NormalSystem system)
    {
        var factor = Vector256.Create(scale);
        for (var block = 0; block < coordinate.BlockCount; block++)
        {
            if (!coordinate.Touches(block))
                continue;
            _touched[block] = true;
            var from = coordinate.Block(block);
            var to = _rows.AsSpan((block * Capacity + _count) * BlockSize, BlockSize);
            (Vector256.Create(from[..4]) * factor).CopyTo(to);
            (Vector256.Create(from[4..]) * factor).CopyTo(to[4..]);
        }
        if (++_count == Capacity)
            Flush(system);
    }

    /// <summary>Takes from the system what waits.</summary>
    public void Flush(NormalSystem system)
    {
        _active.Clear();
        for (var block = 0; block < _touched.Length; block++)
            if (_touched[block])
                _active.Add(block);
        for (var i = 0; i < _active.Count; i++)
        for (var j = 0; j <= i; j++)
            TakeTile(system, _active[i], _active[j]);
        foreach (var block in _active)
            _rows.AsSpan(block * Capacity * BlockSize, Capacity * BlockSize).Clear();
        Array.Clear(_touched);
        _count = 0;
    }

    private void TakeTile(NormalSystem system, int blockRow, int blockColumn)
    {
        ref var rows = ref MemoryMarshal.GetArrayDataReference(_rows);
        ref var matrix = ref MemoryMarshal.GetReference(system.Matrix);
        var (left, right) = ((nuint)(blockRow * Capacity * BlockSize), (nuint)(blockColumn * Capacity * BlockSize));
        for (var half = 0; half < BlockSize && blockRow * BlockSize + half < system.Size; half += 4)
        {
            Vector256<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            for (nuint k = 0; k < (nuint)(_count * BlockSize); k += BlockSize)
            {
                var (low, high) = (Vector256.LoadUnsafe(ref rows, right + k), Vector256.LoadUnsafe(ref rows, right + k + 4));
                var from = Vector256.LoadUnsafe(ref rows, left + k + (nuint)half);
                var (a, b, c, d) = (Vector256.Create(from[0]), Vector256.Create(from[1]), Vector256.Create(from[2]), Vector256.Create(from[3]));
                (a0, a1) = (Vector256.FusedMultiplyAdd(a, low, a0), Vector256.FusedMultiplyAdd(a, high, a1));
                (b0, b1) = (Vector256.FusedMultiplyAdd(b, low, b0), Vector256.FusedMultiplyAdd(b, high, b1));
                (c0, c1) = (Vector256.FusedMultiplyAdd(c, low, c0), Vector256.FusedMultiplyAdd(c, high, c1));
                (d0, d1) = (Vector256.FusedMultiplyAdd(d, low, d0), Vector256.FusedMultiplyAdd(d, high, d1));
            }
            for (var r = 0; r < 4 && blockRow * BlockSize + half + r < system.Size; r++)
            {
                var at = (nuint)((blockRow * BlockSize + half + r) * system.Stride + blockColumn * BlockSize);
                var (low, high) = r switch { 0 => (a0, a1), 1 => (b0, b1), 2 => (c0, c1), _ => (d0, d1) };
                (Vector256.LoadUnsafe(ref matrix, at) - low).StoreUnsafe(ref matrix, at);
                (Vector256.LoadUnsafe(ref matrix, at + 4) - high).StoreUnsafe(ref matrix, at + 4);
            }
        }
    }
}
