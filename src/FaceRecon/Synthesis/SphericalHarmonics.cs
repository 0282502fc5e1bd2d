using System.Numerics;

namespace FaceRecon;

/// <summary>Real spherical harmonics up to degree 3, and an even set of directions to sum them over.</summary>
internal static class SphericalHarmonics
{
    /// <summary>Functions of degree 0 to 3.</summary>
    public const int Count = 16;

    /// <summary>The values of all functions in a unit direction.</summary>
    public static void Evaluate(Vector3 d, Span<float> y)
    {
        var (xx, yy, zz) = (d.X * d.X, d.Y * d.Y, d.Z * d.Z);
        y[0] = 0.28209479f;
        y[1] = 0.48860251f * d.Y;
        y[2] = 0.48860251f * d.Z;
        y[3] = 0.48860251f * d.X;
        y[4] = 1.09254843f * d.X * d.Y;
        y[5] = 1.09254843f * d.Y * d.Z;
        y[6] = 0.31539157f * (3 * zz - 1);
        y[7] = 1.09254843f * d.X * d.Z;
        y[8] = 0.54627422f * (xx - yy);
        y[9] = 0.59004359f * d.Y * (3 * xx - yy);
        y[10] = 2.89061144f * d.X * d.Y * d.Z;
        y[11] = 0.45704580f * d.Y * (5 * zz - 1);
        y[12] = 0.37317633f * d.Z * (5 * zz - 3);
        y[13] = 0.45704580f * d.X * (5 * zz - 1);
        y[14] = 1.44530572f * d.Z * (xx - yy);
        y[15] = 0.59004359f * d.X * (xx - 3 * yy);
    }

    /// <summary>Directions spread evenly over the sphere (a Fibonacci spiral).</summary>
    public static Vector3[] Directions(int count)
    {
        var directions = new Vector3[count];
        for (var i = 0; i < count; i++)
        {
            var y = 1 - (2 * i + 1f) / count;
            var radius = MathF.Sqrt(1 - y * y);
            var angle = i * 2.39996323f;
            directions[i] = new Vector3(radius * MathF.Cos(angle), y, radius * MathF.Sin(angle));
        }
        return directions;
    }
}
