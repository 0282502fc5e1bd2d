using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>Operations between the grids of a level: trilinear prolongation, and the divergence of a vector field.</summary>
internal static class BrickTransfer
{
    /// <summary>Nodes of the coarser grid along an edge that interpolate into a brick and the nodes around it.</summary>
    private const int ParentNodes = 6;

    /// <summary>
    /// Interpolates <paramref name="values"/> of the next coarser grid at a finer brick's nodes -1 to 8.
    /// Hats are nested: the coarse function is reproduced exactly.
    /// </summary>
    public static void Prolong(BrickGrid coarser, float[] values, (int X, int Y, int Z) brick, Span<float> halo)
    {
        Span<float> parents = stackalloc float[ParentNodes * ParentNodes * ParentNodes];
        var i = 0;
        for (var z = -1; z < ParentNodes - 1; z++)
        {
            for (var y = -1; y < ParentNodes - 1; y++)
            {
                for (var x = -1; x < ParentNodes - 1; x++, i++)
                {
                    var node = coarser.FindNode(4 * brick.X + x, 4 * brick.Y + y, 4 * brick.Z + z);
                    parents[i] = node < 0 ? 0 : values[node];
                }
            }
        }
        // Along x, then y, then z: fine node f lies at coarse node f/2, or between two.
        Span<float> alongX = stackalloc float[ParentNodes * ParentNodes * BrickGrid.HaloRows];
        for (var row = 0; row < ParentNodes * ParentNodes; row++)
        {
            for (var f = -1; f <= BrickGrid.Size; f++)
            {
                var low = row * ParentNodes + (f >> 1) + 1;
                alongX[row * BrickGrid.HaloRows + f + 1] = (f & 1) == 0 ? parents[low] : 0.5f * (parents[low] + parents[low + 1]);
            }
        }
        const int width = BrickGrid.HaloRows;
        Span<float> alongY = stackalloc float[ParentNodes * width * width];
        for (var z = 0; z < ParentNodes; z++)
        {
            for (var f = -1; f <= BrickGrid.Size; f++)
            {
                var low = (z * ParentNodes + (f >> 1) + 1) * width;
                var target = (z * width + f + 1) * width;
                for (var x = 0; x < width; x++)
                    alongY[target + x] = (f & 1) == 0 ? alongX[low + x] : 0.5f * (alongX[low + x] + alongX[low + width + x]);
            }
        }
        for (var f = -1; f <= BrickGrid.Size; f++)
        {
            for (var y = 0; y < width; y++)
            {
                var low = (((f >> 1) + 1) * width + y) * width;
                var target = BrickGrid.HaloIndex(-1, y - 1, f);
                for (var x = 0; x < width; x++)
                    halo[target + x] = (f & 1) == 0 ? alongY[low + x] : 0.5f * (alongY[low + x] + alongY[low + width * width + x]);
            }
        }
    }

    /// <summary>
    /// Subtracts from a brick's <paramref name="result"/> the weak divergence's negative, that is adds
    /// b_i = integral V . grad B_i, of the vector field whose hat coefficients are in the three halo blocks.
    /// In one dimension integral B_j B_i is (1, 4, 1)/6 and integral B_j B_i' is (1, 0, -1)/2 for j = i-1, i, i+1.
    /// </summary>
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
                        var near = row + (dz * BrickGrid.HaloRows + dy) * BrickGrid.HaloStride;
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
