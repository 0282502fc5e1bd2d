using System.Numerics;

namespace FaceRecon.Tests;

public class GeodesicDistanceTests
{
    [Fact]
    public void On_a_plane_distances_are_those_of_the_plane()
    {
        var (vertices, triangles) = Grid(81, 0.001f);
        // Right of x = 20.3 mm: the border runs between the vertices.
        var distances = Distances(vertices, triangles, v => v.X - 0.0203f, 0.015f);

        for (var v = 0; v < vertices.Length; v++)
        {
            var expected = Math.Max(0, 0.0203f - vertices[v].X);
            if (expected > 0.0149f)
                Assert.Equal(expected < 0.015f ? distances[v] : float.PositiveInfinity, distances[v]);
            else
                Assert.InRange(distances[v], expected - 1e-5f, expected + 1e-5f);
        }
    }

    [Fact]
    public void Round_a_point_they_are_nearly_circles()
    {
        var (vertices, triangles) = Grid(81, 0.001f);
        var centre = new Vector3(0.0402f, 0.0397f, 0);
        var distances = Distances(vertices, triangles, v => 0.004f - Vector3.Distance(v, centre), 0.03f);

        for (var v = 0; v < vertices.Length; v++)
        {
            var expected = Vector3.Distance(vertices[v], centre) - 0.004f;
            if (expected is > 0 and < 0.025f)
                Assert.InRange(distances[v], expected * 0.97f - 1e-4f, expected * 1.05f + 3e-4f);
        }
    }

    [Fact]
    public void Over_an_edge_they_follow_the_surface()
    {
        // A sheet folded by a right angle at x = 40 mm: through the air it is nearer.
        var (vertices, triangles) = Grid(81, 0.001f);
        var flat = (Vector3[])vertices.Clone();
        for (var v = 0; v < vertices.Length; v++)
        {
            if (vertices[v].X > 0.04f)
                vertices[v] = new Vector3(0.04f, vertices[v].Y, vertices[v].X - 0.04f);
        }
        var distances = Distances(vertices, triangles, v => 0.030f - v.X - 10 * v.Z, 0.03f);

        var far = Array.FindIndex(flat, v => Math.Abs(v.X - 0.055f) < 1e-5f && Math.Abs(v.Y - 0.04f) < 1e-5f);
        Assert.InRange(distances[far], 0.0249f, 0.0251f);
    }

    private static float[] Distances(Vector3[] vertices, int[] triangles, Func<Vector3, float> function, float limit) =>
        GeodesicDistance.FromRegion(
            vertices, new MeshTopology(vertices.Length, triangles, new PartitionedLoop(1, default)), Array.ConvertAll(vertices, v => function(v)), limit, default);

    private static (Vector3[] Vertices, int[] Triangles) Grid(int side, float spacing)
    {
        var vertices = new Vector3[side * side];
        var triangles = new List<int>();
        for (var i = 0; i < vertices.Length; i++)
        {
            var (x, y) = (i % side, i / side);
            vertices[i] = new Vector3(x, y, 0) * spacing;
            if (x + 1 < side && y + 1 < side)
                triangles.AddRange((x + y) % 2 == 0 ? [i, i + 1, i + side + 1, i, i + side + 1, i + side] : [i, i + 1, i + side, i + 1, i + side + 1, i + side]);
        }
        return (vertices, [.. triangles]);
    }
}
