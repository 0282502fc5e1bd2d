using System.Numerics;

namespace FaceRecon;

/// <summary>Makes the texture of a mesh: charts, their places, and the colour of the surface at every texel.</summary>
internal static class TextureBaking
{
    /// <summary>Texels beyond a chart's edge that still show its surface, as if it went on: what is seen between two texels at the edge.</summary>
    public const float Margin = 2;
    private const int Rows = 32;

    /// <summary>A mesh with a texture.</summary>
    /// <param name="mesh">The mesh with its colours, which are taken where no frame shows the surface well.</param>
    /// <param name="color">The colour of the surface.</param>
    /// <param name="toUpright">Turns the mesh upright: y up, z out of the face.</param>
    /// <param name="size">Texels along the texture's sides, a multiple of <see cref="ChartPacking.Block"/>.</param>
    /// <param name="loop">The loop to run in.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="FaceReconException">InvalidOption: the texture is too small.</exception>
    public static TriangleMesh Bake(TriangleMesh mesh, SurfaceColor color, RigidTransform toUpright, int size, PartitionedLoop loop, CancellationToken cancellation)
    {
        var charts = SurfaceCharts.Cut(mesh, toUpright, loop);
        var (scale, places) = ChartPacking.Place(charts, size, cancellation);
        var (coordinates, corners) = Lay(mesh, charts, scale, places);
        var texels = new TexelMap(mesh, coordinates, corners, size);
        var pixels = new byte[3 * size * size];
        for (var row = 0; row < size; row += Rows)
            Paint(mesh, color, texels, row, Math.Min(size, row + Rows), pixels, loop);
        TextureGutter.Fill(pixels, texels.IsCovered, size);
        var texture = new MeshTexture(Array.ConvertAll(coordinates, place => place / size), corners, new ColorImage(size, size, pixels));
        return new TriangleMesh(mesh.Vertices, mesh.Normals, mesh.Triangles, mesh.Colors, mesh.Sigma) { Filled = mesh.Filled, Texture = texture };
    }

    /// <summary>Where each corner of each triangle comes to lie, texels: once for each vertex and chart.</summary>
    private static (Vector2[] Coordinates, int[] Corners) Lay(TriangleMesh mesh, IReadOnlyList<Chart> charts, float scale, Vector2[] places)
    {
        var coordinates = new List<Vector2>(mesh.VertexCount + mesh.VertexCount / 8);
        var corners = new int[mesh.Triangles.Length];
        // For each vertex its coordinate in the last chart that it was met in.
        var last = new int[mesh.VertexCount];
        var chartOfLast = new int[mesh.VertexCount];
        for (var k = 0; k < charts.Count; k++)
        {
            var (chart, place) = (charts[k], places[k]);
            for (var i = 0; i < chart.Corners.Length; i++)
            {
                var corner = 3 * chart.Triangles[i / 3] + i % 3;
                var vertex = mesh.Triangles[corner];
                if (chartOfLast[vertex] != k + 1)
                {
                    (last[vertex], chartOfLast[vertex]) = (coordinates.Count, k + 1);
                    coordinates.Add(place + scale * (chart.Corners[i] - chart.Low));
                }
                corners[corner] = last[vertex];
            }
        }
        return ([.. coordinates], corners);
    }

    private static void Paint(TriangleMesh mesh, SurfaceColor color, TexelMap texels, int from, int to, byte[] pixels, PartitionedLoop loop)
    {
        var covered = texels.Covered(from, to);
        if (covered.Length == 0)
            return;
        var points = new PointCloud(covered.Length);
        var surface = new Vector3[covered.Length];
        for (var i = 0; i < covered.Length; i++)
        {
            var (triangle, weights) = texels.At(covered[i]);
            var (a, b, c) = (mesh.Triangles[3 * triangle], mesh.Triangles[3 * triangle + 1], mesh.Triangles[3 * triangle + 2]);
            var position = weights.X * mesh.Vertices[a] + weights.Y * mesh.Vertices[b] + weights.Z * mesh.Vertices[c];
            var normal = Vector3.Normalize(weights.X * mesh.Normals[a] + weights.Y * mesh.Normals[b] + weights.Z * mesh.Normals[c]);
            (points.X[i], points.Y[i], points.Z[i]) = (position.X, position.Y, position.Z);
            (points.NormalX[i], points.NormalY[i], points.NormalZ[i]) = (normal.X, normal.Y, normal.Z);
            surface[i] = weights.X * ColorOf(mesh, a) + weights.Y * ColorOf(mesh, b) + weights.Z * ColorOf(mesh, c);
        }
        var confidence = color.PaintSeen(points, loop);
        for (var i = 0; i < covered.Length; i++)
        {
            var seen = new Vector3(points.Colors[3 * i], points.Colors[3 * i + 1], points.Colors[3 * i + 2]);
            var blended = Vector3.Clamp(Vector3.Lerp(surface[i], seen, confidence[i]), Vector3.Zero, new Vector3(255));
            var pixel = 3 * covered[i];
            (pixels[pixel], pixels[pixel + 1], pixels[pixel + 2]) = ((byte)(blended.X + 0.5f), (byte)(blended.Y + 0.5f), (byte)(blended.Z + 0.5f));
        }
    }

    private static Vector3 ColorOf(TriangleMesh mesh, int vertex) =>
        new(mesh.Colors[3 * vertex], mesh.Colors[3 * vertex + 1], mesh.Colors[3 * vertex + 2]);
}
