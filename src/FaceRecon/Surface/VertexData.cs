using System.Numerics;

namespace FaceRecon;

/// <summary>
/// What the points say at each vertex: how near the nearest is, and colour and sigma blended from those
/// around by inverse distance (Shepard 1968) and inverse variance, over so short a range that the
/// colours stay as sharp as the points are dense.
/// </summary>
internal sealed class VertexData
{
    /// <summary>Points are looked for this far around a vertex, cells.</summary>
    public const float SearchRadius = 2;
    /// <summary>Within this distance, cells, points count alike.</summary>
    private const float Softening = 0.3f;

    private VertexData(int count)
    {
        Distance = new float[count];
        Color = new Vector3[count];
        Sigma = new float[count];
    }

    /// <summary>Distance of the nearest point, metres; infinite where none is within the search radius.</summary>
    public float[] Distance { get; }
    /// <summary>Red, green, blue from 0 to 255.</summary>
    public Vector3[] Color { get; }
    /// <summary>Standard deviation along the normal, metres.</summary>
    public float[] Sigma { get; }

    /// <summary>Gathers the data of all <paramref name="vertices"/>, metres, which lie in the grid's active bricks.</summary>
    public static VertexData Gather(Vector3[] vertices, OrientedPoints points, BrickGrid grid, PartitionedLoop loop)
    {
        var firstInCell = FirstInCell(points, grid);
        var data = new VertexData(vertices.Length);
        loop.Run(vertices.Length, 2048, (from, to) =>
        {
            for (var v = from; v < to; v++)
            {
                var p = new Vector3(
                    (float)((vertices[v].X - points.Origin.X) / points.CellSize),
                    (float)((vertices[v].Y - points.Origin.Y) / points.CellSize),
                    (float)((vertices[v].Z - points.Origin.Z) / points.CellSize));
                // One ring of cells holds everything within a cell's width; the second is seldom needed.
                for (var ring = 1; ring <= SearchRadius; ring++)
                {
                    data.Distance[v] = Blend(p, ring, points, grid, firstInCell, out data.Color[v], out data.Sigma[v]) * (float)points.CellSize;
                    if (float.IsFinite(data.Distance[v]))
                        break;
                }
            }
        });
        return data;
    }

    private static float Blend(Vector3 p, int ring, OrientedPoints points, BrickGrid grid, int[] firstInCell, out Vector3 color, out float sigma)
    {
        var (x, y, z) = ((int)p.X, (int)p.Y, (int)p.Z);
        var nearest = (float)(ring * ring);
        var found = false;
        double total = 0, red = 0, green = 0, blue = 0, sigmaSum = 0;
        var cloud = points.Cloud;
        for (var k = z - ring; k <= z + ring; k++)
        {
            for (var j = y - ring; j <= y + ring; j++)
            {
                for (var i = x - ring; i <= x + ring; i++)
                {
                    var node = grid.FindNode(i, j, k);
                    if (node < 0 || firstInCell[node] == 0)
                        continue;
                    var n = firstInCell[node] - 1;
                    for (var code = points.Codes[n] >> 3; n < points.Count && points.Codes[n] >> 3 == code; n++)
                    {
                        var (dx, dy, dz) = (points.X[n] - p.X, points.Y[n] - p.Y, points.Z[n] - p.Z);
                        var squared = dx * dx + dy * dy + dz * dz;
                        if (squared > ring * ring)
                            continue;
                        found = true;
                        nearest = Math.Min(nearest, squared);
                        var source = points.Source[n];
                        var s = Math.Max(cloud.Sigma[source], 1e-6f);
                        var falloff = squared + Softening * Softening;
                        var weight = 1 / (falloff * falloff * s * s);
                        total += weight;
                        red += weight * cloud.Colors[3 * source];
                        green += weight * cloud.Colors[3 * source + 1];
                        blue += weight * cloud.Colors[3 * source + 2];
                        sigmaSum += weight * cloud.Sigma[source];
                    }
                }
            }
        }
        color = found ? new Vector3((float)(red / total), (float)(green / total), (float)(blue / total)) : Vector3.Zero;
        sigma = found ? (float)(sigmaSum / total) : 0;
        return found ? MathF.Sqrt(nearest) : float.PositiveInfinity;
    }

    /// <summary>For each node, 1 + the first point in the cell above it; 0 for an empty cell.</summary>
    private static int[] FirstInCell(OrientedPoints points, BrickGrid grid)
    {
        var first = new int[grid.ValueCount];
        var previous = ulong.MaxValue;
        for (var i = 0; i < points.Count; i++)
        {
            var code = points.Codes[i] >> 3;
            if (code == previous)
                continue;
            previous = code;
            var (x, y, z) = MortonCode.Decode(code);
            first[grid.FindNode(x, y, z)] = i + 1;
        }
        return first;
    }

    /// <summary>
    /// Gives vertices without points the mean of their neighbours that have a value, ring after ring,
    /// and adds to the sigma of every vertex what its distance from the nearest point costs in certainty.
    /// </summary>
    /// <param name="vertices">Positions, metres.</param>
    /// <param name="triangles">Three vertices a triangle.</param>
    /// <param name="free">Distance up to which a vertex counts as measured, metres.</param>
    public void Complete(Vector3[] vertices, int[] triangles, float free)
    {
        // How fast certainty is lost beside the data: surfaces of heads turn about this much over a few millimetres.
        const float slope = 0.25f;
        var unknown = new List<int>();
        var isUnknown = new bool[vertices.Length];
        foreach (var v in triangles)
        {
            if (!float.IsFinite(Distance[v]) && !isUnknown[v])
            {
                isUnknown[v] = true;
                unknown.Add(v);
            }
        }
        var corners = new List<int>();
        for (var t = 0; t < triangles.Length; t += 3)
        {
            if (isUnknown[triangles[t]] || isUnknown[triangles[t + 1]] || isUnknown[triangles[t + 2]])
                corners.AddRange([triangles[t], triangles[t + 1], triangles[t + 2]]);
        }
        var sums = new Dictionary<int, (Vector3 Color, float Sigma, float Distance, int Count)>();
        while (unknown.Count > 0)
        {
            sums.Clear();
            for (var t = 0; t < corners.Count; t += 3)
            {
                for (var c = 0; c < 6; c++)
                {
                    var (v, from) = (corners[t + c % 3], corners[t + (c + 1 + c / 3) % 3]);
                    if (!isUnknown[v] || isUnknown[from])
                        continue;
                    var sum = sums.GetValueOrDefault(v);
                    sums[v] = (sum.Color + Color[from], sum.Sigma + Sigma[from],
                        sum.Distance + Distance[from] + Vector3.Distance(vertices[v], vertices[from]), sum.Count + 1);
                }
            }
            if (sums.Count == 0)
                break;
            foreach (var (v, sum) in sums)
            {
                Color[v] = sum.Color / sum.Count;
                Sigma[v] = sum.Sigma / sum.Count;
                Distance[v] = sum.Distance / sum.Count;
                isUnknown[v] = false;
            }
            unknown.RemoveAll(v => !isUnknown[v]);
        }
        for (var v = 0; v < vertices.Length; v++)
        {
            var beside = slope * Math.Max(0, Distance[v] - free);
            if (beside > 0 && float.IsFinite(beside))
                Sigma[v] = MathF.Sqrt(Sigma[v] * Sigma[v] + beside * beside);
        }
    }
}
