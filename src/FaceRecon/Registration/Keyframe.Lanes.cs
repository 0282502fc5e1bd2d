using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceRecon;

// Eight places of the window at once, for the loops that merging spends its time in.
internal sealed partial class Keyframe
{
    /// <summary>
    /// Index of the pixel nearest to (x, y) of the window in each lane; 0 in those that <paramref name="inside"/> leaves out,
    /// which must be all beyond the window.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> NearestPixels(Vector256<float> x, Vector256<float> y, Vector256<float> inside)
    {
        var half = Vector256.Create(0.5f);
        return (Vector256.ConvertToInt32Native(y + half) * Width + Vector256.ConvertToInt32Native(x + half)) & inside.AsInt32();
    }

    /// <summary>As <see cref="Interpolate(float, float, float)"/>, in the lanes that <paramref name="inside"/> does not leave out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Interpolate(Vector256<float> x, Vector256<float> y, Vector256<float> z, Vector256<float> inside)
    {
        if (Width < 2 || Height < 2)
            return z;
        // Lanes on the last row or column have no four pixels around them.
        inside &= Vector256.LessThan(x, Vector256.Create(Width - 1f)) & Vector256.LessThan(y, Vector256.Create(Height - 1f));
        var (column, row) = (Vector256.ConvertToInt32Native(x), Vector256.ConvertToInt32Native(y));
        var i = (row * Width + column) & inside.AsInt32();
        var (a, b) = (VectorGather.From(Z, i, 0), VectorGather.From(Z, i, 1));
        var (c, d) = (VectorGather.From(Z, i, Width), VectorGather.From(Z, i, Width + 1));
        var low = Vector256.MinNative(Vector256.MinNative(a, b), Vector256.MinNative(c, d));
        var high = Vector256.MaxNative(Vector256.MaxNative(a, b), Vector256.MaxNative(c, d));
        var isSurface = inside & Vector256.GreaterThan(low, Vector256<float>.Zero)
            & Vector256.LessThanOrEqual(high - low, Vector256.Create(SurfaceStep));
        var (s, t) = (x - Vector256.ConvertToSingle(column), y - Vector256.ConvertToSingle(row));
        var upper = Vector256.FusedMultiplyAdd(b - a, s, a);
        var lower = Vector256.FusedMultiplyAdd(d - c, s, c);
        return Vector256.ConditionalSelect(isSurface, Vector256.FusedMultiplyAdd(lower - upper, t, upper), z);
    }

    /// <summary>The colours of pixels, none of them the window's last: red, green and blue in the three low bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> GatherColors(Vector256<int> pixels)
    {
        if (Avx2.IsSupported && BitConverter.IsLittleEndian)
            unsafe
            {
                fixed (byte* start = &MemoryMarshal.GetArrayDataReference(Colors))
                    return Avx2.GatherVector256((int*)start, pixels * 3, 1);
            }
        Span<int> packed = stackalloc int[8];
        for (var lane = 0; lane < 8; lane++)
        {
            var i = 3 * pixels[lane];
            packed[lane] = Colors[i] | Colors[i + 1] << 8 | Colors[i + 2] << 16;
        }
        return Vector256.Create<int>(packed);
    }
}
