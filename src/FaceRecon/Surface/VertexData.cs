using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// What the points say at each vertex: how near the nearest is, and colour and sigma blended from those
/// around by inverse distance (Shepard 1968) and inverse variance, over so short a range that the
/// colours stay as sharp as the points are dense. Points that face away, on the other side of something thin, say nothing.
/// </summary>
internal sealed class VertexData
{
    /// <summary>Points are looked for this far around a vertex, cells.</summary>
    private const int SearchRadius = 2;
    /// <summary>Within this distance, cells, points count alike.</summary>
    private const float Softening = 0.3f;
    /// <summary>A point nearer than this, in cells of the size that suits the density, supports the surface.</summary>
    public const float Reach = 1.5f;

    private readonly OrientedPoints _points;
    private readonly SamplingDensity _density;
    private readonly PointCells _cells;
    private readonly Vector3[] _normals;

    private VertexData(OrientedPoints points, SamplingDensity density, PointCells cells, int count)
    {
        _density = density;
        _points = points;
        _cells = cells;
        _normals = new Vector3[points.Count];
        for (var i = 0; i < points.Count; i++)
        {
            var p = points.Source[i];
            _normals[i] = new Vector3(points.Cloud.NormalX[p], points.Cloud.NormalY[p], points.Cloud.NormalZ[p]);
        }
        Supported = new bool[count];
        Color = new Vector3[count];
        Sigma = new float[count];
    }

    /// <summary>Whether a point of the surface is near enough, where the points lie densely enough.</summary>
    public bool[] Supported { get; }
    /// <summary>Red, green, blue from 0 to 255; without meaning where nothing is near.</summary>
    public Vector3[] Color { get; }
    /// <summary>Standard deviation along the normal, metres; negative where nothing is near.</summary>
    public float[] Sigma { get; }

    /// <summary>Gathers the data of all <paramref name="vertices"/>.</summary>
    /// <param name="vertices">Positions, metres, on the points' grid.</param>
    /// <param name="normals">Normals of the vertices, out of the surface.</param>
    /// <param name="points">The points.</param>
    /// <param name="density">Their sampling density.</param>
    /// <param name="minimumDensity">Points lie densely enough where they do so by this share of the typical density.</param>
    /// <param name="loop">Runs the work.</param>
    public static VertexData Gather(
        Vector3[] vertices, Vector3[] normals, OrientedPoints points, SamplingDensity density, double minimumDensity, PartitionedLoop loop)
    {
        var data = new VertexData(points, density, new PointCells(points, points.FinestLevel - density.TypicalLevel), vertices.Length);
        // A level less is a quarter of the density.
        var leastDepth = density.TypicalDepth + (float)Math.Log2(Math.Max(minimumDensity, 1e-9)) / 2;
        loop.Run(vertices.Length, 2048, (from, to) =>
        {
            for (var v = from; v < to; v++)
            {
                data.Sigma[v] = -1;
                // One ring of cells holds everything within a cell's width; the second is seldom needed.
                for (var ring = 1; ring <= SearchRadius && data.Sigma[v] < 0; ring++)
                    data.Blend(v, vertices[v], normals[v], ring, leastDepth);
            }
        });
        return data;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Blend(int v, Vector3 position, Vector3 normal, int ring, float leastDepth)
    {
        var scale = _cells.Scale;
        var (px, py, pz) = (
            (float)((position.X - _points.Origin.X) / _cells.CellSize),
            (float)((position.Y - _points.Origin.Y) / _cells.CellSize),
            (float)((position.Z - _points.Origin.Z) / _cells.CellSize));
        var (x, y, z) = ((int)px, (int)py, (int)pz);
        var cloud = _points.Cloud;
        var nearest = float.PositiveInfinity;
        double total = 0, red = 0, green = 0, blue = 0, sigmaSum = 0;
        for (var k = z - ring; k <= z + ring; k++)
        {
            for (var j = y - ring; j <= y + ring; j++)
            {
                for (var i = x - ring; i <= x + ring; i++)
                {
                    var (n, end) = _cells.InCell(i, j, k);
                    for (; n < end; n++)
                    {
                        var (dx, dy, dz) = (_points.X[n] * scale - px, _points.Y[n] * scale - py, _points.Z[n] * scale - pz);
                        var squared = dx * dx + dy * dy + dz * dz;
                        if (squared > ring * ring || Vector3.Dot(_normals[n], normal) <= 0)
                            continue;
                        if (_density.Depths[n] >= leastDepth)
                            nearest = Math.Min(nearest, squared);
                        var source = _points.Source[n];
                        var falloff = squared + Softening * Softening;
                        var weight = _density.Weights[n] / (falloff * falloff);
                        total += weight;
                        red += weight * cloud.Colors[3 * source];
                        green += weight * cloud.Colors[3 * source + 1];
                        blue += weight * cloud.Colors[3 * source + 2];
                        sigmaSum += weight * (cloud.Sigma[source] > 0 && float.IsFinite(cloud.Sigma[source]) ? cloud.Sigma[source] : 0);
                    }
                }
            }
        }
        Supported[v] = nearest <= Reach * Reach;
        if (!(total > 0))
            return;
        Color[v] = new Vector3((float)(red / total), (float)(green / total), (float)(blue / total));
        Sigma[v] = (float)(sigmaSum / total);
    }

    /// <summary>
    /// Gives vertices without points the mean of their neighbours nearer to the points, and adds to the sigma of every
    /// vertex in a gap what its distance from the points costs in certainty.
    /// </summary>
    /// <param name="topology">The mesh.</param>
    /// <param name="gap">Distance of each vertex from what is supported, metres; vertices where it is infinite get nothing.</param>
    public void Complete(MeshTopology topology, float[] gap)
    {
        // How fast certainty is lost beside the data: surfaces of heads turn about this much over a few millimetres.
        const float slope = 0.25f;
        var unknown = new List<int>();
        for (var v = 0; v < gap.Length; v++)
        {
            if (Sigma[v] < 0 && float.IsFinite(gap[v]))
                unknown.Add(v);
        }
        unknown.Sort((a, b) => gap[a] != gap[b] ? gap[a].CompareTo(gap[b]) : a.CompareTo(b));
        foreach (var v in unknown)
        {
            var (color, sigma, count) = (Vector3.Zero, 0f, 0);
            foreach (var h in topology.Leaving(v))
            {
                var neighbour = topology.Triangles[MeshTopology.Next(h)];
                if (Sigma[neighbour] < 0)
                    continue;
                (color, sigma) = (color + Color[neighbour], sigma + Sigma[neighbour]);
                count++;
            }
            if (count > 0)
                (Color[v], Sigma[v]) = (color / count, sigma / count);
        }
        for (var v = 0; v < gap.Length; v++)
        {
            if (gap[v] > 0 && float.IsFinite(gap[v]))
                Sigma[v] = MathF.Sqrt(Sigma[v] * Sigma[v] + slope * gap[v] * (slope * gap[v]));
        }
    }
}
