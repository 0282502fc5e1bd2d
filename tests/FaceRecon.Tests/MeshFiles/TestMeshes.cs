using System.Numerics;

namespace FaceRecon.Tests;

/// <summary>Small meshes with every attribute.</summary>
internal static class TestMeshes
{
    /// <summary>An octahedron of 50 mm radius round (0.01, 0.02, 0.4).</summary>
    internal static TriangleMesh Octahedron()
    {
        Vector3[] normals = [Vector3.UnitX, -Vector3.UnitX, Vector3.UnitY, -Vector3.UnitY, Vector3.UnitZ, -Vector3.UnitZ];
        var vertices = Array.ConvertAll(normals, n => new Vector3(0.01f, 0.02f, 0.4f) + 0.05f * n);
        int[] triangles = [0, 2, 4, 2, 1, 4, 1, 3, 4, 3, 0, 4, 2, 0, 5, 1, 2, 5, 3, 1, 5, 0, 3, 5];
        byte[] colors = [255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3, 128, 128, 128, 250, 251, 252];
        return new TriangleMesh(vertices, normals, triangles, colors, [0.0001f, 0.0002f, 0.0003f, 0.0004f, 0.0005f, 0.0006f]);
    }

    /// <summary>A sphere of one colour, or painted by the place on it.</summary>
    internal static TriangleMesh Sphere(Vector3 centre, float radius, (int R, int G, int B) color,
        Func<Vector3, (int R, int G, int B)>? paint = null, int rings = 48)
    {
        var segments = 2 * rings;
        var (vertices, normals, colors, triangles) = (new List<Vector3>(), new List<Vector3>(), new List<byte>(), new List<int>());
        for (var ring = 0; ring <= rings; ring++)
        {
            for (var segment = 0; segment < segments; segment++)
            {
                var (polar, turn) = (MathF.PI * ring / rings, 2 * MathF.PI * segment / segments);
                var n = new Vector3(MathF.Sin(polar) * MathF.Cos(turn), MathF.Cos(polar), MathF.Sin(polar) * MathF.Sin(turn));
                normals.Add(n);
                vertices.Add(centre + radius * n);
                var (r, g, b) = paint?.Invoke(radius * n) ?? color;
                colors.AddRange([(byte)r, (byte)g, (byte)b]);
                if (ring == rings)
                    continue;
                var (a, right) = (ring * segments + segment, ring * segments + (segment + 1) % segments);
                triangles.AddRange([a, right, a + segments, right, right + segments, a + segments]);
            }
        }
        return new TriangleMesh([.. vertices], [.. normals], [.. triangles], [.. colors]);
    }

    /// <summary>The mesh with a texture of two charts, one for the upper half of its triangles and one for the lower, of which each vertex has a place in both.</summary>
    internal static TriangleMesh WithTexture(TriangleMesh mesh)
    {
        const int size = 16;
        var pixels = Enumerable.Range(0, 3 * size * size).Select(i => (byte)(i * 37)).ToArray();
        var places = new List<Vector2>();
        foreach (var chart in (ReadOnlySpan<float>)[0, 0.5f])
            for (var v = 0; v < mesh.VertexCount; v++)
                places.Add(new Vector2(chart + 0.4f * v / mesh.VertexCount, 0.1f + 0.8f * (v * 7 % 5) / 5));
        var corners = mesh.Triangles.Select((vertex, i) => i < mesh.Triangles.Length / 2 ? vertex : mesh.VertexCount + vertex).ToArray();
        return new TriangleMesh(mesh.Vertices, mesh.Normals, mesh.Triangles, mesh.Colors, mesh.Sigma) { Texture = new MeshTexture([.. places], corners, new ColorImage(size, size, pixels)) };
    }

    internal static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }
}
