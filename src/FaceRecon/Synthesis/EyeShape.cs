using System.Numerics;
using static FaceRecon.SignedDistance;

namespace FaceRecon;

/// <summary>Sockets, eyeballs and lids of <see cref="HeadShape"/>, millimetres; x is mirrored.</summary>
internal static class EyeShape
{
    /// <summary>Centre of the (left) eyeball.</summary>
    public static readonly Vector3 Center = new(31, 15, 71.5f);
    /// <summary>Radius of the sclera.</summary>
    public const float Radius = 12;
    /// <summary>Where the lids meet, inner and outer corner.</summary>
    public const float InnerX = 16.5f, OuterX = 44.5f;

    private const float CorneaRadius = 8;
    private static readonly Vector3 CorneaCenter = Center + new Vector3(0, 0, 5.2f);
    private static readonly Stroke UpperCrease = new(3, new(18, 18.5f, 0.2f), new(23, 23.6f, 1.2f), new(31, 25.6f, 1.3f), new(39, 23.8f, 1.2f), new(46, 18.5f, 0.3f));
    private static readonly Stroke LowerCrease = new(3, new(20, 8, 0.2f), new(26, 4.6f, 0.6f), new(34, 4.2f, 0.5f), new(42, 7.5f, 0.1f));
    private static readonly Vector3 Floor = new(15, 12.4f, 11.3f);

    /// <summary>Height of the upper lid's edge over x.</summary>
    public static float UpperEdge(float x) => EdgeLine(x) + 6.1f * Arc(x, 0.46f);

    /// <summary>Height of the lower lid's edge over x.</summary>
    public static float LowerEdge(float x) => EdgeLine(x) - 4.9f * Arc(x, 0.58f);

    /// <summary>Signed distance, in the frontal plane, to the opening between the lids.</summary>
    public static float Opening(float x, float y)
    {
        var d = MathF.Max(y - UpperEdge(x), LowerEdge(x) - y) * 0.85f;
        return MathF.Max(d, MathF.Max(InnerX - x, x - OuterX));
    }

    /// <summary>Signed distance to the eyeball with its cornea.</summary>
    public static float Eyeball(Vector3 q) =>
        Union(Sphere(q, Center, Radius), Sphere(q, CorneaCenter, CorneaRadius), 0.8f);

    public static float PressSocketInto(float d, Vector3 q)
    {
        d = Cut(d, Ellipsoid(q, new(33, 15, 98), new(20, 13, 17)), 13);
        return Cut(d, Ellipsoid(q, new(16, 14, 92), new(7, 9, 11)), 9);
    }

    public static float AddTo(float d, Vector3 q)
    {
        if (Vector3.Distance(q, Center) - 22 > d + 6)
            return d;
        d = Union(d, Sphere(q, Center, Radius + 1.5f), 6);
        d += UpperCrease.At(q.X, q.Y) + LowerCrease.At(q.X, q.Y);
        // The slot between the lids ends on the eyeball, and in the corners on the flesh beside it.
        var floor = Ellipsoid(q, Center + new Vector3(-1.5f, 0, 0), Floor);
        var slot = MathF.Max(Opening(q.X, q.Y), MathF.Max(-floor, Center.Z - q.Z));
        d = Cut(d, slot, 1.3f);
        return MathF.Min(d, Eyeball(q));
    }

    private static float EdgeLine(float x) => float.Lerp(12.8f, 14.6f, (x - InnerX) / (OuterX - InnerX));

    /// <summary>An arch over the opening that is 1 at the share <paramref name="peak"/> of its width.</summary>
    private static float Arc(float x, float peak)
    {
        var t = Math.Clamp((x - InnerX) / (OuterX - InnerX), 0, 1);
        var s = t < peak ? t / peak : (1 - t) / (1 - peak);
        return s * (2 - s);
    }
}
