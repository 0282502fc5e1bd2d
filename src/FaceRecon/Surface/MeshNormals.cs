using System.Numerics;

namespace FaceRecon;

/// <summary>Vertex normals of a triangle mesh.</summary>
internal static class MeshNormals
{
    /// <summary>Unit normals: the mean of the triangles round each vertex, weighted by area.</summary>
    public static Vector3[] Compute(Vector3[] vertices, int[] triangles)
    {
        var normals = new Vector3[vertices.Length];
        for (var t = 0; t < triangles.Length; t += 3)
        {
            var (a, b, c) = (triangles[t], triangles[t + 1], triangles[t + 2]);
            var normal = Vector3.Cross(vertices[b] - vertices[a], vertices[c] - vertices[a]);
            normals[a] += normal;
            normals[b] += normal;
            normals[c] += normal;
        }
        for (var v = 0; v < normals.Length; v++)
        {
            var length = normals[v].Length();
            normals[v] = length > 0 ? normals[v] / length : Vector3.UnitZ;
        }
        return normals;
    }
}
