using System.Numerics;

namespace FaceRecon.Tests;

/// <summary>Whatever the cloud, a mesh is valid, and where none can be made the error says so.</summary>
public class RandomCloudTests
{
    private static readonly SurfaceOptions[] Ways =
    [
        new() { MinimumIsland = 0 },
        new() { MinimumIsland = 0, MaximumHole = 0, MinimumStrip = 0, MinimumDensity = 0 },
        new() { MinimumIsland = 0, MaximumHole = 0.05, TriangleCount = 500 },
        new() { MinimumIsland = 0, MinimumStrip = 0, Poisson = new() { Depth = 6, PointWeight = 0 } },
    ];

    [Fact]
    public void Any_cloud_gives_a_valid_mesh_or_a_clear_error()
    {
        var meshes = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var cloud = Cloud(seed);
            var options = Ways[seed % Ways.Length];
            try
            {
                var mesh = FaceSurface.Reconstruct(cloud, options);
                MeshValidity.Check(mesh);
                Assert.Equal(mesh.VertexCount, mesh.Filled.Length);
                Assert.All(mesh.Sigma, sigma => Assert.True(sigma >= 0 && float.IsFinite(sigma)));
                meshes++;
            }
            catch (FaceReconException e)
            {
                Assert.Equal(ErrorId.SurfaceFailed, e.ErrorId);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }
        Assert.InRange(meshes, 25, 40);
    }

    private static PointCloud Cloud(int seed)
    {
        var random = new Random(seed);
        var scale = MathF.Pow(10, random.Next(-3, 2));
        var cloud = (seed / Ways.Length % 5) switch
        {
            0 => TestClouds.Sphere(random.Next(60, 4000), scale, 0.02f * scale * random.NextSingle(), random.NextSingle(), seed: seed),
            1 => Blob(random, scale, smooth: true),
            2 => Blob(random, scale, smooth: false),
            3 => TestClouds.Square(0.05f, 0.0008f + 0.002f * random.NextSingle(), 0.001f * random.NextSingle(), (x, y) => Math.Sin(400 * x) * Math.Cos(300 * y) > random.NextDouble(), seed),
            _ => Slivers(random, scale),
        };
        // Some twice, some with neither place nor normal.
        for (var i = 0; i < cloud.Count / 20; i++)
        {
            var (from, to) = (random.Next(cloud.Count), random.Next(cloud.Count));
            (cloud.X[to], cloud.Y[to], cloud.Z[to]) = (cloud.X[from], cloud.Y[from], cloud.Z[from]);
            cloud.Sigma[random.Next(cloud.Count)] = i % 2 == 0 ? 0 : float.NaN;
            cloud.X[random.Next(cloud.Count)] = i % 3 == 0 ? float.NaN : float.PositiveInfinity;
            cloud.NormalY[random.Next(cloud.Count)] = float.NaN;
        }
        return cloud;
    }

    /// <summary>Points anywhere, flatter or rounder, with normals that agree, or agree with nothing.</summary>
    private static PointCloud Blob(Random random, float scale, bool smooth)
    {
        var cloud = new PointCloud(random.Next(60, 4000));
        var flat = random.NextSingle() * random.NextSingle();
        for (var i = 0; i < cloud.Count; i++)
        {
            var p = new Vector3(TestClouds.Gauss(random), TestClouds.Gauss(random), flat * TestClouds.Gauss(random)) * scale;
            var n = smooth ? Vector3.UnitZ + 0.3f * p / scale : new Vector3(TestClouds.Gauss(random), TestClouds.Gauss(random), TestClouds.Gauss(random));
            TestClouds.Set(cloud, i, p, Vector3.Normalize(n), random.NextSingle() * 0.001f, (i % 256, 0, 0));
        }
        return cloud;
    }

    /// <summary>Long thin strips that cross each other.</summary>
    private static PointCloud Slivers(Random random, float scale)
    {
        var cloud = new PointCloud(2000);
        for (var i = 0; i < cloud.Count; i++)
        {
            var (along, across) = (random.NextSingle() - 0.5f, 0.02f * random.NextSingle());
            var p = (i % 3) switch
            {
                0 => new Vector3(along, across, 0),
                1 => new Vector3(across, along, 0.01f),
                _ => new Vector3(along, along + across, 0.3f * along * along),
            };
            TestClouds.Set(cloud, i, p * scale, -Vector3.UnitZ, 0.0005f, (200, i % 256, 0));
        }
        return cloud;
    }
}
