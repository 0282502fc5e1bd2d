using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>The normal equations H x = -g of a Gauss-Newton step; of H the lower triangle, row by row.</summary>
internal sealed class NormalSystem
{
    private readonly double[] _matrix;
    private readonly double[] _gradient;

    /// <summary>A system with nothing in it.</summary>
    public NormalSystem(int size)
    {
        Size = size;
        Stride = StrideOf(size);
        _matrix = new double[(long)size * Stride];
        _gradient = new double[Stride];
    }

    /// <summary>Number of unknowns.</summary>
    public int Size { get; }

    /// <summary>Length of a row of <see cref="Matrix"/>: a multiple of eight, with room for a run of four that starts at the last unknown.</summary>
    public int Stride { get; }

    /// <summary>g.</summary>
    public ReadOnlySpan<double> Gradient => _gradient.AsSpan(0, Size);

    /// <summary>H; what is above the diagonal means nothing.</summary>
    public Span<double> Matrix => _matrix;

    /// <summary>Entry of H, row at least column.</summary>
    public double this[int row, int column] => _matrix[row * Stride + column];

    /// <summary>The stride of a system of so many unknowns.</summary>
    public static int StrideOf(int size) => (size + 3 + 7) & ~7;

    /// <summary>Whether only g is added to, H staying that of an earlier state.</summary>
    public bool HoldsMatrix { get; private set; }

    /// <summary>Forgets everything, or g alone, to add to no more than that.</summary>
    public void Clear(bool holdMatrix = false)
    {
        HoldsMatrix = holdMatrix;
        Array.Clear(_gradient);
        if (!holdMatrix)
            Array.Clear(_matrix);
    }

    /// <summary>Adds weight j j' to H, weight residual j to g.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(SparseRow row, double weight, double residual)
    {
        var starts = row.Starts;
        var values = row.Values;
        ref var matrix = ref MemoryMarshal.GetArrayDataReference(_matrix);
        for (var outer = 0; outer < starts.Length; outer++)
        {
            var weighted = values[outer] * weight;
            var gradient = _gradient.AsSpan(starts[outer], 4);
            (Vector256.Create<double>(gradient) + weighted * residual).CopyTo(gradient);
            if (HoldsMatrix)
                continue;
            for (var r = 0; r < 4 && starts[outer] + r < Size; r++)
            {
                var factor = Vector256.Create(weighted[r]);
                var line = (nuint)((starts[outer] + r) * Stride);
                for (var inner = 0; inner <= outer; inner++)
                {
                    var at = line + (nuint)starts[inner];
                    Vector256.FusedMultiplyAdd(factor, values[inner], Vector256.LoadUnsafe(ref matrix, at)).StoreUnsafe(ref matrix, at);
                }
            }
        }
    }

    /// <summary>Adds weight j j' to H, weight residual j to g, for j with few zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<double> row, double weight, double residual)
    {
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] == 0)
                continue;
            _gradient[i] += weight * row[i] * residual;
            if (HoldsMatrix)
                continue;
            var target = _matrix.AsSpan(i * Stride, i + 1);
            TensorPrimitives.MultiplyAdd(row[..(i + 1)], weight * row[i], target, target);
        }
    }

    /// <summary>Adds another system of the same size.</summary>
    public void Add(NormalSystem other)
    {
        TensorPrimitives.Add(_gradient, other._gradient, _gradient);
        if (!HoldsMatrix)
            TensorPrimitives.Add(_matrix, other._matrix, _matrix);
    }

    /// <summary>Adds a prior of one unknown: weight/2 (x - mean)^2 with x - mean the residual.</summary>
    public void AddPrior(int index, double weight, double residual)
    {
        _gradient[index] += weight * residual;
        if (!HoldsMatrix)
            _matrix[index * Stride + index] += weight;
    }

    /// <summary>x of L L' x = -g.</summary>
    public void Solve(CholeskyFactor factor, Span<double> solution)
    {
        TensorPrimitives.Negate(Gradient, solution);
        factor.Solve(solution);
    }

    /// <summary>L of H + damping diag H = L L'; null where that is not positive definite.</summary>
    public CholeskyFactor? Factor(double damping, int threads, CancellationToken cancellation)
    {
        var factor = new CholeskyFactor(_matrix, Size, damping, Stride);
        return factor.TryFactor(threads, cancellation) ? factor : null;
    }
}
