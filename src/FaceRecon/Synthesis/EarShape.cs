using System.Numerics;
using static FaceRecon.SignedDistance;

namespace FaceRecon;

/// <summary>
/// The ear of <see cref="HeadShape"/>, millimetres; x is mirrored. Built in its own plane:
/// u backwards along the width, v up along the length, w out of the plane.
/// </summary>
internal static class EarShape
{
    private static readonly Vector3 Center = new(76, 3, -15);
    private static readonly Vector3 V = Vector3.Normalize(new(0.06f, 0.97f, -0.22f));
    private static readonly Vector3 W = Vector3.Normalize(Vector3.Cross(V, Vector3.Cross(new(0.9f, 0, 0.43f), V)));
    private static readonly Vector3 U = Vector3.Cross(V, W);

    private static readonly Tube Helix = new(new(-3, 1, 0.5f, 1.4f), new(-11, 8, 1.5f, 2.2f), new(-12, 18, 2.5f, 2.5f), new(-6, 27, 3, 2.7f), new(3, 30, 3.2f, 2.8f), new(11, 25, 3.2f, 2.8f), new(15.5f, 14, 3, 2.6f), new(15.5f, 2, 2.6f, 2.4f), new(12, -11, 2.2f, 2.2f), new(7, -19, 1.5f, 2));
    private static readonly Tube Antihelix = new(new(-1, -15, 2.5f, 2.4f), new(5, -10, 3, 2.3f), new(8.5f, 0, 3, 2.2f), new(6.5f, 10, 2.6f, 2.2f), new(1, 20, 1.5f, 1.6f));
    private static readonly Tube AntihelixCrus = new(new(6.5f, 9, 2.6f, 2), new(-1, 12, 1.4f, 1.6f), new(-8, 13, 0.5f, 1.2f));

    /// <summary>Whether the ear can change a distance <paramref name="d"/> at <paramref name="q"/>.</summary>
    public static bool Reaches(Vector3 q, float d) => Vector3.Distance(q, Center) - 38 < d + 6;

    public static float AddTo(float d, Vector3 q)
    {
        var p = q - Center;
        p = new Vector3(Vector3.Dot(p, U), Vector3.Dot(p, V), Vector3.Dot(p, W));
        var ear = Ellipsoid(p, new(1, 7, -1), new(15.5f, 22, 2.6f));
        ear = Union(ear, Ellipsoid(p, new(-2, -12, -0.5f), new(11, 13, 3)), 4);
        ear = Union(ear, Ellipsoid(p, new(-4, -23, 0.3f), new(8, 8.5f, 3.2f)), 4);
        ear = Union(ear, Helix.Distance(p), 1.8f);
        ear = Union(ear, Antihelix.Distance(p), 2.2f);
        ear = Union(ear, AntihelixCrus.Distance(p), 2.2f);
        // The back of the concha joins the skull; its bowl is cut afterwards.
        ear = Union(ear, Ellipsoid(p, new(-4, -3, -5), new(11, 14, 7)), 3);
        ear = Cut(ear, Ellipsoid(p, new(-1.5f, -3.5f, 2.5f), new(8, 10, 6)), 2);
        ear = Union(ear, Ellipsoid(p, new(-11, -4, 2), new(3.2f, 6, 3)), 2.5f);
        ear = Union(ear, Ellipsoid(p, new(0.5f, -15, 2.5f), new(3.2f, 2.8f, 2.6f)), 2);
        return Union(d, ear, 4);
    }
}
