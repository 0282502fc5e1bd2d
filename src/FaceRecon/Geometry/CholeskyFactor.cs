using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FaceRecon;

/// <summary>
/// H + damping diag H = L L' for a dense symmetric matrix, block row by block row (right-looking): after a block of
/// columns is done, what they explain is taken from the rest, rows on both cores. Each entry is computed by one thread in
/// a fixed order, so the result does not depend on their number.
/// </summary>
internal sealed class CholeskyFactor
{
    private const int Block = 32, Tile = SymmetricUpdate.TileSize;

    private readonly double[] _l;
    private readonly int _size, _stride;
    private readonly SymmetricUpdate _update;

    /// <param name="matrix">H, row by row; only what is on and below the diagonal is read.</param>
    /// <param name="size">Rows.</param>
    /// <param name="damping">Share of the diagonal that is added.</param>
    /// <param name="stride">Length of a row in the array, where that is more than the size.</param>
    public CholeskyFactor(ReadOnlySpan<double> matrix, int size, double damping, int? stride = null)
    {
        _size = size;
        _stride = (size + Tile - 1) / Tile * Tile;
        _l = new double[(long)size * _stride];
        _update = new SymmetricUpdate(size, Block);
        for (var i = 0; i < size; i++)
        {
            matrix.Slice(i * (stride ?? size), i + 1).CopyTo(_l.AsSpan(i * _stride));
            _l[i * _stride + i] *= 1 + damping;
        }
    }

    /// <returns>False where the matrix is not positive definite to working precision.</returns>
    public bool TryFactor(int threads, CancellationToken cancellation)
    {
        var options = Threads.Options(threads, cancellation);
        for (var start = 0; start < _size; start += Block)
        {
            var end = Math.Min(start + Block, _size);
            for (var row = start; row < end; row++)
                if (!FactorRow(row, start))
                    return false;
            if (end == _size)
                break;
            var (firstTile, tiles) = (end / Tile, _stride / Tile);
            Parallel.For(firstTile, tiles, options, tile =>
            {
                for (var row = tile * Tile; row < Math.Min((tile + 1) * Tile, _size); row++)
                    SolveRow(row, start, end);
            });
            Parallel.For(firstTile, tiles, options, part =>
            {
                // The long rows first, so that the cores end together.
                var tile = tiles - 1 - (part - firstTile);
                for (var column = firstTile; column <= tile; column++)
                    _update.TakeFrom(_l, _stride, _size, end - start, tile, column);
            });
        }
        return true;
    }

    /// <summary>L L' x = b, in place.</summary>
    public void Solve(Span<double> x)
    {
        for (var row = 0; row < _size; row++)
            x[row] = (x[row] - Dot(Row(row, 0, row), x[..row])) / _l[row * _stride + row];
        for (var row = _size - 1; row >= 0; row--)
        {
            x[row] /= _l[row * _stride + row];
            TensorPrimitives.MultiplyAdd(Row(row, 0, row), -x[row], x[..row], x[..row]);
        }
    }

    private Span<double> Row(int row, int start, int end) => _l.AsSpan(row * _stride + start, end - start);

    // A row of the diagonal block against the rows of the block above it.
    private bool FactorRow(int row, int start)
    {
        var line = Row(row, start, row + 1);
        var before = line[^1];
        for (var column = start; column < row; column++)
            line[column - start] = (line[column - start] - Dot(Row(column, start, column), line[..(column - start)])) / _l[column * _stride + column];
        var pivot = before - Dot(line[..^1], line[..^1]);
        if (!(pivot > 1e-13 * before))
            return false;
        line[^1] = Math.Sqrt(pivot);
        return true;
    }

    private void SolveRow(int row, int start, int end)
    {
        var line = Row(row, start, end);
        for (var column = start; column < end; column++)
        {
            line[column - start] = (line[column - start] - Dot(Row(column, start, column), line[..(column - start)])) / _l[column * _stride + column];
            _update[row / Tile, column - start][row % Tile] = line[column - start];
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var left = MemoryMarshal.Cast<double, Vector<double>>(a);
        var right = MemoryMarshal.Cast<double, Vector<double>>(b)[..left.Length];
        var (even, odd) = (Vector<double>.Zero, Vector<double>.Zero);
        var k = 0;
        for (; k + 1 < left.Length; k += 2)
        {
            even += left[k] * right[k];
            odd += left[k + 1] * right[k + 1];
        }
        if (k < left.Length)
            even += left[k] * right[k];
        var sum = Vector.Sum(even + odd);
        for (k = left.Length * Vector<double>.Count; k < a.Length; k++)
            sum += a[k] * b[k];
        return sum;
    }
}
