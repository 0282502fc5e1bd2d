using System.Numerics;
using static FaceRecon.SignedDistance;

namespace FaceRecon;

/// <summary>Covers the scalp of the average head with short hair: where it grows, how high, what colour.</summary>
internal sealed class HairPainter(HeadIdentity identity)
{
    // The hairline's height (mm) over the direction from the head's axis, 0 in front, 180 degrees at the nape.
    private static readonly Vector2[] Hairline =
        [new(0, 76), new(18, 79), new(30, 76), new(42, 66), new(52, 52), new(60, 34), new(66, 12), new(72, -4), new(80, -4), new(88, 22), new(100, 34), new(112, 22), new(125, -16), new(145, -42), new(180, -48)];

    private readonly GradientNoise _noise = new(identity.Seed + 200);

    /// <summary>Lays hair over the skin at a point of the average head.</summary>
    public SkinSample Cover(Vector3 p, SkinSample skin)
    {
        var q = p with { X = MathF.Abs(p.X) };
        var above = q.Y - HairlineAt(MathF.Atan2(q.X, q.Z + 4) * (180 / MathF.PI)) + 3.5f * _noise.Fractal(p / 7, 2);
        if (above < -4 || IsEar(q))
            return skin;
        var cover = SmoothStep(-3, 7, above);
        var thick = SmoothStep(0, 26, above) * (1 - Dab(q, new(76, 6, -12), 44));
        // Locks: noise stretched from the crown outwards.
        var angle = MathF.Atan2(p.X, p.Z + 30);
        var strands = _noise.At(new Vector3(MathF.Sin(angle) * 34, p.Y / 13, MathF.Cos(angle) * 34));
        var fine = _noise.At(new Vector3(MathF.Sin(angle) * 90, p.Y / 5, MathF.Cos(angle) * 90)) + 0.6f * _noise.At(p / 1.1f);
        var height = thick * identity.HairLength * (1 + 0.25f * strands) + cover * (0.35f * fine + 0.3f);
        var albedo = identity.HairColor * (1 + 0.35f * strands + 0.4f * fine) + new Vector3(0.006f);
        var density = Math.Clamp(cover * (0.75f + 0.25f * thick) + 0.2f * fine * cover, 0, 1);
        return new SkinSample(Vector3.Lerp(skin.Albedo, Vector3.Max(albedo, new Vector3(0.004f)), density),
            float.Lerp(skin.Gloss, 0.22f, density), float.Lerp(skin.Height, height, cover), 1 - density);
    }

    /// <summary>Whether the point belongs to the ear, which stands free of the hair.</summary>
    private static bool IsEar(Vector3 q) => q.X > 66 && EarShape.AddTo(100, q) < 1.2f;

    private static float HairlineAt(float degrees)
    {
        var i = 1;
        while (i < Hairline.Length - 1 && Hairline[i].X < degrees)
            i++;
        var (a, b) = (Hairline[i - 1], Hairline[i]);
        return float.Lerp(a.Y, b.Y, SmoothStep(a.X, b.X, degrees));
    }
}
