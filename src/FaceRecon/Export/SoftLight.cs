using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Soft light with shadows, computed once for a mesh at its vertices: many distant lamps, strong where
/// a photographer would put the key and fill lights and weak elsewhere, each with a depth map of
/// what it sees (L. Williams 1978).
/// </summary>
internal static class SoftLight
{
    private const int Lamps = 64;
    private const int SmoothingSteps = 2;

    /// <summary>Light received by each vertex, 1 for one that faces the key light unobstructed.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="frame">Which way is up and forward.</param>
    /// <param name="loop">Runs the work.</param>
    public static float[] Irradiance(TriangleMesh mesh, UprightFrame frame, PartitionedLoop loop)
    {
        var toWorld = frame.ToYUp().Inverse();
        var (centre, radius) = Bounds(mesh.Vertices);
        var spacing = MeanEdge(mesh);
        var size = (int)Math.Clamp(radius / spacing, 16, 192);
        var lamps = new (Vector3 Direction, float Power)[Lamps];
        for (var i = 0; i < Lamps; i++)
        {
            // Evenly over the sphere, by the golden angle.
            var y = 1 - (2 * i + 1f) / Lamps;
            var ring = MathF.Sqrt(1 - y * y);
            var angle = i * MathF.PI * (3 - MathF.Sqrt(5));
            var direction = new Vector3(ring * MathF.Cos(angle), y, ring * MathF.Sin(angle));
            lamps[i] = (UprightFrame.ToSingle(toWorld.Rotate(new Vector3d(direction.X, direction.Y, direction.Z))), Sky(direction));
        }

        // Blocks of lamps add up in their own arrays, which are then added in order.
        const int block = 8;
        var parts = new float[(Lamps + block - 1) / block][];
        loop.Run(Lamps, block, (from, to) =>
        {
            var sum = parts[from / block] = new float[mesh.VertexCount];
            var depth = new float[size * size];
            var cells = new int[mesh.VertexCount];
            var heights = new float[mesh.VertexCount];
            for (var lamp = from; lamp < to; lamp++)
                AddLamp(mesh, lamps[lamp].Direction, lamps[lamp].Power, centre, radius, spacing, depth, size, cells, heights, sum);
        });
        var light = new float[mesh.VertexCount];
        foreach (var part in parts)
        {
            for (var v = 0; v < light.Length; v++)
                light[v] += part[v];
        }
        Smooth(mesh.Triangles, light);
        Normalize(light);
        return light;
    }

    /// <summary>Brightness of the sky in a direction: a key light above and to the left, a broad fill from the right, little from below.</summary>
    private static float Sky(Vector3 direction)
    {
        return 1.5f * Lobe(new Vector3(-0.6f, 0.6f, 0.55f), 4.5f) + 0.30f * Lobe(new Vector3(0.85f, 0.1f, 0.5f), 3) +
            0.10f * (0.6f + 0.4f * direction.Y);

        float Lobe(Vector3 towards, float sharpness) =>
            MathF.Exp(sharpness * (Vector3.Dot(direction, Vector3.Normalize(towards)) - 1));
    }

    private static void AddLamp(TriangleMesh mesh, Vector3 direction, float power, Vector3 centre, float radius, float spacing,
        float[] depth, int size, int[] cells, float[] heights, float[] sum)
    {
        var right = Vector3.Normalize(Vector3.Cross(MathF.Abs(direction.X) < 0.9f ? Vector3.UnitX : Vector3.UnitY, direction));
        var up = Vector3.Cross(direction, right);
        var scale = 0.499f * size / radius;
        var half = 0.5f * size;
        Array.Fill(depth, float.NegativeInfinity);
        for (var v = 0; v < cells.Length; v++)
        {
            var p = mesh.Vertices[v] - centre;
            var cell = cells[v] = (int)(half + scale * Vector3.Dot(p, up)) * size + (int)(half + scale * Vector3.Dot(p, right));
            var height = heights[v] = Vector3.Dot(p, direction);
            if (height > depth[cell])
                depth[cell] = height;
        }
        var texel = 1.5f / scale;
        for (var v = 0; v < sum.Length; v++)
        {
            var facing = Vector3.Dot(mesh.Normals[v], direction);
            if (facing <= 0)
                continue;
            // A slanted surface rises within a texel by the tangent of its angle.
            var slack = spacing + texel * MathF.Min(4, MathF.Sqrt(1 - Math.Min(1, facing * facing)) / facing);
            if (heights[v] >= depth[cells[v]] - slack)
                sum[v] += power * facing;
        }
    }

    private static void Smooth(int[] triangles, float[] light)
    {
        var sums = new float[light.Length];
        var counts = new int[light.Length];
        for (var step = 0; step < SmoothingSteps; step++)
        {
            Array.Clear(sums);
            Array.Clear(counts);
            for (var t = 0; t < triangles.Length; t += 3)
            {
                var mean = (light[triangles[t]] + light[triangles[t + 1]] + light[triangles[t + 2]]) / 3;
                for (var c = 0; c < 3; c++)
                {
                    sums[triangles[t + c]] += mean;
                    counts[triangles[t + c]]++;
                }
            }
            for (var v = 0; v < light.Length; v++)
                light[v] = counts[v] > 0 ? sums[v] / counts[v] : light[v];
        }
    }

    /// <summary>Scales so that the brightest few percent of the vertices have 1.</summary>
    private static void Normalize(float[] light)
    {
        var sorted = (float[])light.Clone();
        Array.Sort(sorted);
        var bright = sorted.Length == 0 ? 0 : sorted[(int)(0.97 * (sorted.Length - 1))];
        for (var v = 0; v < light.Length; v++)
            light[v] = bright > 0 ? light[v] / bright : 1;
    }

    private static (Vector3 Centre, float Radius) Bounds(Vector3[] vertices)
    {
        var (low, high) = (new Vector3(float.MaxValue), new Vector3(float.MinValue));
        foreach (var v in vertices)
            (low, high) = (Vector3.Min(low, v), Vector3.Max(high, v));
        return (0.5f * (low + high), Math.Max(0.5f * Vector3.Distance(low, high), 1e-6f));
    }

    private static float MeanEdge(TriangleMesh mesh)
    {
        var sum = 0.0;
        for (var t = 0; t < mesh.Triangles.Length; t += 3)
            sum += Vector3.Distance(mesh.Vertices[mesh.Triangles[t]], mesh.Vertices[mesh.Triangles[t + 1]]);
        return Math.Max((float)(sum / Math.Max(mesh.TriangleCount, 1)), 1e-6f);
    }
}
