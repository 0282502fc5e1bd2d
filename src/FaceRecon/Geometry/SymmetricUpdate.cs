using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// Some rows s, to take the sum of s s' from the lower triangle of a symmetric matrix. Each square by itself would read and
/// write most of the matrix; many together are a product S'S, whose tiles of eight by eight stay in registers.
/// </summary>
internal sealed class SymmetricUpdate
{
    /// <summary>Side of a tile.</summary>
    public const int TileSize = 8;

    // The eight columns of a tile together, row by row.
    private readonly double[] _rows;

    /// <param name="size">Columns of the rows, as of the matrix.</param>
    /// <param name="capacity">Most rows.</param>
    public SymmetricUpdate(int size, int capacity) => (Capacity, _rows) = (capacity, new double[(size + TileSize - 1) / TileSize * TileSize * capacity]);

    /// <summary>Most rows.</summary>
    public int Capacity { get; }

    /// <summary>The eight values of a row that belong to a tile's columns.</summary>
    public Span<double> this[int tile, int row] => _rows.AsSpan((tile * Capacity + row) * TileSize, TileSize);

    /// <summary>Sets a tile's columns of all rows to zero.</summary>
    public void Clear(int tile) => _rows.AsSpan(tile * Capacity * TileSize, Capacity * TileSize).Clear();

    /// <summary>Takes S'S from one tile of the matrix; a tile on the diagonal as a whole.</summary>
    /// <param name="matrix">The matrix, row by row, its rows as long as whole tiles.</param>
    /// <param name="stride">Length of its rows.</param>
    /// <param name="size">How many rows it has.</param>
    /// <param name="count">How many rows s there are.</param>
    /// <param name="tileRow">The tile's place, tiles from the top.</param>
    /// <param name="tileColumn">The tile's place, tiles from the left.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void TakeFrom(Span<double> matrix, int stride, int size, int count, int tileRow, int tileColumn)
    {
        ref var rows = ref MemoryMarshal.GetArrayDataReference(_rows);
        ref var target = ref MemoryMarshal.GetReference(matrix);
        var (left, right) = ((nuint)(tileRow * Capacity * TileSize), (nuint)(tileColumn * Capacity * TileSize));
        for (var half = 0; half < TileSize && tileRow * TileSize + half < size; half += 4)
        {
            Vector256<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            for (nuint k = 0; k < (nuint)(count * TileSize); k += TileSize)
            {
                var (low, high) = (Vector256.LoadUnsafe(ref rows, right + k), Vector256.LoadUnsafe(ref rows, right + k + 4));
                ref var from = ref Unsafe.Add(ref rows, left + k + (nuint)half);
                var (a, b, c, d) = (Vector256.Create(from), Vector256.Create(Unsafe.Add(ref from, 1)), Vector256.Create(Unsafe.Add(ref from, 2)), Vector256.Create(Unsafe.Add(ref from, 3)));
                (a0, a1) = (Vector256.FusedMultiplyAdd(a, low, a0), Vector256.FusedMultiplyAdd(a, high, a1));
                (b0, b1) = (Vector256.FusedMultiplyAdd(b, low, b0), Vector256.FusedMultiplyAdd(b, high, b1));
                (c0, c1) = (Vector256.FusedMultiplyAdd(c, low, c0), Vector256.FusedMultiplyAdd(c, high, c1));
                (d0, d1) = (Vector256.FusedMultiplyAdd(d, low, d0), Vector256.FusedMultiplyAdd(d, high, d1));
            }
            for (var r = 0; r < 4 && tileRow * TileSize + half + r < size; r++)
            {
                var at = (nuint)((tileRow * TileSize + half + r) * stride + tileColumn * TileSize);
                var (low, high) = r switch { 0 => (a0, a1), 1 => (b0, b1), 2 => (c0, c1), _ => (d0, d1) };
                (Vector256.LoadUnsafe(ref target, at) - low).StoreUnsafe(ref target, at);
                (Vector256.LoadUnsafe(ref target, at + 4) - high).StoreUnsafe(ref target, at + 4);
            }
        }
    }
}
