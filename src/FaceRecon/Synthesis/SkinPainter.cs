using System.Numerics;
using static FaceRecon.SignedDistance;

namespace FaceRecon;

/// <summary>
/// Colours the average head, millimetres of <see cref="HeadShape"/>: skin with its pigment, blood and
/// pores, lips, brows, lashes, shaved beard, moles. The texture is fine enough to be tracked.
/// </summary>
internal sealed class SkinPainter
{
    private static readonly Vector3 Pale = Palette.FromSrgb(0xE9C3AE), Dark = Palette.FromSrgb(0x6B4530);
    private static readonly Vector3 LipTint = new(0.76f, 0.52f, 0.53f);
    private static readonly Stroke Brow = new(1, new(11, 32, 3.6f), new(19, 35.6f, 4.2f), new(30, 38.4f, 4), new(42, 38.6f, 3.1f), new(51, 35.5f, 2), new(57, 31, 1.1f));
    private static readonly Stroke ForeheadLine = new(2.2f, new(0, 55, 0.5f), new(20, 57.5f, 0.6f), new(38, 55.5f, 0));
    private static readonly Stroke ForeheadLineHigh = new(2, new(0, 66, 0.4f), new(22, 68, 0.4f), new(36, 66, 0));

    private readonly HeadIdentity _identity;
    private readonly GradientNoise _noise;
    private readonly Vector3 _base;
    private readonly (Vector3 Center, float Radius)[] _moles;

    public SkinPainter(HeadIdentity identity)
    {
        _identity = identity;
        _noise = new GradientNoise(identity.Seed);
        _base = Vector3.Lerp(Pale, Dark, identity.Melanin);
        var random = new SplitMix(identity.Seed, purpose: 2);
        _moles = new (Vector3, float)[7];
        for (var i = 0; i < _moles.Length; i++)
        {
            var (x, y) = (random.Uniform(3 * i, -58, 58), random.Uniform(3 * i + 1, -90, 70));
            _moles[i] = (HeadLandmarks.OnFace(x, y), random.Uniform(3 * i + 2, 0.6f, 1.4f));
        }
    }

    /// <summary>The skin at a point of the average head, hair left aside.</summary>
    public SkinSample At(Vector3 p)
    {
        var q = p with { X = MathF.Abs(p.X) };
        var front = SmoothStep(15, 45, p.Z);
        var albedo = _base * Mottle(p) * Blush(q);
        var gloss = 0.30f + 0.16f * Dab(q, new(0, 0, 110), 60) + 0.12f * Dab(q, new(0, 60, 92), 45);
        var pores = _noise.At(p / 0.9f);
        var height = 0.035f * pores * front;
        albedo *= 1 + 0.05f * pores;
        height -= front * 0.35f * (ForeheadLine.At(q.X, q.Y) + ForeheadLineHigh.At(q.X, q.Y));
        albedo = Freckle(p, albedo);
        albedo = Beard(p, q, albedo);
        if (front > 0)
        {
            (albedo, gloss) = Lips(p, q, albedo, gloss);
            (albedo, height) = Brows(p, q, albedo, height);
            albedo = Lashes(q, albedo);
        }
        foreach (var (center, radius) in _moles)
        {
            var mole = SmoothStep(radius * 1.15f, radius * 0.6f, Vector3.Distance(p, center));
            albedo *= Vector3.One - mole * new Vector3(0.55f, 0.68f, 0.72f);
            height += 0.25f * mole;
        }
        return new SkinSample(albedo, gloss, height, 1);
    }

    private Vector3 Mottle(Vector3 p)
    {
        var broad = _noise.Fractal(p / 26, 2);
        var fine = _noise.Fractal(p / 5, 3);
        return Vector3.One + broad * new Vector3(0.05f, 0.08f, 0.08f) + fine * new Vector3(0.05f, 0.085f, 0.09f);
    }

    /// <summary>Where blood shows, where the bone does, and the shade under the eyes.</summary>
    private Vector3 Blush(Vector3 q)
    {
        var red = 0.75f * Dab(q, new(42, -14, 78), 34) + 0.6f * Dab(q, new(0, -20, 120), 22) + 0.5f * Dab(q, new(0, -88, 98), 24)
            + 0.55f * Dab(q, new(80, 3, -15), 45) + 0.3f * Dab(q, new(15, -26, 100), 14) + 0.35f * Dab(q, new(33, 24, 82), 14);
        var tired = 0.8f * Dab(q, new(25, 3, 84), 15) + 0.6f * Dab(q, new(17, 13, 84), 11);
        var pale = 0.5f * Dab(q, new(0, 58, 96), 48);
        return Vector3.One - red * _identity.Blood * new Vector3(0.03f, 0.24f, 0.22f)
            - tired * new Vector3(0.16f, 0.19f, 0.13f) + pale * new Vector3(0.03f, 0.05f, 0.03f);
    }

    private Vector3 Freckle(Vector3 p, Vector3 albedo)
    {
        var where = Dab(p, new(0, -4, 100), 62) + 0.25f;
        var spot = _noise.At(p / 2.1f + new Vector3(9)) + 0.4f * _noise.At(p / 0.8f);
        var strength = _identity.Freckles * where * SmoothStep(0.42f, 0.7f, spot);
        return albedo * (Vector3.One - strength * new Vector3(0.22f, 0.34f, 0.40f));
    }

    private Vector3 Beard(Vector3 p, Vector3 q, Vector3 albedo)
    {
        // From the sideburns along the jaw to the chin, and above the lip; bare under the cheekbone.
        var cheekLine = -16 - 34 * SmoothStep(6, 60, q.Z) + 12 * SmoothStep(80, 98, q.Z);
        var mask = SmoothStep(cheekLine + 5, cheekLine - 12, q.Y) * SmoothStep(-120, -98, q.Y) * SmoothStep(-14, 4, q.Z);
        mask *= 1 - 0.8f * Dab(q, new(11, -68, 98), 11);
        if (mask <= 0)
            return albedo;
        var hairs = SmoothStep(-0.1f, 0.55f, _noise.At(p / 0.85f + new Vector3(31)));
        var shade = mask * _identity.Stubble * (0.16f + 0.30f * hairs);
        return Vector3.Lerp(albedo, _identity.HairColor + new Vector3(0.02f, 0.025f, 0.03f), shade);
    }

    private (Vector3 Albedo, float Gloss) Lips(Vector3 p, Vector3 q, Vector3 albedo, float gloss)
    {
        var rim = MouthShape.Vermilion(q.X, q.Y) + 0.35f * _noise.At(p / 2.5f);
        var lip = SmoothStep(1.2f, -1.3f, rim) * SmoothStep(70, 78, q.Z);
        if (lip <= 0)
            return (albedo, gloss);
        // Vertical wrinkles.
        var wrinkle = _noise.At(new Vector3(p.X / 1.1f, p.Y / 6, 3)) * 0.09f;
        var tint = LipTint * (1 + wrinkle) * new Vector3(1, 1 / _identity.Blood, 1 / _identity.Blood);
        return (Vector3.Lerp(albedo, _base * tint, lip), float.Lerp(gloss, 0.6f, lip));
    }

    private (Vector3 Albedo, float Height) Brows(Vector3 p, Vector3 q, Vector3 albedo, float height)
    {
        var (along, across, halfWidth) = Brow.Coordinates(q.X, q.Y);
        halfWidth *= _identity.BrowThickness;
        var rim = MathF.Abs(across) / halfWidth;
        if (rim > 1.6f)
            return (albedo, height);
        // Hairs lean outwards and up: stretched noise along that slant.
        var hair = _noise.At(new Vector3((along - 0.9f * across) / 4.5f, (across + 0.35f * along) / 0.75f, p.X > 0 ? 5 : 11));
        hair += 0.5f * _noise.At(new Vector3(along / 2.5f, across / 0.6f, p.X > 0 ? 25 : 31));
        var cover = SmoothStep(1.25f, 0.45f, rim + 0.35f * hair) * SmoothStep(-1.5f, 5, along);
        cover *= 0.86f + 0.2f * hair;
        cover = Math.Clamp(cover, 0, 0.95f);
        return (Vector3.Lerp(albedo, _identity.HairColor, cover), height + 0.7f * cover);
    }

    private static Vector3 Lashes(Vector3 q, Vector3 albedo)
    {
        if (q.X < EyeShape.InnerX - 1 || q.X > EyeShape.OuterX + 2 || q.Z < 60)
            return albedo;
        var within = SmoothStep(EyeShape.InnerX + 1, EyeShape.InnerX + 7, q.X) * SmoothStep(EyeShape.OuterX + 1.5f, EyeShape.OuterX - 1.5f, q.X);
        var above = q.Y - EyeShape.UpperEdge(q.X);
        var below = EyeShape.LowerEdge(q.X) - q.Y;
        var upper = SmoothStep(-1, -0.2f, above) * SmoothStep(2.1f, 0.6f, above) * (0.1f + 0.75f * within);
        var lower = SmoothStep(-0.6f, 0.1f, below) * SmoothStep(1.4f, 0.4f, below) * 0.42f * within;
        return albedo * (1 - MathF.Max(upper, lower));
    }
}
