using System.Numerics;

namespace FaceRecon;

/// <summary>
/// How much light from every direction reaches each vertex past the rest of the mesh, as spherical
/// harmonics, so that a turning head is relit by a dot product with soft shadows of its own
/// (precomputed radiance transfer: Sloan, Kautz and Snyder 2002).
/// </summary>
internal sealed class LightTransfer
{
    private const int DirectionCount = 64;
    /// <summary>Side of a shadow map's cell, and the detail of what casts shadows, metres.</summary>
    private const float Cell = 0.0013f, CasterDetail = 0.0018f;
    /// <summary>What lies less than this below a shadow map's surface is not in its shadow, metres.</summary>
    private const float Bias = 0.0022f;

    private LightTransfer(float[] direct, float[] scattered)
    {
        Direct = direct;
        Scattered = scattered;
    }

    /// <summary>Coefficients for light that leaves where it arrives, <see cref="SphericalHarmonics.Count"/> a vertex.</summary>
    public float[] Direct { get; }
    /// <summary>Coefficients for light that wanders some millimetres under the skin: red does most.</summary>
    public float[] Scattered { get; }

    /// <summary>Bakes the transfer of a mesh, metres.</summary>
    public static LightTransfer Bake(Vector3[] vertices, Vector3[] normals, int[] triangles, CancellationToken cancellationToken)
    {
        var directions = SphericalHarmonics.Directions(DirectionCount);
        var lit = new bool[DirectionCount][];
        var options = new ParallelOptions { CancellationToken = cancellationToken };
        var caster = Coarsen(vertices, triangles);
        Parallel.For(0, DirectionCount, options, k => lit[k] = CastShadow(vertices, caster, directions[k]));
        var harmonics = new float[DirectionCount * SphericalHarmonics.Count];
        for (var k = 0; k < DirectionCount; k++)
            SphericalHarmonics.Evaluate(directions[k], harmonics.AsSpan(k * SphericalHarmonics.Count, SphericalHarmonics.Count));
        var direct = new float[vertices.Length * SphericalHarmonics.Count];
        Parallel.For(0, vertices.Length, options, i =>
        {
            var transfer = direct.AsSpan(i * SphericalHarmonics.Count, SphericalHarmonics.Count);
            for (var k = 0; k < DirectionCount; k++)
            {
                var cosine = Vector3.Dot(normals[i], directions[k]);
                if (cosine <= 0 || !lit[k][i])
                    continue;
                // Solid angle over pi, so that light of one everywhere gives one.
                var weight = cosine * 4 / DirectionCount;
                for (var j = 0; j < transfer.Length; j++)
                    transfer[j] += weight * harmonics[k * SphericalHarmonics.Count + j];
            }
        });
        var scattered = direct;
        for (var pass = 0; pass < 4; pass++)
            scattered = MeanOfNeighbours(scattered, triangles);
        return new LightTransfer(direct, scattered);
    }

    /// <summary>The triangles that are left when the vertices of each cell of space are merged into the first of them.</summary>
    private static int[] Coarsen(Vector3[] vertices, int[] triangles)
    {
        var first = new Dictionary<(int, int, int), int>(vertices.Length / 4);
        var merged = new int[vertices.Length];
        for (var i = 0; i < merged.Length; i++)
        {
            var p = vertices[i] / CasterDetail;
            var cell = ((int)MathF.Floor(p.X), (int)MathF.Floor(p.Y), (int)MathF.Floor(p.Z));
            if (!first.TryGetValue(cell, out merged[i]))
                first[cell] = merged[i] = i;
        }
        var coarse = new List<int>(triangles.Length / 2);
        for (var t = 0; t < triangles.Length; t += 3)
        {
            var (a, b, c) = (merged[triangles[t]], merged[triangles[t + 1]], merged[triangles[t + 2]]);
            if (a != b && b != c && c != a)
                coarse.AddRange([a, b, c]);
        }
        return coarse.ToArray();
    }

    /// <summary>Which vertices light from a direction reaches, by a parallel shadow map (Williams 1978).</summary>
    private static bool[] CastShadow(Vector3[] vertices, int[] triangles, Vector3 direction)
    {
        var side = Vector3.Normalize(Vector3.Cross(MathF.Abs(direction.Y) < 0.9f ? Vector3.UnitY : Vector3.UnitX, direction));
        var up = Vector3.Cross(direction, side);
        var projected = new Vector3[vertices.Length];
        var (low, high) = (new Vector3(float.MaxValue), new Vector3(float.MinValue));
        for (var i = 0; i < vertices.Length; i++)
        {
            var p = vertices[i];
            projected[i] = new Vector3(Vector3.Dot(p, side) / Cell, Vector3.Dot(p, up) / Cell, Vector3.Dot(p, direction));
            low = Vector3.Min(low, projected[i]);
            high = Vector3.Max(high, projected[i]);
        }
        var (x0, y0) = ((int)low.X - 1, (int)low.Y - 1);
        var (columns, rows) = ((int)high.X - x0 + 3, (int)high.Y - y0 + 3);
        var map = new float[columns * rows];
        Array.Fill(map, float.MinValue);
        for (var t = 0; t < triangles.Length; t += 3)
            Rasterise(projected[triangles[t]], projected[triangles[t + 1]], projected[triangles[t + 2]], map, columns, x0, y0);
        var lit = new bool[vertices.Length];
        for (var i = 0; i < lit.Length; i++)
        {
            var p = projected[i];
            lit[i] = p.Z + Bias > map[((int)MathF.Round(p.Y) - y0) * columns + (int)MathF.Round(p.X) - x0];
        }
        return lit;
    }

    private static void Rasterise(Vector3 a, Vector3 b, Vector3 c, float[] map, int columns, int x0, int y0)
    {
        // Only what faces the light can cast a shadow first.
        var area = (b.X - a.X) * (c.Y - a.Y) - (b.Y - a.Y) * (c.X - a.X);
        if (area <= 0)
            return;
        var (left, right) = ((int)MathF.Ceiling(MathF.Min(a.X, MathF.Min(b.X, c.X))), (int)MathF.Floor(MathF.Max(a.X, MathF.Max(b.X, c.X))));
        var (bottom, top) = ((int)MathF.Ceiling(MathF.Min(a.Y, MathF.Min(b.Y, c.Y))), (int)MathF.Floor(MathF.Max(a.Y, MathF.Max(b.Y, c.Y))));
        for (var y = bottom; y <= top; y++)
            for (var x = left; x <= right; x++)
            {
                var wa = ((b.X - x) * (c.Y - y) - (b.Y - y) * (c.X - x)) / area;
                var wb = ((c.X - x) * (a.Y - y) - (c.Y - y) * (a.X - x)) / area;
                var wc = 1 - wa - wb;
                if (wa < 0 || wb < 0 || wc < 0)
                    continue;
                ref var height = ref map[(y - y0) * columns + x - x0];
                height = MathF.Max(height, wa * a.Z + wb * b.Z + wc * c.Z);
            }
    }

    private static float[] MeanOfNeighbours(float[] values, int[] triangles)
    {
        const int count = SphericalHarmonics.Count;
        var sums = new float[values.Length];
        var weights = new int[values.Length / count];
        for (var t = 0; t < triangles.Length; t += 3)
        {
            var (a, b, c) = (count * triangles[t], count * triangles[t + 1], count * triangles[t + 2]);
            for (var j = 0; j < count; j += 4)
            {
                var all = new Vector4(values.AsSpan(a + j)) + new Vector4(values.AsSpan(b + j)) + new Vector4(values.AsSpan(c + j));
                (new Vector4(sums.AsSpan(a + j)) + all).CopyTo(sums.AsSpan(a + j));
                (new Vector4(sums.AsSpan(b + j)) + all).CopyTo(sums.AsSpan(b + j));
                (new Vector4(sums.AsSpan(c + j)) + all).CopyTo(sums.AsSpan(c + j));
            }
            weights[triangles[t]] += 3;
            weights[triangles[t + 1]] += 3;
            weights[triangles[t + 2]] += 3;
        }
        for (var i = 0; i < sums.Length; i++)
            sums[i] /= Math.Max(1, weights[i / count]);
        return sums;
    }
}
