using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FaceRecon;

/// <summary>
/// Soft light with shadows, computed once for a mesh at its vertices: distant lamps, crowded where a photographer would
/// put the key and fill lights and sparse elsewhere, each with a depth map of what it sees (L. Williams 1978).
/// </summary>
internal static class SoftLight
{
    private const int SmoothingSteps = 2;

    /// <summary>A lobe of light around a direction: power exp(sharpness (cos a - 1)) at an angle a from it.</summary>
    private readonly record struct Lobe(Vector3 Towards, float Power, float Sharpness, int Lamps);

    // x to the viewer's right, y up, z towards the viewer: a key light above and to the left, a broad one from the right
    // that leaves no cheek dark, and a little from everywhere.
    private static readonly Lobe[] Studio =
    [
        new(new Vector3(-0.6f, 0.6f, 0.55f), 1.4f, 4.5f, 14),
        new(new Vector3(0.85f, 0.3f, 0.5f), 0.95f, 3.5f, 10),
        new(new Vector3(0, 1, 0.3f), 0.15f, 0.5f, 8),
    ];

    /// <summary>Light received by each vertex, 1 for one that faces the key light unobstructed.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="frame">Which way is up and forward.</param>
    /// <param name="loop">Runs the work.</param>
    public static float[] Irradiance(TriangleMesh mesh, UprightFrame frame, PartitionedLoop loop)
    {
        var lamps = Studio.SelectMany(lobe => LampsOf(lobe, frame.ToYUp().Inverse())).ToArray();
        var vertices = new VertexColumns(mesh);
        // Blocks of lamps add up in their own arrays, which are then added in order.
        const int block = 8;
        var parts = new float[(lamps.Length + block - 1) / block][];
        loop.Run(lamps.Length, block, (from, to) =>
        {
            var sum = parts[from / block] = new float[mesh.VertexCount];
            var map = new LampMap(vertices);
            for (var lamp = from; lamp < to; lamp++)
                map.Add(lamps[lamp].Direction, lamps[lamp].Power, sum);
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

    /// <summary>
    /// Lamps of equal power, as dense as the lobe is bright: the lobe is the distribution of R. A. Fisher (1953), whose cosine
    /// has a closed inverse; turned from one to the next by the golden angle they cover it evenly.
    /// </summary>
    private static IEnumerable<(Vector3 Direction, float Power)> LampsOf(Lobe lobe, RigidTransform toWorld)
    {
        var axis = Vector3.Normalize(lobe.Towards);
        var right = Vector3.Normalize(Vector3.Cross(Vector3.UnitZ, axis));
        var up = Vector3.Cross(axis, right);
        var below = 1 - MathF.Exp(-2 * lobe.Sharpness);
        for (var i = 0; i < lobe.Lamps; i++)
        {
            var cosine = 1 + MathF.Log(1 - (i + 0.5f) / lobe.Lamps * below) / lobe.Sharpness;
            var sine = MathF.Sqrt(Math.Max(0, 1 - cosine * cosine));
            var (s, c) = MathF.SinCos(i * MathF.PI * (3 - MathF.Sqrt(5)));
            var d = cosine * axis + sine * (c * right + s * up);
            yield return (UprightFrame.ToSingle(toWorld.Rotate(new Vector3d(d.X, d.Y, d.Z))), lobe.Power * below / lobe.Sharpness / lobe.Lamps);
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
        // Every eighth tells as much.
        var sample = new float[(light.Length + 7) / 8];
        for (var i = 0; i < sample.Length; i++)
            sample[i] = light[8 * i];
        Array.Sort(sample);
        var bright = sample.Length == 0 ? 0 : sample[(int)(0.97 * (sample.Length - 1))];
        for (var v = 0; v < light.Length; v++)
            light[v] = bright > 0 ? light[v] / bright : 1;
    }

    /// <summary>Positions about the middle of the mesh, and normals, a column each and filled up to whole vectors.</summary>
    private sealed class VertexColumns
    {
        public VertexColumns(TriangleMesh mesh)
        {
            Count = mesh.VertexCount;
            var length = (Count + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
            (X, Y, Z, NormalX, NormalY, NormalZ) = (new float[length], new float[length], new float[length], new float[length], new float[length], new float[length]);
            var (low, high) = (new Vector3(float.MaxValue), new Vector3(float.MinValue));
            foreach (var v in mesh.Vertices)
                (low, high) = (Vector3.Min(low, v), Vector3.Max(high, v));
            var centre = 0.5f * (low + high);
            Radius = Math.Max(0.5f * Vector3.Distance(low, high), 1e-6f);
            for (var v = 0; v < Count; v++)
            {
                var p = mesh.Vertices[v] - centre;
                (X[v], Y[v], Z[v]) = (p.X, p.Y, p.Z);
                (NormalX[v], NormalY[v], NormalZ[v]) = (mesh.Normals[v].X, mesh.Normals[v].Y, mesh.Normals[v].Z);
            }
            var edges = 0.0;
            for (var t = 0; t < mesh.Triangles.Length; t += 3)
                edges += Vector3.Distance(mesh.Vertices[mesh.Triangles[t]], mesh.Vertices[mesh.Triangles[t + 1]]);
            Spacing = Math.Max((float)(edges / Math.Max(mesh.TriangleCount, 1)), 1e-6f);
        }

        public int Count { get; }
        public float Radius { get; }
        public float Spacing { get; }
        public float[] X { get; }
        public float[] Y { get; }
        public float[] Z { get; }
        public float[] NormalX { get; }
        public float[] NormalY { get; }
        public float[] NormalZ { get; }
    }

    /// <summary>The depth map of one lamp after another.</summary>
    private sealed class LampMap
    {
        private readonly VertexColumns _vertices;
        private readonly int _size;
        private readonly float _scale;
        private readonly float[] _depth;
        private readonly int[] _cells;
        private readonly float[] _heights;

        public LampMap(VertexColumns vertices)
        {
            _vertices = vertices;
            _size = (int)Math.Clamp(vertices.Radius / vertices.Spacing, 16, 192);
            _scale = 0.499f * _size / vertices.Radius;
            _depth = new float[_size * _size];
            _cells = new int[vertices.X.Length];
            _heights = new float[vertices.X.Length];
        }

        /// <summary>Adds what a lamp in <paramref name="direction"/> gives every vertex that it sees.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Add(Vector3 direction, float power, float[] sum)
        {
            var right = Vector3.Normalize(Vector3.Cross(MathF.Abs(direction.X) < 0.9f ? Vector3.UnitX : Vector3.UnitY, direction));
            Draw(direction, _scale * right, _scale * Vector3.Cross(direction, right));
            var (nx, ny, nz) = (_vertices.NormalX, _vertices.NormalY, _vertices.NormalZ);
            var texel = 1.5f / _scale;
            for (var v = 0; v < _vertices.Count; v++)
            {
                var facing = nx[v] * direction.X + ny[v] * direction.Y + nz[v] * direction.Z;
                if (facing <= 0)
                    continue;
                // A slanted surface rises within a texel by the tangent of its angle.
                var slack = _vertices.Spacing + texel * MathF.Min(4, MathF.Sqrt(1 - MathF.Min(1, facing * facing)) / facing);
                if (_heights[v] >= _depth[_cells[v]] - slack)
                    sum[v] += power * facing;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Draw(Vector3 direction, Vector3 right, Vector3 up)
        {
            var half = new Vector<float>(0.5f * _size);
            var x = MemoryMarshal.Cast<float, Vector<float>>(_vertices.X);
            var y = MemoryMarshal.Cast<float, Vector<float>>(_vertices.Y);
            var z = MemoryMarshal.Cast<float, Vector<float>>(_vertices.Z);
            var cells = MemoryMarshal.Cast<int, Vector<int>>(_cells.AsSpan());
            var heights = MemoryMarshal.Cast<float, Vector<float>>(_heights.AsSpan());
            for (var i = 0; i < x.Length; i++)
            {
                var column = Vector.ConvertToInt32(half + x[i] * right.X + y[i] * right.Y + z[i] * right.Z);
                var row = Vector.ConvertToInt32(half + x[i] * up.X + y[i] * up.Y + z[i] * up.Z);
                cells[i] = row * _size + column;
                heights[i] = x[i] * direction.X + y[i] * direction.Y + z[i] * direction.Z;
            }
            Array.Fill(_depth, float.NegativeInfinity);
            for (var v = 0; v < _vertices.Count; v++)
                _depth[_cells[v]] = MathF.Max(_depth[_cells[v]], _heights[v]);
        }    }
}
