using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>What leads from one set of coefficients to another: prolongation, evaluation, divergence.</summary>
internal static class BrickTransfer
{
    /// <summary>Nodes of the coarser grid along an edge that make up a brick and its halo.</summary>
    private const int ParentNodes = 8;

    /// <summary>
    /// The coefficients at a finer brick's halo block of the function that <paramref name="values"/> are
    /// on the next coarser grid: B-splines are nested, and a quadratic one is (1, 3, 3, 1)/4 of those of half the width.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Prolong(BrickGrid coarser, float[] values, (int X, int Y, int Z) brick, Span<float> halo)
    {
        const int width = BrickGrid.HaloRows;
        Span<float> parents = stackalloc float[BrickGrid.HaloLength];
        coarser.GatherHalo(values, coarser.Find(brick.X >> 1, brick.Y >> 1, brick.Z >> 1), parents);
        ref var source = ref Unsafe.Add(ref MemoryMarshal.GetReference(parents),
            4 * ((brick.X & 1) + (brick.Y & 1) * BrickGrid.HaloStride + (brick.Z & 1) * BrickGrid.HaloLayer));
        Span<Vector256<float>> alongZ = stackalloc Vector256<float>[width * ParentNodes];
        for (var f = 0; f < width; f++)
        {
            var (near, far) = Parents(f);
            for (var y = 0; y < ParentNodes; y++)
            {
                alongZ[f * ParentNodes + y] = Blend(
                    Vector256.LoadUnsafe(ref source, (nuint)(near * BrickGrid.HaloLayer + y * BrickGrid.HaloStride)),
                    Vector256.LoadUnsafe(ref source, (nuint)(far * BrickGrid.HaloLayer + y * BrickGrid.HaloStride)));
            }
        }
        Span<float> row = stackalloc float[ParentNodes];
        for (var z = 0; z < width; z++)
        {
            for (var f = 0; f < width; f++)
            {
                var (near, far) = Parents(f);
                Blend(alongZ[z * ParentNodes + near], alongZ[z * ParentNodes + far]).StoreUnsafe(ref MemoryMarshal.GetReference(row));
                var target = halo.Slice(z * BrickGrid.HaloLayer + f * BrickGrid.HaloStride, width);
                for (var k = 1; k < ParentNodes - 1; k++)
                {
                    target[2 * k - 2] = 0.75f * row[k] + 0.25f * row[k - 1];
                    target[2 * k - 1] = 0.75f * row[k] + 0.25f * row[k + 1];
                }
            }
        }

        // Finer node f of the halo lies in the near parent's cell, in the half towards the far one.
        static (int Near, int Far) Parents(int f)
        {
            var near = (f >> 1) + 1;
            return (near, (f & 1) == 0 ? near - 1 : near + 1);
        }

        static Vector256<float> Blend(Vector256<float> near, Vector256<float> far) => 0.75f * near + 0.25f * far;
    }

    /// <summary>The values at the nodes of the function whose coefficients are given.</summary>
    public static void Evaluate(BrickGrid grid, float[] coefficients, float[] values, PartitionedLoop loop) => loop.Run(grid.Count, 32, (from, to) =>
    {
        Span<float> halo = stackalloc float[BrickGrid.HaloLength];
        Span<float> result = stackalloc float[BrickGrid.HaloLength];
        for (var brick = from; brick < to; brick++)
        {
            grid.GatherHalo(coefficients, brick, halo);
            Evaluate(halo, result);
            BrickGrid.StoreInterior(result, values, brick);
        }
    });

    /// <summary>
    /// The values at the nodes of a halo block, all but the outermost: (1, 6, 1)/8 along each axis. The coefficients in
    /// <paramref name="halo"/> are overwritten.
    /// </summary>
    public static void Evaluate(Span<float> halo, Span<float> values)
    {
        FilterAlong(halo, values, 1, 0.75f);
        FilterAlong(values, halo, BrickGrid.HaloStride, 0.75f);
        FilterAlong(halo, values, BrickGrid.HaloLayer, 0.75f);
    }

    /// <summary>
    /// Filters a halo block along the axis whose neighbours are <paramref name="step"/> floats away: the node's
    /// own value with weight <paramref name="centre"/>, its two neighbours sharing the rest. The outermost nodes are not filled.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FilterAlong(ReadOnlySpan<float> source, Span<float> target, int step, float centre)
    {
        var side = 0.5f * (1 - centre);
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        var i = (nuint)step;
        var end = (nuint)(source.Length - step - 8);
        for (; i <= end; i += 8)
            Filtered(ref from, i).StoreUnsafe(ref to, i);
        Filtered(ref from, end).StoreUnsafe(ref to, end);

        Vector256<float> Filtered(ref float values, nuint at) =>
            side * (Vector256.LoadUnsafe(ref values, at - (nuint)step) + Vector256.LoadUnsafe(ref values, at + (nuint)step)) +
            centre * Vector256.LoadUnsafe(ref values, at);
    }

    /// <summary>
    /// Adds to a brick's <paramref name="result"/> the right-hand side b_i = integral V . grad B_i for the vector
    /// field whose coefficients are in the three halo blocks, with hats as in <see cref="PoissonOperator"/>:
    /// in one dimension integral B_j B_i is (1, 4, 1)/6 and integral B_j B_i' is (1, 0, -1)/2 for j = i-1, i, i+1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddWeakDivergence(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, Span<float> result)
    {
        ReadOnlySpan<float> mass = [1 / 6f, 4 / 6f, 1 / 6f];
        ReadOnlySpan<float> slope = [0.5f, 0, -0.5f];
        ref var vx = ref MemoryMarshal.GetReference(x);
        ref var vy = ref MemoryMarshal.GetReference(y);
        ref var vz = ref MemoryMarshal.GetReference(z);
        ref var sum = ref MemoryMarshal.GetReference(result);
        for (var k = 0; k < BrickGrid.Size; k++)
        {
            for (var j = 0; j < BrickGrid.Size; j++)
            {
                var row = BrickGrid.HaloIndex(0, j, k);
                var total = Vector256.LoadUnsafe(ref sum, (nuint)row);
                for (var dz = -1; dz <= 1; dz++)
                {
                    for (var dy = -1; dy <= 1; dy++)
                    {
                        var near = row + dz * BrickGrid.HaloLayer + dy * BrickGrid.HaloStride;
                        var along = 0.5f * (Vector256.LoadUnsafe(ref vx, (nuint)(near - 1)) - Vector256.LoadUnsafe(ref vx, (nuint)(near + 1)));
                        total += mass[dy + 1] * mass[dz + 1] * along;
                        if (dy != 0)
                            total += slope[dy + 1] * mass[dz + 1] * Mass(ref vy, near);
                        if (dz != 0)
                            total += mass[dy + 1] * slope[dz + 1] * Mass(ref vz, near);
                    }
                }
                total.StoreUnsafe(ref sum, (nuint)row);
            }
        }

        static Vector256<float> Mass(ref float v, int i) =>
            1 / 6f * (Vector256.LoadUnsafe(ref v, (nuint)(i - 1)) + Vector256.LoadUnsafe(ref v, (nuint)(i + 1))) +
            4 / 6f * Vector256.LoadUnsafe(ref v, (nuint)i);
    }
}
