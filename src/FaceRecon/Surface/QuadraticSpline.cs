using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>The three quadratic B-splines of unit cells that are not zero in one; the fourth lane is zero.</summary>
internal static class QuadraticSpline
{
    /// <summary>Their values at an offset from the middle of the cell, -1/2 to 1/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Values(float t) =>
        Vector128.Create(0.5f * (0.5f - t) * (0.5f - t), 0.75f - t * t, 0.5f * (0.5f + t) * (0.5f + t), 0);

    /// <summary>Their slopes there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Slopes(float t) => Vector128.Create(t - 0.5f, -2 * t, t + 0.5f, 0);
}
