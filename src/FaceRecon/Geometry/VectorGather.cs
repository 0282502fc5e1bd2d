using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceRecon;

/// <summary>Eight values at once from eight places of an array.</summary>
internal static class VectorGather
{
    /// <summary>One value for each lane. Every index plus <paramref name="offset"/> must be inside the array: that is not checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> From(float[] values, Vector256<int> indices, int offset = 0)
    {
        if (Avx2.IsSupported)
            unsafe
            {
                fixed (float* start = &MemoryMarshal.GetArrayDataReference(values))
                    return Avx2.GatherVector256(start + offset, indices, sizeof(float));
            }
        return Vector256.Create(
            values[indices[0] + offset], values[indices[1] + offset], values[indices[2] + offset], values[indices[3] + offset],
            values[indices[4] + offset], values[indices[5] + offset], values[indices[6] + offset], values[indices[7] + offset]);
    }

    /// <summary>As <see cref="From(float[], Vector256{int}, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> From(int[] values, Vector256<int> indices, int offset = 0)
    {
        if (Avx2.IsSupported)
            unsafe
            {
                fixed (int* start = &MemoryMarshal.GetArrayDataReference(values))
                    return Avx2.GatherVector256(start + offset, indices, sizeof(int));
            }
        return Vector256.Create(
            values[indices[0] + offset], values[indices[1] + offset], values[indices[2] + offset], values[indices[3] + offset],
            values[indices[4] + offset], values[indices[5] + offset], values[indices[6] + offset], values[indices[7] + offset]);
    }
}
