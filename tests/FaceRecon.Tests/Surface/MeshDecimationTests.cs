using System.Numerics;

namespace FaceRecon.Tests;

public class MeshDecimationTests
{
    private static readonly SurfaceOptions Whole = new() { MaximumHole = 0, MinimumStrip = 0, MinimumIsland = 0 };

    [Theory]
    [InlineData(20_000, 0.000007)]
    [InlineData(2_000, 0.00007)]
    [InlineData(300, 0.0006)]
    public void A_sphere_stays_a_closed_sphere(int triangles, double error)
    {
        var mesh = FaceSurface.Reconstruct(TestClouds.Sphere(60_000, 0.05f));

        var fewer = Reduce(mesh, triangles);

        MeshValidity.Check(fewer);
        Assert.Empty(MeshValidity.Border(fewer));
        Assert.InRange(fewer.TriangleCount, triangles * 0.99, triangles);
        // Those of the whole mesh are 0.004 mm off on average.
        Assert.InRange(fewer.Vertices.Average(v => Math.Abs(v.Length() - 0.05)), 0, error);
        AssertNoneTurnedOver(fewer, (a, b, c) => a + b + c);
        Assert.InRange(MeshValidity.Area(fewer), 0.93 * MeshValidity.Area(mesh), MeshValidity.Area(mesh));
    }

    [Fact]
    public void An_open_border_keeps_its_place_and_colours_theirs()
    {
        var mesh = FaceSurface.Reconstruct(TestClouds.Square(0.06f, 0.0007f), Whole);

        var fewer = Reduce(mesh, 1000);

        MeshValidity.Check(fewer);
        Assert.InRange(fewer.TriangleCount, 990, 1000);
        Assert.Equal(MeshValidity.Area(mesh), MeshValidity.Area(fewer), 0.001 * MeshValidity.Area(mesh));
        AssertNoneTurnedOver(fewer, (_, _, _) => -Vector3.UnitZ);
        foreach (var (from, to) in MeshValidity.Border(fewer))
        {
            // Along the edges of the whole mesh, which reaches 1.3 mm beyond the points, and not across its corners nor into it.
            var middle = (fewer.Vertices[from] + fewer.Vertices[to]) / 2;
            Assert.InRange(0.0313 - Math.Max(Math.Abs(middle.X), Math.Abs(middle.Y)), -0.0003, 0.0012);
        }
        for (var v = 0; v < fewer.VertexCount; v++)
        {
            Assert.InRange(fewer.Sigma[v], mesh.Sigma.Min(), mesh.Sigma.Max());
            if (Math.Abs(fewer.Vertices[v].X) > 0.01f)
                Assert.Equal(fewer.Vertices[v].X < 0 ? (250, 0) : (0, 250), (fewer.Colors[3 * v], fewer.Colors[3 * v + 2]));
        }
    }

    [Fact]
    public void Triangles_go_where_the_surface_is_flat()
    {
        // A square of 60 mm with a half sphere of 10 mm on it.
        var sphere = TestClouds.Sphere(60_000, 0.01f, centre: new Vector3(0, 0, 0.4f));
        var cloud = TestClouds.Join(
            TestClouds.Square(0.06f, 0.0005f, hole: (x, y) => x * x + y * y < 0.01 * 0.01),
            TestClouds.Where(sphere, p => p.Z < 0.4f));
        var mesh = FaceSurface.Reconstruct(cloud, Whole with { Poisson = new() { CellSize = 0.0006 } });

        var fewer = Reduce(mesh, 2000);

        MeshValidity.Check(fewer);
        // Vertices a square millimetre: on the sphere, of which 8.5 mm stand out, and on the square off its foot and its border.
        var onSphere = fewer.Vertices.Count(v => v.Z < 0.3985f) / (2 * Math.PI * 10 * 8.5);
        var onSquare = fewer.Vertices.Count(v => Math.Max(Math.Abs(v.X), Math.Abs(v.Y)) < 0.027 && new Vector2(v.X, v.Y).Length() > 0.012) / (54 * 54 - Math.PI * 144);
        Assert.InRange(onSphere, 5 * onSquare, 2);
        Assert.All(fewer.Vertices.Where(v => v.Z < 0.398f), v => Assert.InRange(Vector3.Distance(v, new Vector3(0, 0, 0.4f)), 0.0098f, 0.0102f));
    }

    [Fact]
    public void The_same_mesh_gives_the_same_bytes_and_a_small_one_itself()
    {
        var mesh = FaceSurface.Reconstruct(TestClouds.Sphere(20_000, 0.05f, 0.0002f, 0.1f));

        var (one, two) = (Reduce(mesh, 5000), Reduce(mesh, 5000));

        Assert.Equal(one.Vertices, two.Vertices);
        Assert.Equal(one.Triangles, two.Triangles);
        Assert.Same(mesh, Reduce(mesh, mesh.TriangleCount));
    }

    [Fact]
    public void The_option_reduces_what_is_reconstructed()
    {
        var mesh = FaceSurface.Reconstruct(TestClouds.Square(0.06f, 0.0007f, 0.0001f), new SurfaceOptions { TriangleCount = 3000 });

        MeshValidity.Check(mesh);
        Assert.InRange(mesh.TriangleCount, 2970, 3000);
        Assert.Equal(mesh.VertexCount, mesh.Filled.Length);
    }

    private static TriangleMesh Reduce(TriangleMesh mesh, int triangles) => MeshDecimation.Reduce(mesh, triangles, new PartitionedLoop(2, default), default);

    private static void AssertNoneTurnedOver(TriangleMesh mesh, Func<Vector3, Vector3, Vector3, Vector3> outward)
    {
        for (var t = 0; t < mesh.Triangles.Length; t += 3)
        {
            var (a, b, c) = (mesh.Vertices[mesh.Triangles[t]], mesh.Vertices[mesh.Triangles[t + 1]], mesh.Vertices[mesh.Triangles[t + 2]]);
            Assert.True(Vector3.Dot(Vector3.Cross(b - a, c - a), outward(a, b, c)) > 0, $"triangle {t / 3} faces the wrong way");
        }
    }
}
