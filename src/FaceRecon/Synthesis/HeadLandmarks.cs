using System.Numerics;

namespace FaceRecon;

/// <summary>The named points of the average head, millimetres of <see cref="HeadShape"/>.</summary>
internal static class HeadLandmarks
{
    // Right and left mirror each other; (x, y) in the frontal plane, the surface gives z.
    private static readonly (string Name, float X, float Y)[] Paired =
    [
        ("eye_outer", 44.5f, 14.4f), ("eye_inner", 17, 13), ("pupil", 31, 15), ("alar", 18.4f, -22.5f), ("nostril_base", 10, -31.5f),
        ("mouth", 25.5f, -54), ("brow_inner", 13, 33), ("brow_mid", 35, 38.8f), ("brow_outer", 56, 31.5f), ("cheek", 42, -24),
    ];

    private static readonly (string Name, float Y)[] Middle =
    [
        ("forehead", 54), ("glabella", 33), ("nasion", 20), ("nose_tip", -19), ("nose_base", -29), ("subnasale", -33.5f),
        ("upper_lip", -47), ("stomion", -53.3f), ("lower_lip", -59), ("pogonion", -88),
    ];

    /// <summary>Every landmark with its place on the average head.</summary>
    public static IEnumerable<(string Name, Vector3 Position)> All()
    {
        foreach (var (name, x, y) in Paired)
        {
            yield return ("r_" + name, OnFace(-x, y));
            yield return ("l_" + name, OnFace(x, y));
        }
        foreach (var (name, y) in Middle)
            yield return (name, OnFace(0, y));
        yield return ("r_ear", new Vector3(-72, -1, -3));
        yield return ("l_ear", new Vector3(72, -1, -3));
    }

    /// <summary>The first point of the head that a ray from the front meets, at (x, y) of the frontal plane (sphere tracing).</summary>
    public static Vector3 OnFace(float x, float y)
    {
        var p = new Vector3(x, y, 140);
        for (var i = 0; i < 200 && p.Z > 0; i++)
        {
            var d = HeadShape.Distance(p);
            if (d < 1e-3f)
                break;
            p.Z -= 0.6f * d;
        }
        return p;
    }
}
