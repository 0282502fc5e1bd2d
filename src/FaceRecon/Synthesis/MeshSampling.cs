using System.Numerics;

namespace FaceRecon;

/// <summary>Points spread over a mesh, the same for the same mesh and seed.</summary>
internal static class MeshSampling
{
    /// <summary>About <paramref name="count"/> points, equally many on equal areas, of the triangles that <paramref name="include"/> accepts.</summary>
    /// <returns>The points and their triangles.</returns>
    public static (Vector3[] Points, int[] Triangles) Uniform(TriangleMesh mesh, int count, Func<int, bool> include, int seed)
    {
        var triangles = new List<int>();
        var upTo = new List<double>();
        var area = 0.0;
        for (var t = 0; t < mesh.TriangleCount; t++)
        {
            if (!include(t))
                continue;
            var (a, ab, ac) = Corner(mesh, t);
            area += 0.5 * Vector3.Cross(ab, ac).Length();
            triangles.Add(t);
            upTo.Add(area);
        }
        if (!(area > 0))
            return ([], []);
        var random = new SplitMix(seed, purpose: 100);
        var (points, of) = (new Vector3[count], new int[count]);
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var target = (i + random.Uniform(3 * i)) / count * area;
            while (at < triangles.Count - 1 && upTo[at] < target)
                at++;
            of[i] = triangles[at];
            var (a, ab, ac) = Corner(mesh, of[i]);
            // Uniform over the triangle: Turk, "Generating random points in triangles", Graphics Gems (1990).
            var s = MathF.Sqrt(random.Uniform(3 * i + 1));
            var t = random.Uniform(3 * i + 2);
            points[i] = a + s * (1 - t) * ab + s * t * ac;
        }
        return (points, of);
    }

    private static (Vector3 A, Vector3 Ab, Vector3 Ac) Corner(TriangleMesh mesh, int t)
    {
        var a = mesh.Vertices[mesh.Triangles[3 * t]];
        return (a, mesh.Vertices[mesh.Triangles[3 * t + 1]] - a, mesh.Vertices[mesh.Triangles[3 * t + 2]] - a);
    }
}
