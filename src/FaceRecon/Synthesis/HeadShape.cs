using System.Numerics;
using static FaceRecon.SignedDistance;

namespace FaceRecon;

/// <summary>
/// A human head as the zero level of a signed distance, millimetres: origin midway between the ears,
/// x to the subject's left, y up, z out of the face. Solids for what has volume (skull, jaw, nose, lips,
/// ears, neck), strokes for what the skin does between them. Proportions follow adult averages
/// (head 152 mm wide, 222 mm high; eyes 62 mm apart; nasion to chin 120 mm).
/// </summary>
internal static class HeadShape
{
    /// <summary>The neck ends here, mm.</summary>
    public const float NeckBottom = -190;

    private static readonly Tube BrowRidge = new(new(0, 33, 92, 5), new(14, 34, 91, 6), new(32, 36.5f, 83, 6), new(46, 30, 68, 5));
    private static readonly Tube ZygomaticArch = new(new(50, -6, 50, 8), new(60, -3, 36, 7), new(66, 0, 14, 6));
    private static readonly Tube Mandible = new(new(56, -14, 8, 8), new(49, -58, 18, 9), new(34, -79, 56, 9), new(10, -89, 82, 9));
    private static readonly Tube Sternomastoid = new(new(56, -28, -24, 7), new(38, -100, 0, 8), new(12, -185, 24, 8));

    private static readonly Stroke NasolabialFold = new(6, new(19, -20, 0.3f), new(22, -27, 1.3f), new(28, -40, 1.1f), new(33, -53, 0.2f));
    private static readonly Stroke TearTrough = new(6, new(15, 8, 0.3f), new(22, 1, 0.9f), new(31, -2, 0.6f), new(43, 0, 0.1f));
    private static readonly Stroke Marionette = new(5, new(27, -56, 0.6f), new(29, -66, 0.5f), new(28, -75, 0));
    private static readonly Stroke Philtrum = new(4, new(0, -33.5f, 0.3f), new(0, -38, 1.1f), new(0, -43, 1.2f), new(0, -45.5f, 0.2f));
    private static readonly Stroke PhiltralRidge = new(2.8f, new(3.6f, -34, 0.2f), new(4.5f, -39, 0.6f), new(5.6f, -43.5f, 0.5f));

    /// <summary>Signed distance to the skin and the eyes.</summary>
    public static float Distance(Vector3 p)
    {
        // The mirror x = 0 is rounded a little so that no crease runs down the middle of the face.
        var q = p with { X = MathF.Sqrt(p.X * p.X + 1) };
        var d = Skull(q);
        if (q.Z > 20 && q.Y is > -115 and < 60)
            d = Face(q, d);
        if (EarShape.Reaches(q, d))
            d = EarShape.AddTo(d, q);
        return Intersection(d, NeckBottom - p.Y, 2);
    }

    private static float Skull(Vector3 q)
    {
        var d = Ellipsoid(q, new(0, 52, -16), new(76, 77, 76));
        d = Union(d, Ellipsoid(q, new(0, 50, 18), new(68, 76, 76)), 24);
        d = Union(d, Ellipsoid(q, new(0, 42, 40), new(55, 42, 59)), 14);
        d = Union(d, Ellipsoid(q, new(0, -12, 20), new(69, 70, 68)), 16);
        d = Union(d, Ellipsoid(q, new(0, -55, 30), new(55, 48, 63)), 14);
        d = Union(d, Mandible.Distance(q), 20);
        d = Union(d, Neck(q), 14);
        return Union(d, ZygomaticArch.Distance(q), 18);
    }

    private static float Neck(Vector3 q)
    {
        // The neck leans forward as it rises.
        var middle = -14 + (q.Y + 90) * 0.16f;
        var column = new Vector2(q.X / 54, (q.Z - middle) / 52).Length() * 53 - 53;
        column = Intersection(column, q.Y + 35, 30);
        var d = Union(column, Sternomastoid.Distance(q), 14);
        return Union(d, Ellipsoid(q, new(0, -135, 25), new(9, 16, 10)), 14);
    }

    private static float Face(Vector3 q, float d)
    {
        d = Union(d, BrowRidge.Distance(q), 14);
        d = Union(d, Ellipsoid(q, new(45, -9, 47), new(21, 21, 20)), 22);
        d = Union(d, Ellipsoid(q, new(0, -88, 84), new(19, 14, 14)), 14);
        d = MouthShape.AddBarrelTo(d, q);
        d = EyeShape.PressSocketInto(d, q);
        d = NoseShape.AddTo(d, q);
        d += NasolabialFold.At(q.X, q.Y) + TearTrough.At(q.X, q.Y) + Marionette.At(q.X, q.Y);
        d += Philtrum.At(q.X, q.Y) - PhiltralRidge.At(q.X, q.Y);
        d += 1.8f * Dab(q, new(0, -73, 100), 15);
        d -= 1.5f * Dab(q, new(34, -18, 86), 20);
        d = MouthShape.AddLipsTo(d, q);
        return EyeShape.AddTo(d, q);
    }
}
