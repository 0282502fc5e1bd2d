using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// The 6x6 normal equations H x = -g of a rigid registration step, x = (rotation vector, translation),
/// H = sum w J J', g = sum w J r.
/// </summary>
internal readonly struct NormalEquations
{
    // The Gram matrix of the seven columns (J, r): 28 numbers, upper triangle row by row.
    private readonly double[] _gram;

    private NormalEquations(double[] gram, int count)
    {
        _gram = gram;
        Count = count;
    }

    /// <summary>Number of residuals.</summary>
    public int Count { get; }

    // Row at most column; column 6 is g.
    private double Entry(int row, int column) => _gram[row * 7 - row * (row - 1) / 2 + column - row];

    /// <summary>
    /// From residual rows as a struct of arrays: seven columns of the same length, the six of J and r, each
    /// row already times the square root of its weight.
    /// </summary>
    public static NormalEquations FromColumns(ResidualColumns columns)
    {
        var gram = new double[28];
        var k = 0;
        for (var row = 0; row < 7; row++)
        for (var column = row; column < 7; column++)
            gram[k++] = Dot(columns.Column(row), columns.Column(column));
        return new NormalEquations(gram, columns.Count);
    }

    /// <summary>
    /// Root of the least over the greatest eigenvalue of H, turns counted by what they move a point <paramref name="arm"/> metres
    /// away: 0 where the points hold some motion not at all.
    /// </summary>
    public double Observability(double arm)
    {
        Span<double> h = stackalloc double[36];
        Span<double> vectors = stackalloc double[36];
        for (var row = 0; row < 6; row++)
        for (var column = row; column < 6; column++)
            h[row * 6 + column] = h[column * 6 + row] = Entry(row, column) / ((row < 3 ? arm : 1) * (column < 3 ? arm : 1));
        SymmetricEigen.Decompose(h, vectors, 6);
        var (least, greatest) = (double.PositiveInfinity, 0.0);
        for (var k = 0; k < 6; k++)
            (least, greatest) = (Math.Min(least, h[7 * k]), Math.Max(greatest, h[7 * k]));
        return greatest > 0 ? Math.Sqrt(Math.Max(0, least) / greatest) : 0;
    }

    /// <summary>H as a full matrix, row by row, times a factor.</summary>
    public double[] Information(double factor)
    {
        var information = new double[36];
        for (var row = 0; row < 6; row++)
        for (var column = row; column < 6; column++)
            information[row * 6 + column] = information[column * 6 + row] = factor * Entry(row, column);
        return information;
    }

    // Float products, summed in lanes over a short block and then in double: thousands of terms lose no digits that matter.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        const int Block = 512;
        var total = 0.0;
        var i = 0;
        while (i + Vector256<float>.Count <= a.Length)
        {
            var sum = Vector256<float>.Zero;
            var end = Math.Min(i + Block, a.Length - Vector256<float>.Count + 1);
            for (; i < end; i += Vector256<float>.Count)
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(a[i..]), Vector256.Create(b[i..]), sum);
            total += Vector256.Sum(sum);
        }
        for (; i < a.Length; i++)
            total += a[i] * b[i];
        return total;
    }

    /// <summary>The step that minimises the quadratic, with <paramref name="damping"/> times the diagonal added.</summary>
    /// <returns>False where the equations are singular: too few points, or a shape that slides on itself.</returns>
    public bool TrySolve(double damping, out Vector3d rotation, out Vector3d translation)
    {
        Span<double> l = stackalloc double[36];
        Span<double> x = stackalloc double[6];
        (rotation, translation) = (Vector3d.Zero, Vector3d.Zero);
        // Cholesky: H = L L'.
        for (var row = 0; row < 6; row++)
        for (var column = 0; column <= row; column++)
        {
            var sum = Entry(column, row) * (row == column ? 1 + damping : 1);
            for (var k = 0; k < column; k++)
                sum -= l[row * 6 + k] * l[column * 6 + k];
            if (row != column)
                l[row * 6 + column] = sum / l[column * 6 + column];
            else if (sum > 1e-12 * Entry(row, row))
                l[row * 6 + row] = Math.Sqrt(sum);
            else
                return false;
        }
        for (var row = 0; row < 6; row++)
        {
            var sum = -Entry(row, 6);
            for (var k = 0; k < row; k++)
                sum -= l[row * 6 + k] * x[k];
            x[row] = sum / l[row * 6 + row];
        }
        for (var row = 5; row >= 0; row--)
        {
            var sum = x[row];
            for (var k = row + 1; k < 6; k++)
                sum -= l[k * 6 + row] * x[k];
            x[row] = sum / l[row * 6 + row];
        }
        rotation = new Vector3d(x[0], x[1], x[2]);
        translation = new Vector3d(x[3], x[4], x[5]);
        return double.IsFinite(rotation.LengthSquared + translation.LengthSquared);
    }
}

/// <summary>Weighted residual rows as seven columns: the Jacobian's six and the residual. Reused from iteration to iteration.</summary>
internal sealed class ResidualColumns(int capacity)
{
    private readonly float[] _values = new float[7 * capacity];

    /// <summary>Rows in use.</summary>
    public int Count { get; private set; }

    /// <summary>One column: 0 to 2 rotation, 3 to 5 translation, 6 the residual.</summary>
    public ReadOnlySpan<float> Column(int index) => _values.AsSpan(index * capacity, Count);

    /// <summary>Forgets all rows.</summary>
    public void Clear() => Count = 0;

    /// <summary>
    /// Adds a point-to-plane residual r = n . (x - m) with x moved by a rotation about a centre and a
    /// translation: J = (arm x n, n), arm from the centre to x.
    /// </summary>
    public void Add(float armX, float armY, float armZ, float nx, float ny, float nz, float residual, float rootWeight)
    {
        var row = Count++;
        _values[row] = (armY * nz - armZ * ny) * rootWeight;
        _values[row + capacity] = (armZ * nx - armX * nz) * rootWeight;
        _values[row + 2 * capacity] = (armX * ny - armY * nx) * rootWeight;
        _values[row + 3 * capacity] = nx * rootWeight;
        _values[row + 4 * capacity] = ny * rootWeight;
        _values[row + 5 * capacity] = nz * rootWeight;
        _values[row + 6 * capacity] = residual * rootWeight;
    }
}
