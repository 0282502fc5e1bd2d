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
    private const int Block = 48;

    private readonly double[] _l;
    private readonly int _size;

    /// <param name="matrix">H, row by row; only what is on and below the diagonal is read.</param>
    /// <param name="size">Rows.</param>
    /// <param name="damping">Share of the diagonal that is added.</param>
    /// <param name="stride">Length of a row in the array, where that is more than the size.</param>
    public CholeskyFactor(ReadOnlySpan<double> matrix, int size, double damping, int? stride = null)
    {
        _size = size;
        _l = new double[(long)size * size];
        for (var i = 0; i < size; i++)
        {
            matrix.Slice(i * (stride ?? size), i + 1).CopyTo(_l.AsSpan(i * size));
            _l[i * size + i] *= 1 + damping;
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
            var rest = (_size - end + 15) / 16;
            Parallel.For(0, rest, options, part =>
            {
                for (var row = end + 16 * part; row < Math.Min(end + 16 * (part + 1), _size); row++)
                    SolveRow(row, start, end);
            });
            Parallel.For(0, rest, options, part =>
            {
                // The long rows first, so that the cores end together.
                var first = end + 16 * (rest - 1 - part);
                for (var row = first; row < Math.Min(first + 16, _size); row++)
                    UpdateRow(row, start, end);
            });
        }
        return true;
    }

    /// <summary>L L' x = b, in place.</summary>
    public void Solve(Span<double> x)
    {
        for (var row = 0; row < _size; row++)
            x[row] = (x[row] - Dot(Row(row, 0, row), x[..row])) / _l[row * _size + row];
        for (var row = _size - 1; row >= 0; row--)
        {
            x[row] /= _l[row * _size + row];
            TensorPrimitives.MultiplyAdd(Row(row, 0, row), -x[row], x[..row], x[..row]);
        }
    }

    private Span<double> Row(int row, int start, int end) => _l.AsSpan(row * _size + start, end - start);

    // A row of the diagonal block against the rows of the block above it.
    private bool FactorRow(int row, int start)
    {
        var line = Row(row, start, row + 1);
        var before = line[^1];
        for (var column = start; column < row; column++)
            line[column - start] = (line[column - start] - Dot(Row(column, start, column), line[..(column - start)])) / _l[column * _size + column];
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
            line[column - start] = (line[column - start] - Dot(Row(column, start, column), line[..(column - start)])) / _l[column * _size + column];
    }

    private void UpdateRow(int row, int start, int end)
    {
        var line = Row(row, start, end);
        for (var column = end; column <= row; column++)
            _l[row * _size + column] -= Dot(line, Row(column, start, end));
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
