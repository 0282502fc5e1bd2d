using System.Numerics;

namespace FaceRecon.Tests;

/// <summary>Clouds of known shape.</summary>
internal static class TestClouds
{
    /// <summary>A sphere sampled evenly, with Gaussian error of position along the normal and of the normal.</summary>
    internal static PointCloud Sphere(int count, float radius, float noise = 0, float normalNoise = 0, Vector3 centre = default, int seed = 1)
    {
        var random = new Random(seed);
        var cloud = new PointCloud(count);
        for (var i = 0; i < count; i++)
        {
            var n = Vector3.Normalize(new Vector3(Gauss(random), Gauss(random), Gauss(random)));
            var tilted = Vector3.Normalize(n + normalNoise * new Vector3(Gauss(random), Gauss(random), Gauss(random)));
            Set(cloud, i, centre + n * (radius + noise * Gauss(random)), tilted, noise, (200, 150, 120));
        }
        return cloud;
    }

    /// <summary>A square in the plane z = 0.4 m facing -z, without the points that <paramref name="hole"/> takes out.</summary>
    internal static PointCloud Square(float side, float spacing, float noise = 0, Func<float, float, bool>? hole = null, int seed = 1)
    {
        var random = new Random(seed);
        var points = new List<(float X, float Y)>();
        for (var x = spacing / 2; x < side; x += spacing)
        {
            for (var y = spacing / 2; y < side; y += spacing)
            {
                var (u, v) = (x - side / 2 + spacing * (random.NextSingle() - 0.5f) * 0.6f, y - side / 2 + spacing * (random.NextSingle() - 0.5f) * 0.6f);
                if (hole is null || !hole(u, v))
                    points.Add((u, v));
            }
        }
        var cloud = new PointCloud(points.Count);
        for (var i = 0; i < points.Count; i++)
        {
            var (x, y) = points[i];
            Set(cloud, i, new Vector3(x, y, 0.4f + noise * Gauss(random)), -Vector3.UnitZ, 0.0003f, x < 0 ? (250, 0, 0) : (0, 0, 250));
        }
        return cloud;
    }

    /// <summary>The points of a cloud at places that meet a condition.</summary>
    internal static PointCloud Where(PointCloud cloud, Func<Vector3, bool> condition)
    {
        var kept = Enumerable.Range(0, cloud.Count).Where(i => condition(new Vector3(cloud.X[i], cloud.Y[i], cloud.Z[i]))).ToArray();
        var some = new PointCloud(kept.Length);
        for (var n = 0; n < kept.Length; n++)
        {
            var i = kept[n];
            Set(some, n, new Vector3(cloud.X[i], cloud.Y[i], cloud.Z[i]), new Vector3(cloud.NormalX[i], cloud.NormalY[i], cloud.NormalZ[i]),
                cloud.Sigma[i], (cloud.Colors[3 * i], cloud.Colors[3 * i + 1], cloud.Colors[3 * i + 2]));
        }
        return some;
    }

    internal static PointCloud Join(params PointCloud[] clouds)
    {
        var joined = new PointCloud(clouds.Sum(c => c.Count));
        var at = 0;
        foreach (var cloud in clouds)
        {
            for (var i = 0; i < cloud.Count; i++, at++)
            {
                Set(joined, at, new Vector3(cloud.X[i], cloud.Y[i], cloud.Z[i]), new Vector3(cloud.NormalX[i], cloud.NormalY[i], cloud.NormalZ[i]),
                    cloud.Sigma[i], (cloud.Colors[3 * i], cloud.Colors[3 * i + 1], cloud.Colors[3 * i + 2]));
            }
        }
        return joined;
    }

    internal static void Set(PointCloud cloud, int i, Vector3 p, Vector3 n, float sigma, (int R, int G, int B) color)
    {
        (cloud.X[i], cloud.Y[i], cloud.Z[i]) = (p.X, p.Y, p.Z);
        (cloud.NormalX[i], cloud.NormalY[i], cloud.NormalZ[i]) = (n.X, n.Y, n.Z);
        cloud.Sigma[i] = sigma;
        (cloud.Colors[3 * i], cloud.Colors[3 * i + 1], cloud.Colors[3 * i + 2]) = ((byte)color.R, (byte)color.G, (byte)color.B);
    }

    internal static float Gauss(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
