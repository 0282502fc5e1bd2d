using System.Numerics;

namespace FaceRecon;

/// <summary>The lamps of the synthetic room, in its own frame (that of a head at rest): a key, a fill, a rim and the room's glow.</summary>
internal sealed class Lighting
{
    private static readonly Lamp[] Lamps =
    [
        new(Vector3.Normalize(new(0.55f, 0.62f, 0.85f)), new(3.1f, 2.95f, 2.7f), 5.5f),
        new(Vector3.Normalize(new(-0.85f, 0.22f, 0.6f)), new(0.95f, 1.05f, 1.2f), 3),
        new(Vector3.Normalize(new(-0.3f, 0.55f, -0.9f)), new(0.9f, 0.9f, 0.95f), 4),
    ];
    private static readonly Vector3 Above = new(0.42f, 0.42f, 0.43f), Below = new(0.16f, 0.14f, 0.13f);
    private static readonly Vector3[] Samples = SphericalHarmonics.Directions(400);

    private readonly Vector3[] _directions;

    /// <summary>The room's light as seen from an object that stands rotated in it.</summary>
    /// <param name="objectToRoom">The object's pose in the room; only the rotation counts.</param>
    public Lighting(RigidTransform objectToRoom)
    {
        _directions = new Vector3[Lamps.Length];
        for (var i = 0; i < Lamps.Length; i++)
            _directions[i] = RotateBack(objectToRoom, Lamps[i].Direction);
        var up = RotateBack(objectToRoom, Vector3.UnitY);
        Span<float> y = stackalloc float[SphericalHarmonics.Count];
        foreach (var direction in Samples)
        {
            SphericalHarmonics.Evaluate(direction, y);
            var radiance = Radiance(direction, up) * (4 * MathF.PI / Samples.Length);
            for (var j = 0; j < y.Length; j++)
            {
                Red[j] += radiance.X * y[j];
                Green[j] += radiance.Y * y[j];
                Blue[j] += radiance.Z * y[j];
            }
        }
    }

    /// <summary>Harmonics of the red light around the object.</summary>
    public float[] Red { get; } = new float[SphericalHarmonics.Count];
    /// <summary>Harmonics of the green light around the object.</summary>
    public float[] Green { get; } = new float[SphericalHarmonics.Count];
    /// <summary>Harmonics of the blue light around the object.</summary>
    public float[] Blue { get; } = new float[SphericalHarmonics.Count];

    /// <summary>The light that a vertex of this transfer (<see cref="LightTransfer"/>) scatters if it is white.</summary>
    public Vector3 Reach(ReadOnlySpan<float> transfer)
    {
        var (red, green, blue) = (Vector4.Zero, Vector4.Zero, Vector4.Zero);
        for (var j = 0; j < SphericalHarmonics.Count; j += 4)
        {
            var part = new Vector4(transfer[j..]);
            red += part * new Vector4(Red.AsSpan(j));
            green += part * new Vector4(Green.AsSpan(j));
            blue += part * new Vector4(Blue.AsSpan(j));
        }
        return new Vector3(Vector4.Sum(red), Vector4.Sum(green), Vector4.Sum(blue));
    }

    /// <summary>Light scattered towards all sides by a matt white surface that nothing shades.</summary>
    public Vector3 Diffuse(Vector3 normal)
    {
        Span<float> y = stackalloc float[SphericalHarmonics.Count];
        SphericalHarmonics.Evaluate(normal, y);
        // The clamped cosine's harmonics over pi: 1, 2/3, 1/4, 0 (Ramamoorthi and Hanrahan 2001).
        var sum = new Vector3(Red[0], Green[0], Blue[0]) * y[0];
        for (var j = 1; j < 9; j++)
            sum += new Vector3(Red[j], Green[j], Blue[j]) * (y[j] * (j < 4 ? 2 / 3f : 0.25f));
        return Vector3.Max(sum, Vector3.Zero);
    }

    /// <summary>The highlight of skin: lamps mirrored by a rough surface (Blinn 1977) with Fresnel's growth at grazing view (Schlick 1994).</summary>
    public Vector3 SkinHighlight(Vector3 normal, Vector3 toEye)
    {
        var grazing = 1 - Math.Clamp(Vector3.Dot(normal, toEye), 0, 1);
        var fresnel = 0.04f + 0.5f * grazing * grazing * grazing * grazing;
        var sum = fresnel * 0.35f * Above;
        for (var i = 0; i < _directions.Length; i++)
        {
            var cosine = Vector3.Dot(normal, Vector3.Normalize(_directions[i] + toEye));
            if (cosine <= 0.5f)
                continue;
            var c2 = cosine * cosine;
            var c8 = c2 * c2 * c2 * c2;
            sum += Lamps[i].Color * (fresnel * 3.4f * c8 * c8);
        }
        return sum;
    }

    /// <summary>The sharp reflection of the lamps in a wet eye.</summary>
    public Vector3 EyeHighlight(Vector3 normal, Vector3 toEye)
    {
        var mirrored = 2 * Vector3.Dot(normal, toEye) * normal - toEye;
        var sum = 0.012f * Above;
        for (var i = 0; i < 2; i++)
        {
            // A lamp is a disc of some eight degrees.
            var cosine = Vector3.Dot(mirrored, _directions[i]);
            sum += Lamps[i].Color * (0.42f * SignedDistance.SmoothStep(0.972f, 0.99f, cosine));
        }
        return sum;
    }

    private Vector3 Radiance(Vector3 direction, Vector3 up)
    {
        var sum = Vector3.Lerp(Below, Above, 0.5f + 0.5f * Vector3.Dot(direction, up));
        for (var i = 0; i < _directions.Length; i++)
            sum += Lamps[i].Color * MathF.Exp(Lamps[i].Focus * (Vector3.Dot(direction, _directions[i]) - 1));
        return sum;
    }

    private static Vector3 RotateBack(RigidTransform pose, Vector3 v) => new(
        (float)(pose.R00 * v.X + pose.R10 * v.Y + pose.R20 * v.Z),
        (float)(pose.R01 * v.X + pose.R11 * v.Y + pose.R21 * v.Z),
        (float)(pose.R02 * v.X + pose.R12 * v.Y + pose.R22 * v.Z));

    /// <summary>A soft lamp: radiance Color * exp(Focus * (cosine - 1)) around its direction.</summary>
    private readonly record struct Lamp(Vector3 Direction, Vector3 Color, float Focus);
}
