using System.Numerics;

namespace FaceRecon.Tests;

/// <summary>What of a surface stays: gaps closed by their width, strips, islands and what has few points cut away.</summary>
public class SurfaceTrimmingTests
{
    [Fact]
    public void Small_holes_are_closed_and_less_certain_and_large_ones_stay_open()
    {
        var cloud = TestClouds.Square(0.06f, 0.0008f, hole: (x, y) =>
            Math.Sqrt((x - 0.015) * (x - 0.015) + y * y) < 0.002 || Math.Sqrt((x + 0.012) * (x + 0.012) + y * y) < 0.007);

        var mesh = FaceSurface.Reconstruct(cloud, new SurfaceOptions { MaximumHole = 0.01 });
        var closed = FaceSurface.Reconstruct(cloud, new SurfaceOptions { MaximumHole = 0.016 });

        MeshValidity.Check(mesh);
        MeshValidity.Check(closed);
        Assert.False(CoveredAt(mesh, -0.012f, 0));
        Assert.True(CoveredAt(mesh, 0.015f, 0));
        Assert.True(CoveredAt(closed, -0.012f, 0));
        Assert.All(closed.Vertices, v => Assert.InRange(v.Z, 0.3985f, 0.4015f));
        var middle = Enumerable.Range(0, closed.VertexCount).MinBy(i => Vector2.Distance(new(closed.Vertices[i].X, closed.Vertices[i].Y), new(-0.012f, 0)));
        Assert.True(closed.Sigma[middle] > 0.001f, $"sigma in the middle of a 14 mm hole is {closed.Sigma[middle]}");
        Assert.True(closed.Colors[3 * middle] > 200, "the middle of a hole in red is red");
        // What closes the hole is marked, and nothing else; its edge is where the points end, to a cell.
        for (var v = 0; v < closed.VertexCount; v++)
        {
            var fromMiddle = Vector2.Distance(new(closed.Vertices[v].X, closed.Vertices[v].Y), new(-0.012f, 0));
            if (fromMiddle < 0.005f)
                Assert.True(closed.Filled[v], $"{closed.Vertices[v]} is in the hole");
            else if (fromMiddle is > 0.0085f and < 0.014f)
                Assert.False(closed.Filled[v], $"{closed.Vertices[v]} is beside the hole");
        }
        Assert.DoesNotContain(true, FaceSurface.Reconstruct(cloud, new SurfaceOptions { MaximumHole = 0 }).Filled);
    }

    [Fact]
    public void Slits_are_closed_and_bays_filled_by_their_width()
    {
        // A slit of 6 by 40 mm, and a bay as wide from the border inwards; what a point supports beside itself narrows each to half.
        var cloud = TestClouds.Square(0.08f, 0.0008f, hole: (x, y) =>
            (Math.Abs(x - 0.015) < 0.003 && Math.Abs(y) < 0.02) || (Math.Abs(x + 0.015) < 0.003 && y > 0));

        var closed = FaceSurface.Reconstruct(cloud, new SurfaceOptions { MaximumHole = 0.006 });
        var open = FaceSurface.Reconstruct(cloud, new SurfaceOptions { MaximumHole = 0.002 });

        MeshValidity.Check(closed);
        MeshValidity.Check(open);
        Assert.True(CoveredAt(closed, 0.015f, 0) && CoveredAt(closed, 0.015f, 0.018f) && CoveredAt(closed, -0.015f, 0.03f));
        Assert.False(CoveredAt(open, 0.015f, 0) || CoveredAt(open, -0.015f, 0.03f));
    }

    [Fact]
    public void Spurs_are_cut_off()
    {
        // From the square's right side a strip of 6 mm sticks out by 20: of 9 with what a point supports beside itself, so
        // that a disc of 12 comes 2 mm into its mouth.
        var cloud = TestClouds.Square(0.08f, 0.0008f, hole: (x, y) => x > 0.02 && Math.Abs(y) > 0.003);

        var cut = FaceSurface.Reconstruct(cloud, new SurfaceOptions { MinimumStrip = 0.012, MaximumHole = 0.003, MinimumIsland = 0 });
        var kept = FaceSurface.Reconstruct(cloud, new SurfaceOptions { MinimumStrip = 0.004, MaximumHole = 0.003, MinimumIsland = 0 });

        MeshValidity.Check(cut);
        MeshValidity.Check(kept);
        Assert.InRange(cut.Vertices.Max(v => v.X), 0.02f, 0.025f);
        Assert.InRange(kept.Vertices.Max(v => v.X), 0.037f, 0.042f);
    }

    [Fact]
    public void What_hangs_on_a_thread_is_an_island()
    {
        // A square of 60 mm and one of 16, 10 mm apart, with a strip of 4 mm between them.
        var cloud = TestClouds.Square(0.1f, 0.0008f, hole: (x, y) => x > 0.02 && Math.Abs(y) > (x > 0.03 && x < 0.046 ? 0.008 : x <= 0.03 ? 0.002 : -1));
        var options = new SurfaceOptions { MaximumHole = 0.003 };

        var dropped = FaceSurface.Reconstruct(cloud, options);
        var kept = FaceSurface.Reconstruct(cloud, options with { MinimumIsland = 0.015 });

        MeshValidity.Check(dropped);
        MeshValidity.Check(kept);
        Assert.InRange(dropped.Vertices.Max(v => v.X), 0.02f, 0.026f);
        Assert.InRange(kept.Vertices.Max(v => v.X), 0.045f, 0.049f);
    }

    [Fact]
    public void Where_points_lie_too_thinly_the_surface_is_cut()
    {
        // Right of the middle a sixteenth of the points.
        var random = new Random(5);
        var cloud = TestClouds.Where(TestClouds.Square(0.08f, 0.0006f), p => p.X < 0 || random.Next(16) == 0);
        var options = new SurfaceOptions { MinimumIsland = 0, MaximumHole = 0.006, Poisson = new() { CellSize = 0.0012 } };

        var cut = FaceSurface.Reconstruct(cloud, options with { MinimumDensity = 0.25 });
        var kept = FaceSurface.Reconstruct(cloud, options with { MinimumDensity = 0 });

        Assert.InRange(cut.Vertices.Max(v => v.X), -0.002f, 0.007f);
        Assert.InRange(kept.Vertices.Max(v => v.X), 0.036f, 0.042f);
    }

    [Fact]
    public void Half_a_sphere_gets_no_back()
    {
        var mesh = FaceSurface.Reconstruct(TestClouds.Where(TestClouds.Sphere(120_000, 0.08f, 0.0001f), p => p.Z < 0));

        MeshValidity.Check(mesh);
        Assert.All(mesh.Vertices, v => Assert.InRange(v.Length(), 0.0795f, 0.0805f));
        Assert.InRange(mesh.Vertices.Max(v => v.Z), -0.001f, 0.002f);
        Assert.Equal(2 * Math.PI * 0.08 * 0.08, MeshValidity.Area(mesh), 0.025 * 2 * Math.PI * 0.08 * 0.08);
    }

    [Fact]
    public void The_back_of_something_thin_is_not_made_of_its_front()
    {
        // 3 mm thick, the back seen only left of the middle.
        var front = TestClouds.Square(0.06f, 0.0008f);
        var back = TestClouds.Where(TestClouds.Square(0.06f, 0.0008f, seed: 2), p => p.X < 0);
        for (var i = 0; i < back.Count; i++)
            (back.Z[i], back.NormalZ[i]) = (back.Z[i] + 0.003f, 1);

        var mesh = FaceSurface.Reconstruct(TestClouds.Join(front, back), new SurfaceOptions { MaximumHole = 0.003, MinimumIsland = 0 });

        MeshValidity.Check(mesh);
        var backs = mesh.Vertices.Where((v, i) => mesh.Normals[i].Z > 0.9f && v.Z > 0.402f).ToArray();
        Assert.InRange(backs.Min(v => v.X), -0.033f, -0.027f);
        Assert.InRange(backs.Max(v => v.X), -0.002f, 0.004f);
        Assert.InRange(mesh.Vertices.Where((_, i) => mesh.Normals[i].Z < -0.9f).Max(v => v.X), 0.027f, 0.033f);
    }

    [Fact]
    public void Small_islands_are_dropped()
    {
        var cloud = TestClouds.Join(TestClouds.Sphere(40_000, 0.04f), TestClouds.Sphere(800, 0.004f, centre: new Vector3(0.06f, 0, 0)));

        var mesh = FaceSurface.Reconstruct(cloud);

        MeshValidity.Check(mesh);
        Assert.All(mesh.Vertices, v => Assert.InRange(v.Length(), 0.039f, 0.041f));
        var all = FaceSurface.Reconstruct(cloud, new SurfaceOptions { MinimumIsland = 0.002 });
        Assert.Contains(all.Vertices, v => v.X > 0.055f);
    }

    private static bool CoveredAt(TriangleMesh mesh, float x, float y)
    {
        var p = new Vector2(x, y);
        for (var t = 0; t < mesh.Triangles.Length; t += 3)
        {
            var (a, b, c) = (Flat(t), Flat(t + 1), Flat(t + 2));
            float s = Side(a, b), u = Side(b, c), v = Side(c, a);
            if ((s >= 0 && u >= 0 && v >= 0) || (s <= 0 && u <= 0 && v <= 0))
                return true;
        }
        return false;

        Vector2 Flat(int i) => new(mesh.Vertices[mesh.Triangles[i]].X, mesh.Vertices[mesh.Triangles[i]].Y);

        float Side(Vector2 from, Vector2 to) => (to.X - from.X) * (p.Y - from.Y) - (to.Y - from.Y) * (p.X - from.X);
    }
}
