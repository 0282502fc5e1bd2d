using System.Numerics;
using static FaceRecon.SignedDistance;

namespace FaceRecon;

/// <summary>Dental arch and lips of <see cref="HeadShape"/>, millimetres; x is mirrored.</summary>
internal static class MouthShape
{
    private static readonly Tube UpperLip = new(new(0, -48.6f, 100.3f, 4), new(6, -47.9f, 100.4f, 4.3f), new(14, -49.8f, 96.8f, 3.7f), new(21, -52.4f, 91.2f, 2.4f), new(26, -54, 86.5f, 1));
    private static readonly Tube LowerLip = new(new(0, -58.2f, 98.6f, 4.9f), new(9, -57.8f, 97.4f, 4.8f), new(18, -55.8f, 92.3f, 3.3f), new(25.5f, -54, 86.8f, 1.2f));
    private static readonly Tube Seam = new(new(0, -53.3f, 103.4f, 1.3f), new(5, -52.8f, 103.2f, 1.3f), new(12, -53, 100.4f, 1.3f), new(19, -53.7f, 95.2f, 1), new(24.5f, -54.3f, 90.3f, 0.4f));

    private static readonly Vector2[] UpperBorder = [new(0, -45.6f), new(2.5f, -44.8f), new(5.5f, -44), new(9, -45), new(14, -47.4f), new(20, -50.6f), new(26, -54)];
    private static readonly Vector2[] LowerBorder = [new(0, -64.2f), new(8, -63.7f), new(14, -62), new(20, -58.7f), new(26, -54)];

    /// <summary>How far (x, y) of the frontal plane lies outside the red of the lips, mm; negative inside.</summary>
    public static float Vermilion(float x, float y) =>
        MathF.Max(MathF.Max(y - HeightAt(UpperBorder, x), HeightAt(LowerBorder, x) - y) * 0.8f, x - 26);

    public static float AddBarrelTo(float d, Vector3 q) =>
        Union(Union(d, Ellipsoid(q, new(0, -52, 70), new(31, 25, 31.5f)), 12), Ellipsoid(q, new(0, -40, 88), new(15, 11, 13.5f)), 9);

    public static float AddLipsTo(float d, Vector3 q)
    {
        if (Vector3.Distance(q, new(0, -53, 92)) - 30 > d + 5)
            return d;
        d = Union(d, UpperLip.Distance(q), 2.5f);
        d = Union(d, LowerLip.Distance(q), 4);
        return Cut(d, Seam.Distance(q), 1.6f);
    }

    private static float HeightAt(Vector2[] border, float x)
    {
        var i = 1;
        while (i < border.Length - 1 && border[i].X < x)
            i++;
        return float.Lerp(border[i - 1].Y, border[i].Y, (x - border[i - 1].X) / (border[i].X - border[i - 1].X));
    }
}
