using System.Numerics;

namespace FaceRecon;

/// <summary>Smooth random functions of space: gradient noise (Perlin 2002) on a hashed lattice, about -1 to 1.</summary>
internal sealed class GradientNoise(int seed)
{
    private readonly uint _seed = unchecked((uint)seed * 0x9E3779B1u + 0x85EBCA6Bu);

    /// <summary>Noise with features about one unit of <paramref name="p"/> in size.</summary>
    public float At(Vector3 p)
    {
        var (fx, fy, fz) = (MathF.Floor(p.X), MathF.Floor(p.Y), MathF.Floor(p.Z));
        var (x, y, z) = ((int)fx, (int)fy, (int)fz);
        var (dx, dy, dz) = (p.X - fx, p.Y - fy, p.Z - fz);
        var (u, v, w) = (Fade(dx), Fade(dy), Fade(dz));
        var near = float.Lerp(Row(x, y, z, dx, dy, dz, u), Row(x, y + 1, z, dx, dy - 1, dz, u), v);
        var far = float.Lerp(Row(x, y, z + 1, dx, dy, dz - 1, u), Row(x, y + 1, z + 1, dx, dy - 1, dz - 1, u), v);
        return float.Lerp(near, far, w);
    }

    /// <summary>Several octaves, each of half the size and half the strength of the last.</summary>
    public float Fractal(Vector3 p, int octaves)
    {
        var (sum, strength) = (0f, 1f);
        for (var i = 0; i < octaves; i++, p *= 2.03f, strength *= 0.5f)
            sum += strength * At(p + new Vector3(17.3f * i));
        return sum;
    }

    private float Row(int x, int y, int z, float dx, float dy, float dz, float u) =>
        float.Lerp(Slope(Hash(x, y, z), dx, dy, dz), Slope(Hash(x + 1, y, z), dx - 1, dy, dz), u);

    private uint Hash(int x, int y, int z)
    {
        var h = unchecked(((uint)x * 0x8DA6B343u) ^ ((uint)y * 0xD8163841u) ^ ((uint)z * 0xCB1AB31Fu) ^ _seed);
        h = unchecked((h ^ h >> 16) * 0x7FEB352Du);
        h = unchecked((h ^ h >> 15) * 0x846CA68Bu);
        return h ^ h >> 16;
    }

    /// <summary>The product of the offset with one of the twelve directions to the edges of a cube.</summary>
    private static float Slope(uint hash, float x, float y, float z)
    {
        var h = hash & 15;
        var u = h < 8 ? x : y;
        var v = h < 4 ? y : h is 12 or 14 ? x : z;
        return ((h & 1) == 0 ? u : -u) + ((h & 2) == 0 ? v : -v);
    }

    private static float Fade(float t) => t * t * t * (t * (t * 6 - 15) + 10);
}
