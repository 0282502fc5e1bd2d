using System.Numerics;
using System.Runtime.InteropServices;

namespace FaceRecon;

/// <summary>
/// The normal equations H x = -g of a Gauss-Newton step over the blocks of a <see cref="ParameterLayout"/>; of H the lower
/// triangle, row by row.
/// </summary>
internal sealed class NormalSystem
{
    private readonly double[] _matrix;
    private readonly double[] _gradient;

    /// <summary>A system with nothing in it.</summary>
    public NormalSystem(int size)
    {
        Size = size;
        _matrix = new double[(long)size * size];
        _gradient = new double[size];
    }

    /// <summary>Number of unknowns.</summary>
    public int Size { get; }

    /// <summary>g.</summary>
    public ReadOnlySpan<double> Gradient => _gradient;

    /// <summary>Entry of H, row at least column.</summary>
    public double this[int row, int column]
    {
        get => _matrix[(long)row * Size + column];
        set => _matrix[(long)row * Size + column] = value;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_matrix);
        Array.Clear(_gradient);
    }

    /// <summary>Adds weight j j' to H, weight residual j to g; j is nothing outside of its runs.</summary>
    /// <param name="row">j, all of it.</param>
    /// <param name="runs">Where j may not be zero, ascending.</param>
    /// <param name="weight">Weight; negative to take away what elimination takes away.</param>
    /// <param name="residual">Residual.</param>
    public void Add(ReadOnlySpan<double> row, ReadOnlySpan<Run> runs, double weight, double residual)
    {
        for (var outer = 0; outer < runs.Length; outer++)
        for (var i = runs[outer].Start; i < runs[outer].End; i++)
        {
            var factor = weight * row[i];
            if (factor == 0)
                continue;
            _gradient[i] += factor * residual;
            var target = _matrix.AsSpan(i * Size, i + 1);
            for (var inner = 0; inner <= outer; inner++)
            {
                var (start, end) = (runs[inner].Start, Math.Min(runs[inner].End, i + 1));
                AddScaled(row[start..end], factor, target[start..end]);
            }
        }
    }

    /// <summary>Adds another system of the same size.</summary>
    public void Add(NormalSystem other)
    {
        for (var i = 0; i < Size; i++)
            AddScaled(other._matrix.AsSpan(i * Size, i + 1), 1, _matrix.AsSpan(i * Size, i + 1));
        AddScaled(other._gradient, 1, _gradient);
    }

    /// <summary>Adds a prior of one unknown: weight/2 (x - mean)^2 with x - mean the residual.</summary>
    public void AddPrior(int index, double weight, double residual)
    {
        this[index, index] += weight;
        _gradient[index] += weight * residual;
    }

    /// <summary>x of (H + damping diag H) x = -g, by Cholesky's H = L L'.</summary>
    /// <returns>False where H is not positive definite.</returns>
    public bool TrySolve(double damping, int threads, CancellationToken cancellation, Span<double> solution)
    {
        if (Factor(damping, threads, cancellation) is not { } factor)
            return false;
        for (var i = 0; i < Size; i++)
            solution[i] = -_gradient[i];
        factor.Solve(solution);
        return true;
    }

    /// <summary>L of H + damping diag H = L L'; null where that is not positive definite.</summary>
    public CholeskyFactor? Factor(double damping, int threads, CancellationToken cancellation)
    {
        var factor = new CholeskyFactor(_matrix, Size, damping);
        return factor.TryFactor(threads, cancellation) ? factor : null;
    }

    internal static void AddScaled(ReadOnlySpan<double> from, double factor, Span<double> to)
    {
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(from);
        var targets = MemoryMarshal.Cast<double, Vector<double>>(to);
        var scale = new Vector<double>(factor);
        for (var k = 0; k < vectors.Length; k++)
            targets[k] += scale * vectors[k];
        for (var k = vectors.Length * Vector<double>.Count; k < from.Length; k++)
            to[k] += factor * from[k];
    }
}

/// <summary>Indices Start to End-1.</summary>
internal readonly record struct Run(int Start, int End);
