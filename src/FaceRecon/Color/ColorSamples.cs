using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceRecon;

/// <summary>What each of some views shows of eight points at once.</summary>
internal sealed class ColorSamples(ColorView[] views)
{
    /// <summary>Points taken at once.</summary>
    public const int Lanes = 8;

    // A point this far before or behind what the frame measured is not what it shows, metres along the normal.
    private const float Reach = 0.003f;
    // Where the sensor saw nothing, in a pupil or a brow, colour is taken if no other frame has it with depth.
    private const float UnmeasuredTrust = 0.03f;
    private const float LeastCosine = 0.2f;
    // Distance at which the quality of a frontal view is 1, metres.
    private const float UsualDistance = 0.4f;

    /// <summary>For each view how far its colour is the point's own: 0 where it does not see the point, 1 away from outlines.</summary>
    public Vector256<float>[] Trust { get; } = new Vector256<float>[views.Length];
    /// <summary>For each view how well it resolves the point, squared: 1 for a sharp frontal one at the usual distance.</summary>
    public Vector256<float>[] Quality { get; } = new Vector256<float>[views.Length];
    /// <summary>Codes from 0 to 255, between pixels; without meaning where the trust is 0.</summary>
    public Vector256<float>[] Red { get; } = new Vector256<float>[views.Length];
    /// <summary>As <see cref="Red"/>.</summary>
    public Vector256<float>[] Green { get; } = new Vector256<float>[views.Length];
    /// <summary>As <see cref="Red"/>.</summary>
    public Vector256<float>[] Blue { get; } = new Vector256<float>[views.Length];

    /// <summary>Takes eight points, from <paramref name="first"/> on; past the end the last one again.</summary>
    public void Take(PointCloud points, int first)
    {
        var (x, y, z) = (Load(points.X, first), Load(points.Y, first), Load(points.Z, first));
        var normal = (Load(points.NormalX, first), Load(points.NormalY, first), Load(points.NormalZ, first));
        for (var k = 0; k < views.Length; k++)
            Trust[k] = Look(views[k], k, x, y, z, normal);
    }

    private static Vector256<float> Load(float[] values, int first)
    {
        if (first + Lanes <= values.Length)
            return Vector256.Create(values, first);
        Span<float> lanes = stackalloc float[Lanes];
        for (var lane = 0; lane < Lanes; lane++)
            lanes[lane] = values[Math.Min(first + lane, values.Length - 1)];
        return Vector256.Create<float>(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector256<float> Look(ColorView view, int k, Vector256<float> x, Vector256<float> y, Vector256<float> z,
        (Vector256<float> X, Vector256<float> Y, Vector256<float> Z) normal)
    {
        var frame = view.Frame;
        var (dx, dy, dz) = (x - Vector256.Create(view.Center.X), y - Vector256.Create(view.Center.Y), z - Vector256.Create(view.Center.Z));
        var against = Dot(normal, dx, dy, dz);
        // From behind.
        if (Vector256.GreaterThanOrEqualAll(against, Vector256<float>.Zero))
            return Vector256<float>.Zero;
        var depth = Dot(view.Forward, dx, dy, dz);
        var squared = Vector256.FusedMultiplyAdd(dx, dx, Vector256.FusedMultiplyAdd(dy, dy, dz * dz));
        var seen = Vector256.LessThan(against, Vector256<float>.Zero) & Vector256.GreaterThan(depth, Vector256.Create(0.05f))
            & Vector256.GreaterThan(against * against, squared * Vector256.Create(LeastCosine * LeastCosine));
        if (Vector256.EqualsAll(seen, Vector256<float>.Zero))
            return Vector256<float>.Zero;
        var inverse = Vector256<float>.One / depth;
        var u = Vector256.FusedMultiplyAdd(Dot(view.Right, dx, dy, dz), inverse, Vector256.Create(view.Cx));
        var v = Vector256.FusedMultiplyAdd(Dot(view.Down, dx, dy, dz), inverse, Vector256.Create(view.Cy));
        // All four pixels around are inside the window.
        seen &= Vector256.GreaterThanOrEqual(u, Vector256<float>.Zero) & Vector256.GreaterThanOrEqual(v, Vector256<float>.Zero)
            & Vector256.LessThan(u, Vector256.Create(frame.Width - 1f)) & Vector256.LessThan(v, Vector256.Create(frame.Height - 1f));
        if (Vector256.EqualsAll(seen, Vector256<float>.Zero))
            return Vector256<float>.Zero;
        var cosine = -against / Vector256.Sqrt(squared);
        var measured = VectorGather.From(frame.Z, frame.NearestPixels(u, v, seen));
        var off = (measured - depth) * cosine * Vector256.Create(1 / Reach);
        var near = Vector256.Max(Vector256<float>.Zero, Vector256<float>.One - off * off);
        var trust = seen & Vector256.ConditionalSelect(Vector256.GreaterThan(measured, Vector256<float>.Zero), near * near, Vector256.Create(UnmeasuredTrust));
        if (Vector256.EqualsAll(trust, Vector256<float>.Zero))
            return Vector256<float>.Zero;
        Quality[k] = cosine * cosine * inverse * inverse * Vector256.Create(UsualDistance * UsualDistance * view.Sharpness * view.Sharpness);
        return trust * Interior(Interpolate(view, k, u, v, seen));
    }

    /// <summary>Colours between pixels, into the arrays of view <paramref name="k"/>; returned is the distance from the next outline.</summary>
    private Vector256<float> Interpolate(ColorView view, int k, Vector256<float> u, Vector256<float> v, Vector256<float> seen)
    {
        var (column, row) = (Vector256.ConvertToInt32Native(u), Vector256.ConvertToInt32Native(v));
        var i = (row * view.Frame.Width + column) & seen.AsInt32();
        var (a, b) = (VectorGather.From(view.Pixels, i, 0), VectorGather.From(view.Pixels, i, 1));
        var (c, d) = (VectorGather.From(view.Pixels, i, view.Frame.Width), VectorGather.From(view.Pixels, i, view.Frame.Width + 1));
        var (s, t) = (u - Vector256.ConvertToSingle(column), v - Vector256.ConvertToSingle(row));
        Vector256<float> Channel(int shift)
        {
            var mask = Vector256.Create(255);
            var (left, right) = (Vector256.ConvertToSingle((a >> shift) & mask), Vector256.ConvertToSingle((b >> shift) & mask));
            var upper = Vector256.FusedMultiplyAdd(right - left, s, left);
            (left, right) = (Vector256.ConvertToSingle((c >> shift) & mask), Vector256.ConvertToSingle((d >> shift) & mask));
            return Vector256.FusedMultiplyAdd(Vector256.FusedMultiplyAdd(right - left, s, left) - upper, t, upper);
        }
        (Red[k], Green[k], Blue[k]) = (Channel(0), Channel(8), Channel(16));
        return Channel(24);
    }

    // From 1 well inside to nearly nothing at an outline, where blur and a camera a little off mix the colour with what lies behind.
    private static Vector256<float> Interior(Vector256<float> outlineDistance)
    {
        var share = outlineDistance * Vector256.Create(1f / Keyframe.FarthestOutline);
        share *= share;
        share *= share;
        return share * share;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Dot(Vector3 a, Vector256<float> x, Vector256<float> y, Vector256<float> z) =>
        Dot((Vector256.Create(a.X), Vector256.Create(a.Y), Vector256.Create(a.Z)), x, y, z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Dot((Vector256<float> X, Vector256<float> Y, Vector256<float> Z) a, Vector256<float> x, Vector256<float> y, Vector256<float> z) =>
        Vector256.FusedMultiplyAdd(a.X, x, Vector256.FusedMultiplyAdd(a.Y, y, a.Z * z));
}
