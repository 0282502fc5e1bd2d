using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// The matrix of the screened Poisson equation on one level (Kazhdan and Hoppe 2013, eq. 6), for
/// coefficients of quadratic B-splines B_i centred in unit cells:
/// A_ij = integral grad B_i . grad B_j + alpha sum_s a_s B_i(s) B_j(s), a_s being the area of sample s.
/// The first term is taken with trilinear hats on the same centres: it agrees at all but the finest
/// wavelengths and has 27 entries a row instead of 125. Lengths in cells make alpha mean the same on
/// every level, which is the scaling that the paper's section 4.2 arrives at. What lies outside the
/// active bricks is held fixed.
/// </summary>
internal sealed class PoissonOperator
{
    // The 27-point stencil of the Laplacian of trilinear elements: 8/3 at the node, 0 at its 6 face
    // neighbours, -1/6 at its 12 edge neighbours, -1/12 at its 8 corner neighbours.
    private const float CentreWeight = 8f / 3, EdgeWeight = -1f / 6, CornerWeight = -1f / 12;
    /// <summary>Bricks a block of the parallel loops.</summary>
    private const int Block = 32;

    private readonly SampleStencils _stencils;
    private readonly float[] _screening;
    private readonly PartitionedLoop _loop;
    private readonly double[] _partial;

    /// <param name="stencils">The level's samples by brick.</param>
    /// <param name="screening">alpha a_s of each sample.</param>
    /// <param name="loop">Runs the work.</param>
    public PoissonOperator(SampleStencils stencils, float[] screening, PartitionedLoop loop)
    {
        _stencils = stencils;
        _screening = screening;
        _loop = loop;
        _partial = new double[stencils.Grid.Count];
    }

    /// <summary>The level's grid.</summary>
    public BrickGrid Grid => _stencils.Grid;

    /// <summary>Writes A <paramref name="values"/> to <paramref name="result"/> and returns values . A values.</summary>
    public double Apply(float[] values, float[] result)
    {
        _loop.Run(Grid.Count, Block, (from, to) =>
        {
            Span<float> halo = stackalloc float[BrickGrid.HaloLength];
            Span<float> product = stackalloc float[BrickGrid.HaloLength];
            for (var brick = from; brick < to; brick++)
            {
                Grid.GatherHalo(values, brick, halo);
                ApplyBrick(brick, halo, product);
                BrickGrid.StoreInterior(product, result, brick);
                _partial[brick] = Dot(values, result, brick);
            }
        });
        return Sum();
    }

    /// <summary>A times the values of a halo block, for one brick; only the inside of <paramref name="product"/> counts.</summary>
    public void ApplyBrick(int brick, ReadOnlySpan<float> halo, Span<float> product)
    {
        Laplacian(halo, product);
        AddScreening(brick, halo, product, 1);
    }

    /// <summary>
    /// Takes from a residual what the values of a solution at the samples, where they should be zero, add to A x: the
    /// samples then ask for that much more, and the next solution comes so much nearer to them.
    /// </summary>
    public void AddBack(float[] solution, float[] residual) => _loop.Run(Grid.Count, Block, (from, to) =>
    {
        Span<float> halo = stackalloc float[BrickGrid.HaloLength];
        Span<float> sum = stackalloc float[BrickGrid.HaloLength];
        for (var brick = from; brick < to; brick++)
        {
            Grid.GatherHalo(solution, brick, halo);
            sum.Clear();
            AddScreening(brick, halo, sum, -1);
            BrickGrid.AddInterior(sum, residual, brick);
        }
    });

    private void AddScreening(int brick, ReadOnlySpan<float> halo, Span<float> sum, float factor)
    {
        var (start, _, end) = _stencils.Entries(brick);
        for (var entry = start; entry < end; entry++)
            _stencils.Splat(entry, factor * _screening[_stencils.Sample[entry]] * _stencils.Interpolate(entry, halo), sum);
    }

    /// <summary>1 over the diagonal of A, the Jacobi preconditioner.</summary>
    public void InvertDiagonal(float[] inverse)
    {
        _loop.Run(Grid.Count, Block, (from, to) =>
        {
            Span<float> diagonal = stackalloc float[BrickGrid.HaloLength];
            for (var brick = from; brick < to; brick++)
            {
                diagonal.Fill(CentreWeight);
                var (start, _, end) = _stencils.Entries(brick);
                for (var entry = start; entry < end; entry++)
                    _stencils.SplatSquares(entry, _screening[_stencils.Sample[entry]], diagonal);
                for (var i = 0; i < diagonal.Length; i++)
                    diagonal[i] = 1 / diagonal[i];
                BrickGrid.StoreInterior(diagonal, inverse, brick);
            }
        });
    }

    /// <summary>
    /// The conjugate gradient method with Jacobi preconditioning (Shewchuk 1994), from
    /// <paramref name="solution"/> with its <paramref name="residual"/> b - A x, both updated, until the
    /// residual is <paramref name="tolerance"/> times the first or the iterations are spent.
    /// </summary>
    /// <param name="solution">x.</param>
    /// <param name="residual">b - A x.</param>
    /// <param name="inverseDiagonal">Of the operator, by <see cref="InvertDiagonal"/>.</param>
    /// <param name="direction">An array of the grid's size whose contents may go.</param>
    /// <param name="product">Another.</param>
    /// <param name="iterations">Most iterations.</param>
    /// <param name="tolerance">Share of the first residual, in the preconditioner's norm, that will do.</param>
    public void Solve(
        float[] solution, float[] residual, float[] inverseDiagonal, float[] direction, float[] product, int iterations, double tolerance)
    {
        var squared = Precondition(inverseDiagonal, residual, direction, 0);
        var target = squared * tolerance * tolerance;
        for (var iteration = 0; iteration < iterations && squared > target && squared > 1e-30; iteration++)
        {
            var step = (float)(squared / Apply(direction, product));
            var next = Advance(solution, residual, direction, product, inverseDiagonal, step);
            Precondition(inverseDiagonal, residual, direction, (float)(next / squared));
            squared = next;
        }
    }

    /// <summary>direction = D r + beta direction, or D r alone for the first; returns r . D r.</summary>
    private double Precondition(float[] inverseDiagonal, float[] residual, float[] direction, float beta)
    {
        _loop.Run(Grid.Count, Block, (from, to) =>
        {
            for (var brick = from; brick < to; brick++)
            {
                ref var d = ref MemoryMarshal.GetArrayDataReference(inverseDiagonal);
                ref var r = ref MemoryMarshal.GetArrayDataReference(residual);
                ref var p = ref MemoryMarshal.GetArrayDataReference(direction);
                var sum = Vector256<float>.Zero;
                var end = (nuint)((brick + 1) * BrickGrid.BrickNodes);
                for (var i = (nuint)(brick * BrickGrid.BrickNodes); i < end; i += 8)
                {
                    var ri = Vector256.LoadUnsafe(ref r, i);
                    var zi = Vector256.LoadUnsafe(ref d, i) * ri;
                    sum += ri * zi;
                    (beta == 0 ? zi : zi + beta * Vector256.LoadUnsafe(ref p, i)).StoreUnsafe(ref p, i);
                }
                _partial[brick] = Vector256.Sum(sum);
            }
        });
        return Sum();
    }

    /// <summary>x += step p, r -= step A p; returns r . D r.</summary>
    private double Advance(float[] solution, float[] residual, float[] direction, float[] product, float[] inverseDiagonal, float step)
    {
        _loop.Run(Grid.Count, Block, (from, to) =>
        {
            for (var brick = from; brick < to; brick++)
            {
                ref var x = ref MemoryMarshal.GetArrayDataReference(solution);
                ref var r = ref MemoryMarshal.GetArrayDataReference(residual);
                ref var p = ref MemoryMarshal.GetArrayDataReference(direction);
                ref var q = ref MemoryMarshal.GetArrayDataReference(product);
                ref var d = ref MemoryMarshal.GetArrayDataReference(inverseDiagonal);
                var sum = Vector256<float>.Zero;
                var end = (nuint)((brick + 1) * BrickGrid.BrickNodes);
                for (var i = (nuint)(brick * BrickGrid.BrickNodes); i < end; i += 8)
                {
                    (Vector256.LoadUnsafe(ref x, i) + step * Vector256.LoadUnsafe(ref p, i)).StoreUnsafe(ref x, i);
                    var ri = Vector256.LoadUnsafe(ref r, i) - step * Vector256.LoadUnsafe(ref q, i);
                    ri.StoreUnsafe(ref r, i);
                    sum += ri * ri * Vector256.LoadUnsafe(ref d, i);
                }
                _partial[brick] = Vector256.Sum(sum);
            }
        });
        return Sum();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Laplacian(ReadOnlySpan<float> halo, Span<float> product)
    {
        ref var v = ref MemoryMarshal.GetReference(halo);
        ref var result = ref MemoryMarshal.GetReference(product);
        const int dy = BrickGrid.HaloStride, dz = BrickGrid.HaloLayer;
        for (var z = 0; z < BrickGrid.Size; z++)
        {
            for (var y = 0; y < BrickGrid.Size; y++)
            {
                var row = BrickGrid.HaloIndex(0, y, z);
                // By rows around this one: those that share a face, and those that share an edge.
                var left = EdgeWeight * Faces(ref v, row - 1) + CornerWeight * Edges(ref v, row - 1);
                var right = EdgeWeight * Faces(ref v, row + 1) + CornerWeight * Edges(ref v, row + 1);
                var middle = CentreWeight * Vector256.LoadUnsafe(ref v, (nuint)row) + EdgeWeight * Edges(ref v, row);
                (left + right + middle).StoreUnsafe(ref result, (nuint)row);
            }
        }

        static Vector256<float> Faces(ref float v, int i) =>
            Vector256.LoadUnsafe(ref v, (nuint)(i - dy)) + Vector256.LoadUnsafe(ref v, (nuint)(i + dy)) +
            (Vector256.LoadUnsafe(ref v, (nuint)(i - dz)) + Vector256.LoadUnsafe(ref v, (nuint)(i + dz)));

        static Vector256<float> Edges(ref float v, int i) =>
            Vector256.LoadUnsafe(ref v, (nuint)(i - dy - dz)) + Vector256.LoadUnsafe(ref v, (nuint)(i + dy - dz)) +
            (Vector256.LoadUnsafe(ref v, (nuint)(i - dy + dz)) + Vector256.LoadUnsafe(ref v, (nuint)(i + dy + dz)));
    }

    private static double Dot(float[] a, float[] b, int brick)
    {
        var sum = Vector256<float>.Zero;
        ref var first = ref MemoryMarshal.GetArrayDataReference(a);
        ref var second = ref MemoryMarshal.GetArrayDataReference(b);
        var end = (nuint)((brick + 1) * BrickGrid.BrickNodes);
        for (var i = (nuint)(brick * BrickGrid.BrickNodes); i < end; i += 8)
            sum += Vector256.LoadUnsafe(ref first, i) * Vector256.LoadUnsafe(ref second, i);
        return Vector256.Sum(sum);
    }

    private double Sum()
    {
        var sum = 0.0;
        foreach (var partial in _partial)
            sum += partial;
        return sum;
    }
}
