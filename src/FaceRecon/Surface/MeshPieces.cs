using System.Numerics;

namespace FaceRecon;

/// <summary>The connected pieces of a mesh, or of the part of it that some of its vertices make.</summary>
internal static class MeshPieces
{
    /// <summary>For each vertex the size of its piece across: the diagonal of the box around it, metres; 0 for vertices that do not belong.</summary>
    /// <param name="count">Number of vertices.</param>
    /// <param name="triangles">Three vertices a triangle.</param>
    /// <param name="position">Place of a vertex, metres.</param>
    /// <param name="belongs">Whether a vertex belongs to the part; edges between two that do connect them.</param>
    public static float[] Sizes(int count, int[] triangles, Func<int, Vector3> position, Func<int, bool> belongs)
    {
        var pieces = new DisjointSets(count);
        for (var i = 0; i < triangles.Length; i += 3)
        {
            Connect(triangles[i], triangles[i + 1]);
            Connect(triangles[i + 1], triangles[i + 2]);
            Connect(triangles[i + 2], triangles[i]);
        }
        var (low, high) = (new Vector3[count], new Vector3[count]);
        Array.Fill(low, new Vector3(float.PositiveInfinity));
        Array.Fill(high, new Vector3(float.NegativeInfinity));
        for (var v = 0; v < count; v++)
        {
            if (!belongs(v))
                continue;
            var piece = pieces.Find(v);
            (low[piece], high[piece]) = (Vector3.Min(low[piece], position(v)), Vector3.Max(high[piece], position(v)));
        }
        var sizes = new float[count];
        for (var v = 0; v < count; v++)
        {
            if (belongs(v))
                sizes[v] = Vector3.Distance(low[pieces.Find(v)], high[pieces.Find(v)]);
        }
        return sizes;

        void Connect(int a, int b)
        {
            if (belongs(a) && belongs(b))
                pieces.Union(a, b);
        }
    }
}
