using System.Numerics;
using System.Runtime.InteropServices;

namespace FaceRecon.Tests;

public class FaceSurfaceTests
{
    [Fact]
    public void A_noisy_sphere_comes_back_closed_and_rounder_than_its_points()
    {
        var cloud = TestClouds.Sphere(60_000, 0.05f, noise: 0.0003f, normalNoise: 0.1f);

        var mesh = FaceSurface.Reconstruct(cloud);

        MeshValidity.Check(mesh);
        Assert.Empty(MeshValidity.Border(mesh));
        var errors = mesh.Vertices.Select(v => Math.Abs(v.Length() - 0.05)).ToArray();
        // The points are 0.24 mm off on average.
        Assert.InRange(errors.Average(), 0, 0.00008);
        Assert.InRange(errors.Max(), 0, 0.0005);
        var tilt = mesh.Vertices.Select((v, i) => Math.Acos(Math.Clamp(Vector3.Dot(Vector3.Normalize(v), mesh.Normals[i]), -1, 1))).ToArray();
        Assert.InRange(tilt.Average() * 180 / Math.PI, 0, 5);
        Assert.InRange(mesh.Sigma.Average(), 0.00029, 0.00031);
    }

    [Fact]
    public void Precise_points_outweigh_noisy_ones_among_them()
    {
        var precise = TestClouds.Sphere(30_000, 0.05f, noise: 0.0001f);
        var noisy = TestClouds.Sphere(30_000, 0.0515f, noise: 0.001f, seed: 2);

        var mesh = FaceSurface.Reconstruct(TestClouds.Join(precise, noisy), new SurfaceOptions { Poisson = new() { CellSize = 0.001 } });

        // By inverse variance the noisy shell, 1.5 mm too wide, pulls the other by 1 %; by count it would pull by half of it.
        Assert.InRange(mesh.Vertices.Average(v => v.Length()), 0.0499, 0.0502);
    }

    [Fact]
    public void A_square_stays_open_and_ends_where_its_points_end()
    {
        var mesh = FaceSurface.Reconstruct(TestClouds.Square(0.06f, 0.0008f, noise: 0.0001f));

        MeshValidity.Check(mesh);
        var border = MeshValidity.Border(mesh);
        Assert.NotEmpty(border);
        Assert.All(border, edge =>
        {
            var v = mesh.Vertices[edge.From];
            var fromEdge = 0.03 - Math.Max(Math.Abs(v.X), Math.Abs(v.Y));
            Assert.InRange(fromEdge, -0.002, 0.003);
        });
        Assert.InRange(MeshValidity.Area(mesh), 0.95 * 0.0036, 1.1 * 0.0036);
        Assert.All(mesh.Vertices, v => Assert.InRange(v.Z, 0.3995f, 0.4005f));
        Assert.All(mesh.Normals, n => Assert.InRange(n.Z, -1.0001f, -0.8f));
        // A border along a straight edge is straight: its length is that of the square, not of a saw blade.
        Assert.InRange(border.Sum(e => Vector3.Distance(mesh.Vertices[e.From], mesh.Vertices[e.To])), 0.2, 0.26);
    }

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
            if (fromMiddle < 0.0055f)
                Assert.True(closed.Filled[v], $"{closed.Vertices[v]} is in the hole");
            else if (fromMiddle is > 0.0085f and < 0.014f)
                Assert.False(closed.Filled[v], $"{closed.Vertices[v]} is beside the hole");
        }
        Assert.DoesNotContain(true, FaceSurface.Reconstruct(cloud, new SurfaceOptions { MaximumHole = 0 }).Filled);
    }

    [Fact]
    public void Slits_are_closed_and_bays_filled_by_their_width()
    {
        // A slit of 4 by 40 mm, and a bay as wide from the border inwards.
        var cloud = TestClouds.Square(0.08f, 0.0008f, hole: (x, y) =>
            (Math.Abs(x - 0.015) < 0.002 && Math.Abs(y) < 0.02) || (Math.Abs(x + 0.015) < 0.002 && y > 0));

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
        Assert.InRange(cut.Vertices.Max(v => v.X), 0.02f, 0.024f);
        Assert.InRange(kept.Vertices.Max(v => v.X), 0.037f, 0.042f);
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
        Assert.Equal(2 * Math.PI * 0.08 * 0.08, MeshValidity.Area(mesh), 0.02 * 2 * Math.PI * 0.08 * 0.08);
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
    public void Cells_far_finer_than_the_points_lie_leave_the_surface_whole()
    {
        var mesh = FaceSurface.Reconstruct(TestClouds.Square(0.03f, 0.0008f), new SurfaceOptions { Poisson = new() { Depth = 8 } });

        MeshValidity.Check(mesh);
        Assert.InRange(MeshValidity.Area(mesh), 0.93 * 0.0009, 1.15 * 0.0009);
    }

    [Fact]
    public void Colours_stay_sharp()
    {
        var mesh = FaceSurface.Reconstruct(TestClouds.Square(0.03f, 0.0007f));

        for (var i = 0; i < mesh.VertexCount; i++)
        {
            if (Math.Abs(mesh.Vertices[i].X) > 0.001f && Math.Abs(mesh.Vertices[i].Y) < 0.015f)
                Assert.Equal(mesh.Vertices[i].X < 0 ? (250, 0, 0) : (0, 0, 250), (mesh.Colors[3 * i], mesh.Colors[3 * i + 1], mesh.Colors[3 * i + 2]));
        }
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

    [Fact]
    public void The_number_of_threads_changes_no_byte()
    {
        var cloud = TestClouds.Join(TestClouds.Sphere(30_000, 0.05f, 0.0003f, 0.1f), TestClouds.Square(0.1f, 0.002f, 0.0002f));

        var one = FaceSurface.Reconstruct(cloud, new SurfaceOptions { MaxThreads = 1 });
        var three = FaceSurface.Reconstruct(cloud, new SurfaceOptions { MaxThreads = 3 });

        Assert.Equal(one.Triangles, three.Triangles);
        Assert.True(MemoryMarshal.AsBytes<Vector3>(one.Vertices).SequenceEqual(MemoryMarshal.AsBytes<Vector3>(three.Vertices)));
        Assert.True(MemoryMarshal.AsBytes<Vector3>(one.Normals).SequenceEqual(MemoryMarshal.AsBytes<Vector3>(three.Normals)));
        Assert.True(MemoryMarshal.AsBytes<float>(one.Sigma).SequenceEqual(MemoryMarshal.AsBytes<float>(three.Sigma)));
        Assert.Equal(one.Colors, three.Colors);
    }

    [Fact]
    public void Points_that_are_not_finite_or_have_no_normal_or_lie_a_mile_off_are_ignored()
    {
        var good = TestClouds.Sphere(20_000, 0.05f);
        var bad = new PointCloud(5);
        TestClouds.Set(bad, 0, new Vector3(float.NaN, 0, 0), Vector3.UnitX, 0, (0, 0, 0));
        TestClouds.Set(bad, 1, new Vector3(0, float.PositiveInfinity, 0), Vector3.UnitX, 0, (0, 0, 0));
        TestClouds.Set(bad, 2, new Vector3(0.02f, 0, 0), new Vector3(float.NaN), 0, (0, 0, 0));
        TestClouds.Set(bad, 3, new Vector3(0.02f, 0, 0), Vector3.Zero, 0, (0, 0, 0));
        TestClouds.Set(bad, 4, new Vector3(1600, 0, 0), Vector3.UnitX, 0, (0, 0, 0));

        var expected = FaceSurface.Reconstruct(good);
        var mesh = FaceSurface.Reconstruct(TestClouds.Join(good, bad));

        Assert.Equal(expected.Vertices, mesh.Vertices);
        Assert.Equal(expected.Triangles, mesh.Triangles);
    }

    [Fact]
    public void A_cloud_that_makes_no_surface_is_refused_in_words()
    {
        var same = new PointCloud(1000);
        for (var i = 0; i < same.Count; i++)
            TestClouds.Set(same, i, new Vector3(0.1f, 0.1f, 0.4f), Vector3.UnitZ, 0, (0, 0, 0));
        var noNormals = TestClouds.Sphere(1000, 0.05f);
        Array.Clear(noNormals.NormalX);
        Array.Clear(noNormals.NormalY);
        Array.Clear(noNormals.NormalZ);

        foreach (var cloud in new[] { new PointCloud(0), TestClouds.Sphere(20, 0.05f), same, noNormals })
        {
            var e = Assert.Throws<FaceReconException>(() => FaceSurface.Reconstruct(cloud));
            Assert.Equal(ErrorId.SurfaceFailed, e.ErrorId);
            Assert.StartsWith("No surface can be made", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        var cloud = TestClouds.Sphere(1000, 0.05f);
        foreach (var options in new SurfaceOptions[]
        {
            new() { Poisson = new() { Depth = 40 } },
            new() { Poisson = new() { CellSize = double.NaN } },
            new() { Poisson = new() { PointWeight = -1 } },
            new() { MaximumHole = double.PositiveInfinity },
            new() { MinimumStrip = -1 },
            new() { MinimumDensity = 1 },
            new() { TriangleCount = 7 },
            new() { Method = (SurfaceMethod)9 },
            new() { Method = SurfaceMethod.Tsdf },
        })
            Assert.Equal(ErrorId.InvalidOption, Assert.Throws<FaceReconException>(() => FaceSurface.Reconstruct(cloud, options)).ErrorId);
    }

    [Fact]
    public void Cancellation_stops_the_work()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => FaceSurface.Reconstruct(TestClouds.Sphere(5000, 0.05f), null, source.Token));
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
