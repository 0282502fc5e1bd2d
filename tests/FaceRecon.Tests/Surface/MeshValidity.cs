using System.Numerics;

namespace FaceRecon.Tests;

/// <summary>What every mesh that is written must be.</summary>
internal static class MeshValidity
{
    internal static void Check(TriangleMesh mesh)
    {
        var directed = new HashSet<(int, int)>();
        var used = new bool[mesh.VertexCount];
        for (var t = 0; t < mesh.Triangles.Length; t += 3)
        {
            var (a, b, c) = (mesh.Triangles[t], mesh.Triangles[t + 1], mesh.Triangles[t + 2]);
            Assert.True(a != b && b != c && c != a, $"triangle {t / 3} has two equal corners");
            var area = Vector3.Cross(mesh.Vertices[b] - mesh.Vertices[a], mesh.Vertices[c] - mesh.Vertices[a]).Length() / 2;
            Assert.True(area > 0, $"triangle {t / 3} has no area");
            // Each direction of an edge once: at most two triangles an edge, neighbours wound alike, no triangle twice.
            Assert.True(directed.Add((a, b)) && directed.Add((b, c)) && directed.Add((c, a)), $"triangle {t / 3} has an edge that another has in the same direction");
            used[a] = used[b] = used[c] = true;
        }
        Assert.DoesNotContain(false, used);
        Assert.DoesNotContain(mesh.Vertices, v => !float.IsFinite(v.X + v.Y + v.Z));
        Assert.DoesNotContain(mesh.Normals, n => !(Math.Abs(n.Length() - 1) < 1e-3));
        var leavingBorder = new int[mesh.VertexCount];
        foreach (var (from, _) in Border(mesh))
            Assert.True(++leavingBorder[from] == 1, $"vertex {from} lies twice on the border: two parts touch in a point");
    }

    /// <summary>The edges that belong to one triangle.</summary>
    internal static List<(int From, int To)> Border(TriangleMesh mesh)
    {
        var directed = new HashSet<(int From, int To)>();
        for (var i = 0; i < mesh.Triangles.Length; i++)
            directed.Add((mesh.Triangles[i], mesh.Triangles[i % 3 == 2 ? i - 2 : i + 1]));
        return [.. directed.Where(e => !directed.Contains((e.To, e.From)))];
    }

    internal static double Area(TriangleMesh mesh)
    {
        var area = 0.0;
        for (var t = 0; t < mesh.Triangles.Length; t += 3)
        {
            var (a, b, c) = (mesh.Vertices[mesh.Triangles[t]], mesh.Vertices[mesh.Triangles[t + 1]], mesh.Vertices[mesh.Triangles[t + 2]]);
            area += Vector3.Cross(b - a, c - a).Length() / 2;
        }
        return area;
    }
}
