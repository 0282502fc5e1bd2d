using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Poisson reconstruction closes everything; this tells what of it the data supports. The support of the vertices is
/// smoothed over the mesh, so that neither single stray points nor single gaps show in its edge. By distances along the
/// mesh gaps up to a given width are closed and strips under another width opened, as by a disc that rolls along the edge
/// (J. Serra: Image analysis and mathematical morphology, 1982).
/// </summary>
internal sealed class SurfaceTrimming
{
    private const int SmoothingSteps = 4;

    private SurfaceTrimming(float[] gap, float[] kept)
    {
        Gap = gap;
        Kept = kept;
    }

    /// <summary>Distance of each vertex from what is supported, metres; infinite far from it.</summary>
    public float[] Gap { get; }
    /// <summary>Positive at vertices that stay; the cut runs where it is zero.</summary>
    public float[] Kept { get; }

    /// <summary>Decides what stays.</summary>
    /// <param name="vertices">Positions, metres.</param>
    /// <param name="topology">The closed mesh.</param>
    /// <param name="supported">Whether there are points at each vertex.</param>
    /// <param name="edge">Length of an edge, metres.</param>
    /// <param name="options">Sizes of gaps, strips and islands.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static SurfaceTrimming Decide(
        Vector3[] vertices, MeshTopology topology, bool[] supported, double edge, SurfaceOptions options, CancellationToken cancellation)
    {
        var support = Smoothed(topology.Triangles, supported);
        var (closing, opening) = ((float)options.MaximumHole / 2, (float)options.MinimumStrip / 2);
        var gap = Distances(support, closing);
        var grown = closing > 0 ? Within(gap, closing) : support;
        // Where the mesh itself ends is the outside, be it nearer than the grown region's edge: nothing is on its other side.
        foreach (var v in topology.Border())
            grown[v] = Math.Min(grown[v], -(float)edge / 10);
        var closed = Shrink(grown, closing);
        // That takes what was not grown, never what is supported.
        for (var v = 0; v < closed.Length; v++)
            closed[v] = Math.Max(closed[v], support[v] * (float)edge);
        var core = Shrink(closed, opening);
        // What hangs on the rest by a strip that is too narrow is an island, too.
        var sizes = MeshPieces.Sizes(core.Length, topology.Triangles, v => vertices[v], v => core[v] > 0);
        for (var v = 0; v < core.Length; v++)
        {
            if (core[v] > 0 && sizes[v] < options.MinimumIsland - options.MinimumStrip)
                core[v] = -core[v];
        }
        var kept = Grow(core, opening);
        for (var v = 0; v < kept.Length; v++)
            kept[v] = Math.Min(kept[v], closed[v]);
        return new SurfaceTrimming(gap, kept);

        float[] Shrink(float[] function, float radius) => Negated(Grow(Negated(function), radius));

        float[] Grow(float[] function, float radius) => radius > 0 ? Within(Distances(function, radius), radius) : function;

        float[] Distances(float[] function, float radius) =>
            GeodesicDistance.FromRegion(vertices, topology, function, Limit(radius), cancellation);

        float[] Within(float[] distances, float radius) => Array.ConvertAll(distances, d => radius - Math.Min(d, Limit(radius)));

        // A little further, so that the place where the radius ends is seen from both sides.
        float Limit(float radius) => radius + 2 * (float)edge;
    }

    private static float[] Negated(float[] function) => Array.ConvertAll(function, value => -value);

    /// <summary>The share of supported vertices around each, less a half.</summary>
    private static float[] Smoothed(int[] triangles, bool[] supported)
    {
        var share = Array.ConvertAll(supported, s => s ? 0.5f : -0.5f);
        var sums = new float[share.Length];
        var counts = new int[share.Length];
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
        return share;
    }
}
