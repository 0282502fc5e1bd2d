using System.Numerics;

namespace FaceRecon;

/// <summary>Vertex normals of a mesh.</summary>
internal static class MeshNormals
{
    /// <summary>Unit normals as the area-weighted mean of the triangles around each vertex; zero where there is none.</summary>
    public static Vector3[] Compute(Vector3[] vertices, int[] triangles)
    {
        var normals = new Vector3[vertices.Length];
        for (var t = 0; t < triangles.Length; t += 3)
        {
            var (a, b, c) = (triangles[t], triangles[t + 1], triangles[t + 2]);
            var n = Vector3.Cross(vertices[b] - vertices[a], vertices[c] - vertices[a]);
            normals[a] += n;
            normals[b] += n;
            normals[c] += n;
        }
        for (var i = 0; i < normals.Length; i++)
        {
            var length = normals[i].Length();
            normals[i] = length > 0 ? normals[i] / length : Vector3.Zero;
        }
        return normals;
    }
}
