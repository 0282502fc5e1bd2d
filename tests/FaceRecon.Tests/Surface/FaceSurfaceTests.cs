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
    public void Points_that_are_less_certain_are_followed_less_closely()
    {
        var certain = TestClouds.Sphere(60_000, 0.05f, noise: 0.0003f, normalNoise: 0.1f);
        Array.Fill(certain.Sigma, 0.0001f);
        var uncertain = TestClouds.Sphere(60_000, 0.05f, noise: 0.0003f, normalNoise: 0.1f);

        double Roughness(PointCloud cloud) => FaceSurface.Reconstruct(cloud).Vertices.Average(v => Math.Abs(v.Length() - 0.05));

        Assert.InRange(Roughness(uncertain) / Roughness(certain), 0, 0.75);
    }

    [Fact]
    public void Noisy_points_get_cells_in_which_more_of_them_lie()
    {
        // By their standard deviation 0.6 mm, twice what cells are made for: cells of twice the edge, a quarter of the vertices.
        var told = TestClouds.Sphere(60_000, 0.05f, noise: 0.0006f, normalNoise: 0.2f);
        var untold = TestClouds.Sphere(60_000, 0.05f, noise: 0.0006f, normalNoise: 0.2f);
        Array.Fill(untold.Sigma, 0.0003f);

        var (coarse, fine) = (FaceSurface.Reconstruct(told), FaceSurface.Reconstruct(untold));

        Assert.InRange(coarse.VertexCount / (double)fine.VertexCount, 0.2, 0.3);
        double Roughness(TriangleMesh mesh) => mesh.Vertices.Average(v => Math.Abs(v.Length() - 0.05));
        Assert.InRange(Roughness(coarse) / Roughness(fine), 0, 0.8);
    }

    [Fact]
    public void Precise_points_outweigh_noisy_ones_among_them()
    {
        var precise = TestClouds.Sphere(30_000, 0.05f, noise: 0.0001f);
        var noisy = TestClouds.Sphere(30_000, 0.0515f, noise: 0.001f, seed: 2);

        var mesh = FaceSurface.Reconstruct(TestClouds.Join(precise, noisy), new SurfaceOptions { Poisson = new() { CellSize = 0.001 } });

        // By inverse variance the noisy shell, 1.5 mm too wide, pulls the other by 1 %; by count it would pull by half of it.
        Assert.InRange(mesh.Vertices.Average(v => v.Length()), 0.0499, 0.0503);
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
}
