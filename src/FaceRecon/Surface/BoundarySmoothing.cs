using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Makes an open border run smoothly: its vertices, and the rings behind them, move along the surface
/// towards the mean of their neighbours. A border vertex listens to its neighbours on the border alone.
/// </summary>
internal static class BoundarySmoothing
{
    private const int Steps = 12;
    private const int Rings = 3;

    /// <summary>Smooths in place.</summary>
    /// <param name="vertices">Positions, metres.</param>
    /// <param name="normals">Unit normals; vertices keep to the planes across them.</param>
    /// <param name="triangles">Three vertices a triangle; every edge belongs to one or two.</param>
    /// <param name="opposites">The half edges' opposites.</param>
    public static void Smooth(Vector3[] vertices, Vector3[] normals, int[] triangles, int[] opposites)
    {
        var ring = RingsFromBorder(vertices.Length, triangles, opposites);
        var sums = new Vector3[vertices.Length];
        var counts = new int[vertices.Length];
        var near = new List<int>();
        for (var h = 0; h < triangles.Length; h++)
        {
            if (Math.Min(ring[triangles[h]], ring[triangles[HalfEdges.Next(h)]]) <= Rings)
                near.Add(h);
        }
        for (var step = 0; step < Steps; step++)
        {
            foreach (var h in near)
            {
                var (a, b) = (triangles[h], triangles[HalfEdges.Next(h)]);
                var onBorder = opposites[h] < 0;
                // Inner edges are met twice, once a side, and border edges once; each end hears the other once.
                if (onBorder || ring[a] > 0)
                    Listen(a, b);
                if (onBorder)
                    Listen(b, a);
            }
            foreach (var h in near)
            {
                var v = triangles[h];
                if (counts[v] == 0)
                    continue;
                var move = 0.5f * (sums[v] / counts[v] - vertices[v]);
                if (ring[v] <= Rings)
                    vertices[v] += move - normals[v] * Vector3.Dot(move, normals[v]);
                sums[v] = Vector3.Zero;
                counts[v] = 0;
            }
        }

        void Listen(int vertex, int neighbour)
        {
            sums[vertex] += vertices[neighbour];
            counts[vertex]++;
        }
    }

    private static byte[] RingsFromBorder(int vertexCount, int[] triangles, int[] opposites)
    {
        var ring = new byte[vertexCount];
        Array.Fill(ring, byte.MaxValue);
        for (var h = 0; h < triangles.Length; h++)
        {
            if (opposites[h] < 0)
                ring[triangles[h]] = ring[triangles[HalfEdges.Next(h)]] = 0;
        }
        for (byte next = 1; next <= Rings; next++)
        {
            for (var h = 0; h < triangles.Length; h++)
            {
                var (a, b) = (triangles[h], triangles[HalfEdges.Next(h)]);
                if (ring[a] == next - 1 && ring[b] > next)
                    ring[b] = next;
                else if (ring[b] == next - 1 && ring[a] > next)
                    ring[a] = next;
            }
        }
        return ring;
    }
}
