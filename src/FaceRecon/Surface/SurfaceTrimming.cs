using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Poisson reconstruction closes everything; this cuts away what no data supports. A vertex is
/// supported when a point is near; the mark is smoothed over the mesh, so that the cut runs along
/// the edge of the data and neither single stray points nor single gaps show in it. Gaps up to a given
/// diameter are kept as closed, and loose pieces under a given size are dropped.
/// </summary>
internal static class SurfaceTrimming
{
    private const int SmoothingSteps = 4;
    private const int EarPasses = 3;

    /// <summary>Which triangles stay.</summary>
    /// <param name="soup">The closed mesh.</param>
    /// <param name="opposites">Its half edges' opposites.</param>
    /// <param name="distances">Distance of each vertex from the nearest point, metres.</param>
    /// <param name="reach">Distance up to which a point supports a vertex, metres.</param>
    /// <param name="options">Sizes of holes and islands.</param>
    public static bool[] Keep(TriangleSoup soup, int[] opposites, float[] distances, double reach, SurfaceOptions options)
    {
        var supported = Supported(soup, distances, (float)reach);
        CloseSmallHoles(soup, opposites, supported, options.MaximumHole);
        var triangles = soup.Triangles;
        var keep = new bool[triangles.Length / 3];
        for (var t = 0; t < keep.Length; t++)
            keep[t] = supported[triangles[3 * t]] && supported[triangles[3 * t + 1]] && supported[triangles[3 * t + 2]];
        for (var pass = 0; pass < EarPasses; pass++)
            DropEars(opposites, keep);
        while (CutTouchingSheets(soup, opposites, keep))
        {
        }
        DropIslands(soup, opposites, keep, options.MinimumIsland);
        return keep;
    }

    private static bool[] Supported(TriangleSoup soup, float[] distances, float reach)
    {
        var share = Array.ConvertAll(distances, d => d <= reach ? 1f : 0f);
        var sums = new float[share.Length];
        var counts = new int[share.Length];
        var triangles = soup.Triangles;
        for (var step = 0; step < SmoothingSteps; step++)
        {
            Array.Clear(sums);
            Array.Clear(counts);
            for (var t = 0; t < triangles.Length; t += 3)
            {
                var (a, b, c) = (triangles[t], triangles[t + 1], triangles[t + 2]);
                sums[a] += share[b] + share[c];
                sums[b] += share[c] + share[a];
                sums[c] += share[a] + share[b];
                counts[a] += 2;
                counts[b] += 2;
                counts[c] += 2;
            }
            for (var v = 0; v < share.Length; v++)
                share[v] = 0.5f * (share[v] + sums[v] / Math.Max(counts[v], 1));
        }
        return Array.ConvertAll(share, s => s >= 0.5f);
    }

    /// <summary>Marks as supported the unsupported regions that are enclosed and no wider than <paramref name="maximumHole"/>.</summary>
    private static void CloseSmallHoles(TriangleSoup soup, int[] opposites, bool[] supported, double maximumHole)
    {
        var triangles = soup.Triangles;
        var regions = new DisjointSets(supported.Length);
        for (var h = 0; h < triangles.Length; h++)
        {
            var (a, b) = (triangles[h], triangles[HalfEdges.Next(h)]);
            if (!supported[a] && !supported[b])
                regions.Union(a, b);
        }
        var open = new bool[supported.Length];
        for (var h = 0; h < triangles.Length; h++)
        {
            if (opposites[h] < 0 && !supported[triangles[h]])
                open[regions.Find(triangles[h])] = true;
        }
        var boxes = new Boxes(supported.Length);
        for (var v = 0; v < supported.Length; v++)
        {
            if (!supported[v])
                boxes.Add(regions.Find(v), soup.Vertices[v]);
        }
        for (var v = 0; v < supported.Length; v++)
        {
            if (!supported[v] && !open[regions.Find(v)] && boxes.Diagonal(regions.Find(v)) <= maximumHole)
                supported[v] = true;
        }
    }

    /// <summary>Drops triangles that hang on by one edge: the teeth of a ragged border.</summary>
    private static void DropEars(int[] opposites, bool[] keep)
    {
        var ears = new List<int>();
        for (var t = 0; t < keep.Length; t++)
        {
            if (keep[t] && Neighbours(opposites, keep, t) < 2)
                ears.Add(t);
        }
        foreach (var t in ears)
            keep[t] = false;
    }

    private static int Neighbours(int[] opposites, bool[] keep, int t)
    {
        var count = 0;
        for (var h = 3 * t; h < 3 * t + 3; h++)
        {
            if (opposites[h] >= 0 && keep[opposites[h] / 3])
                count++;
        }
        return count;
    }

    /// <summary>Removes the triangles round vertices where two parts of the surface touch in a point only.</summary>
    private static bool CutTouchingSheets(TriangleSoup soup, int[] opposites, bool[] keep)
    {
        var triangles = soup.Triangles;
        var borders = new byte[soup.Vertices.Length];
        var any = false;
        for (var h = 0; h < triangles.Length; h++)
        {
            if (keep[h / 3] && (opposites[h] < 0 || !keep[opposites[h] / 3]) && ++borders[triangles[h]] > 1)
                any = true;
        }
        if (!any)
            return false;
        for (var h = 0; h < triangles.Length; h++)
        {
            if (borders[triangles[h]] > 1)
                keep[h / 3] = false;
        }
        return true;
    }

    private static void DropIslands(TriangleSoup soup, int[] opposites, bool[] keep, double minimumIsland)
    {
        var pieces = new DisjointSets(keep.Length);
        for (var h = 0; h < opposites.Length; h++)
        {
            if (opposites[h] >= 0 && keep[h / 3] && keep[opposites[h] / 3])
                pieces.Union(h / 3, opposites[h] / 3);
        }
        var boxes = new Boxes(keep.Length);
        for (var h = 0; h < opposites.Length; h++)
        {
            if (keep[h / 3])
                boxes.Add(pieces.Find(h / 3), soup.Vertices[soup.Triangles[h]]);
        }
        for (var t = 0; t < keep.Length; t++)
            keep[t] &= boxes.Diagonal(pieces.Find(t)) >= minimumIsland;
    }

    /// <summary>Bounding boxes by number.</summary>
    private readonly struct Boxes
    {
        private readonly Vector3[] _low;
        private readonly Vector3[] _high;

        public Boxes(int count)
        {
            _low = new Vector3[count];
            _high = new Vector3[count];
            Array.Fill(_low, new Vector3(float.PositiveInfinity));
            Array.Fill(_high, new Vector3(float.NegativeInfinity));
        }

        public void Add(int box, Vector3 point)
        {
            _low[box] = Vector3.Min(_low[box], point);
            _high[box] = Vector3.Max(_high[box], point);
        }

        public float Diagonal(int box) => Vector3.Distance(_low[box], _high[box]);
    }
}
