using System.Numerics;

namespace FaceRecon;

/// <summary>The interpolating cubic of Catmull and Rom (1974) through a few joints.</summary>
internal static class CatmullRom
{
    private const int Pieces = 3;

    /// <summary>The curve through <paramref name="joints"/> as a polyline, every span in three pieces.</summary>
    public static Vector4[] Refine(ReadOnlySpan<Vector4> joints)
    {
        var curve = new Vector4[(joints.Length - 1) * Pieces + 1];
        for (var i = 0; i < curve.Length; i++)
        {
            var span = Math.Min(i / Pieces, joints.Length - 2);
            var t = (float)i / Pieces - span;
            var (b, c) = (joints[span], joints[span + 1]);
            var a = span > 0 ? joints[span - 1] : 2 * b - c;
            var d = span + 2 < joints.Length ? joints[span + 2] : 2 * c - b;
            curve[i] = 0.5f * (2 * b + t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))));
        }
        return curve;
    }
}
