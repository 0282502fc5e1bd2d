using System.Numerics;
using static FaceRecon.SignedDistance;

namespace FaceRecon;

/// <summary>Bridge, tip, wings and nostrils of <see cref="HeadShape"/>, millimetres; x is mirrored.</summary>
internal static class NoseShape
{
    private static readonly Tube Bridge = new(new(0, 25, 90, 6.5f), new(0, 12, 96.5f, 7), new(0, 0, 102.5f, 7.8f), new(0, -10, 108.5f, 8.8f), new(0, -17, 113, 10));
    private static readonly Tube Columella = new(new(0, -21, 115, 5), new(0, -26.5f, 110, 4.4f), new(0, -29.5f, 104, 5));
    private static readonly Stroke AlarGroove = new(3.2f, new(13, -14, 0.2f), new(18, -17, 0.8f), new(19.8f, -23, 1.1f), new(18.5f, -29, 0.7f));

    public static float AddTo(float d, Vector3 q)
    {
        if (Vector3.Distance(q, new(0, -5, 98)) - 42 > d + 10)
            return d;
        d = Union(d, Ellipsoid(q, new(0, -14, 80), new(23, 26, 22)), 12);
        d = Union(d, Bridge.Distance(q), 9);
        d = Union(d, Ellipsoid(q, new(0, -19, 114), new(10.5f, 9, 10.5f)), 6);
        d = Union(d, Ellipsoid(q, new(12.2f, -22.5f, 104.5f), new(6.2f, 7, 9.5f)), 5);
        d += AlarGroove.At(q.X, q.Y);
        d = Union(d, Columella.Distance(q), 4);
        return Cut(d, Nostril(q), 1.8f);
    }

    private static float Nostril(Vector3 q)
    {
        // An oval that runs from the wing's base forward and inward to the tip.
        var p = q - new Vector3(7.2f, -28.2f, 108);
        var along = 0.9f * p.Z - 0.42f * p.X;
        var across = 0.42f * p.Z + 0.9f * p.X;
        return Ellipsoid(new(across, p.Y, along), Vector3.Zero, new(3, 6.5f, 5.4f));
    }
}
