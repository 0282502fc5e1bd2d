using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Colours those vertices of a mesh that no frame shows well from their neighbours on the mesh: the underside of a lip, or what was
/// only ever seen at an outline, mixed with what lay behind it.
/// </summary>
internal static class ColorDiffusion
{
    // Enough that the rings of the first spread no longer show.
    private const int Sweeps = 6;
    private const float LeastConfidence = 0.5f;
    private static readonly Vector3 Unknown = new(128);

    /// <summary>Completes colours in place.</summary>
    /// <param name="colors">Red, green, blue of every vertex.</param>
    /// <param name="confidence">How sure each is: 1 stays as it is, 0 is made of those around alone.</param>
    /// <param name="triangles">Three vertices a triangle.</param>
    public static void Complete(byte[] colors, float[] confidence, int[] triangles)
    {
        var edges = EdgesFromUnsure(confidence, triangles);
        var color = new Vector3[confidence.Length];
        var known = new bool[confidence.Length];
        foreach (var (a, b) in edges)
        {
            (color[a], known[a]) = (ColorOf(colors, a), confidence[a] >= LeastConfidence);
            (color[b], known[b]) = (ColorOf(colors, b), confidence[b] >= LeastConfidence);
        }
        Spread(edges, color, known, confidence);
        var (sums, counts) = (new Vector3[color.Length], new int[color.Length]);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (var (a, b) in edges)
            {
                sums[a] += color[b];
                counts[a]++;
            }
            foreach (var (a, _) in edges)
            {
                if (counts[a] == 0)
                    continue;
                color[a] = Vector3.Lerp(sums[a] / counts[a], ColorOf(colors, a), confidence[a]);
                (sums[a], counts[a]) = (Vector3.Zero, 0);
            }
        }
        foreach (var (a, _) in edges)
            (colors[3 * a], colors[3 * a + 1], colors[3 * a + 2]) = ((byte)(color[a].X + 0.5f), (byte)(color[a].Y + 0.5f), (byte)(color[a].Z + 0.5f));
    }

    /// <summary>The edges from each vertex that is not sure; inner ones twice.</summary>
    private static List<(int A, int B)> EdgesFromUnsure(float[] confidence, int[] triangles)
    {
        var edges = new List<(int, int)>();
        for (var t = 0; t < triangles.Length; t += 3)
        {
            for (var corner = 0; corner < 3; corner++)
            {
                var (a, b, c) = (triangles[t + corner], triangles[t + (corner + 1) % 3], triangles[t + (corner + 2) % 3]);
                if (confidence[a] >= 1)
                    continue;
                edges.Add((a, b));
                edges.Add((a, c));
            }
        }
        return edges;
    }

    /// <summary>Gives what is not known the mean of its known neighbours, ring after ring.</summary>
    private static void Spread(List<(int A, int B)> edges, Vector3[] color, bool[] known, float[] confidence)
    {
        var ring = new Dictionary<int, (Vector3 Sum, int Count)>();
        var open = edges.Where(edge => !known[edge.A]).ToList();
        while (open.Count > 0)
        {
            ring.Clear();
            foreach (var (a, b) in open)
            {
                if (!known[b])
                    continue;
                var (sum, count) = ring.GetValueOrDefault(a);
                ring[a] = (sum + color[b], count + 1);
            }
            if (ring.Count == 0)
                break;
            foreach (var (vertex, (sum, count)) in ring)
                (color[vertex], known[vertex]) = (sum / count, true);
            open.RemoveAll(edge => known[edge.A]);
        }
        // Pieces of which no frame shows anything well keep what little was seen.
        foreach (var (a, _) in open)
            color[a] = confidence[a] > 0 ? color[a] : Unknown;
    }

    private static Vector3 ColorOf(byte[] colors, int vertex) => new(colors[3 * vertex], colors[3 * vertex + 1], colors[3 * vertex + 2]);
}
