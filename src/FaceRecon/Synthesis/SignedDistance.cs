using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Signed distances of simple solids (negative inside) and the blends that make organic shapes of them:
/// the polynomial smooth minimum of Quilez, "Smooth minimum for SDFs" (2013). Distances of ellipsoids
/// and tapered tubes are close approximations, which is all that a zero level needs.
/// </summary>
internal static class SignedDistance
{
    /// <summary>Distance to a sphere.</summary>
    public static float Sphere(Vector3 p, Vector3 center, float radius) => Vector3.Distance(p, center) - radius;

    /// <summary>First-order distance to an ellipsoid with axes along the coordinates; inside, no deeper than its thinnest radius.</summary>
    public static float Ellipsoid(Vector3 p, Vector3 center, Vector3 radii)
    {
        var q = (p - center) / radii;
        var length = q.Length();
        var gradient = (q / radii).Length();
        var thinnest = MathF.Min(radii.X, MathF.Min(radii.Y, radii.Z));
        return gradient < 1e-12f ? -thinnest : MathF.Max(length * (length - 1) / gradient, -thinnest);
    }

    /// <summary>1 at a point, falling to 0 at <paramref name="radius"/> from it as (1 - (distance/radius)^2)^2.</summary>
    public static float Dab(Vector3 p, Vector3 center, float radius)
    {
        var bump = 1 - Vector3.DistanceSquared(p, center) / (radius * radius);
        return bump > 0 ? bump * bump : 0;
    }

    /// <summary>Union of two solids whose seam is rounded over the width <paramref name="k"/>.</summary>
    public static float Union(float a, float b, float k)
    {
        var h = MathF.Max(k - MathF.Abs(a - b), 0) / k;
        return MathF.Min(a, b) - h * h * k * 0.25f;
    }

    /// <summary>What is left of a after b is cut out, with an edge rounded over <paramref name="k"/>.</summary>
    public static float Cut(float a, float b, float k) => -Union(-a, b, k);

    /// <summary>What a and b share, with an edge rounded over <paramref name="k"/>.</summary>
    public static float Intersection(float a, float b, float k) => -Union(-a, -b, k);

    /// <summary>0 below <paramref name="from"/>, 1 above <paramref name="to"/>, a smooth step between (also for from &gt; to).</summary>
    public static float SmoothStep(float from, float to, float x)
    {
        var t = Math.Clamp((x - from) / (to - from), 0, 1);
        return t * t * (3 - 2 * t);
    }
}
