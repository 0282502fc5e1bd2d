using System.Numerics;
using static FaceRecon.SignedDistance;

namespace FaceRecon;

/// <summary>Colours the eyeballs of the average head: sclera with veins, iris with fibres and a dark rim, pupil.</summary>
internal sealed class EyePainter(HeadIdentity identity)
{
    private const float IrisRadius = 5.9f, PupilRadius = 1.9f;
    private static readonly Vector3 White = Palette.FromSrgb(0xE2DAD4), Flesh = Palette.FromSrgb(0xC98F85);

    private readonly GradientNoise _noise = new(identity.Seed + 100);

    /// <summary>Whether a point of the average head lies on an eyeball.</summary>
    public static bool Covers(Vector3 p)
    {
        var q = p with { X = MathF.Abs(p.X) };
        return Vector3.DistanceSquared(q, EyeShape.Center) < 200 && EyeShape.Opening(q.X, q.Y) < 0.6f && EyeShape.Eyeball(q) < 0.2f;
    }

    /// <summary>The eye at a point of the average head.</summary>
    public SkinSample At(Vector3 p)
    {
        var q = p with { X = MathF.Abs(p.X) };
        var (dx, dy) = (q.X - EyeShape.Center.X, q.Y - EyeShape.Center.Y);
        var radius = MathF.Sqrt(dx * dx + dy * dy);
        var albedo = Sclera(p, q);
        var iris = SmoothStep(IrisRadius + 0.45f, IrisRadius - 0.45f, radius);
        albedo = Vector3.Lerp(albedo, Iris(dx, dy, radius, p.X > 0 ? 1 : 2), iris);
        albedo = Vector3.Lerp(albedo, new Vector3(0.004f), SmoothStep(PupilRadius + 0.35f, PupilRadius - 0.35f, radius));
        // The lashes' shade below the upper lid.
        albedo *= 1 - 0.55f * SmoothStep(2.6f, 0.2f, EyeShape.UpperEdge(q.X) - q.Y);
        return new SkinSample(albedo, 1, 0, 0);
    }

    private Vector3 Sclera(Vector3 p, Vector3 q)
    {
        var corner = MathF.Max(SmoothStep(EyeShape.InnerX + 6, EyeShape.InnerX + 0.5f, q.X), 0.6f * SmoothStep(EyeShape.OuterX - 4, EyeShape.OuterX, q.X));
        var veins = SmoothStep(0.25f, 0.6f, MathF.Abs(_noise.At(p / new Vector3(4, 1.4f, 4)))) * 0.12f;
        return Vector3.Lerp(White * new Vector3(1, 1 - veins, 1 - veins), Flesh, corner);
    }

    private Vector3 Iris(float dx, float dy, float radius, float side)
    {
        var angle = MathF.Atan2(dy, dx);
        var fibres = _noise.At(new Vector3(MathF.Cos(angle) * 9, MathF.Sin(angle) * 9, side * 13 + radius * 0.25f));
        var bright = 1 + 0.4f * fibres + 0.5f * SmoothStep(4.5f, 2.2f, radius);
        var rim = 1 - 0.75f * SmoothStep(4.4f, IrisRadius, radius);
        return identity.IrisColor * bright * rim;
    }
}
