using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Takes out of a surface what detail the noise has put in. The detail of a scale is what the surface of one level of the cascade
/// has over that of the next coarser one. Of it the share that stands out of the noise is kept: the local Wiener filter of
/// M. Mihçak, I. Kozintsev, K. Ramchandran, P. Moulin: Low-complexity image denoising based on statistical modeling of wavelet
/// coefficients, IEEE Signal Processing Letters 6(12), 1999. A cheek becomes smooth, and the lids and lips stay as they are.
/// </summary>
internal static class DetailShrinkage
{
    /// <summary>The noise is what detail there is at the calmest places, this share of all.</summary>
    private const double CalmShare = 0.2;
    /// <summary>The noise in the detail of a finest cell, of the points' standard deviation, at most: more than that is shape, however even.</summary>
    private const double MostNoise = 0.35;
    /// <summary>The same in variance from scale to scale: a coarser detail holds more shape everywhere, which is not to be taken for noise.</summary>
    private const double MostGrowth = 2;
    /// <summary>The detail's variance is taken over about so many cells of the coarser level.</summary>
    private const double WindowCells = 2.5;

    /// <summary>Moves the vertices.</summary>
    /// <param name="vertices">Positions, metres.</param>
    /// <param name="normals">Their normals, out of the surface.</param>
    /// <param name="sigma">Standard deviation of the points at each, metres; not positive where it is not known, and the surface is left as it is.</param>
    /// <param name="coarser">The surface of coarser and coarser levels.</param>
    /// <param name="loop">Runs the work.</param>
    public static void Apply(Vector3[] vertices, Vector3[] normals, float[] sigma, IReadOnlyList<SplineSurface> coarser, PartitionedLoop loop)
    {
        if (coarser.Count == 0)
            return;
        var known = Array.ConvertAll(sigma, OrientedPoints.IsKnown);
        if (!Array.Exists(known, isKnown => isKnown))
            return;
        var removed = new float[vertices.Length];
        var ratio = new float[vertices.Length];
        // How far each vertex is outside the surface of a level, and of the level before: it lies on the finest one itself.
        var (distance, finer) = (new float[vertices.Length], new float[vertices.Length]);
        var limit = MostNoise * MostNoise;
        foreach (var surface in coarser)
        {
            loop.Run(vertices.Length, 2048, (from, to) => surface.Distances(vertices.AsSpan(from, to - from), distance.AsSpan(from, to - from)));
            var window = new LocalRatio(vertices, WindowCells * surface.CellSize);
            for (var v = 0; v < vertices.Length; v++)
            {
                if (known[v])
                    window.Add(vertices[v], (distance[v] - finer[v]) * (distance[v] - finer[v]), (double)sigma[v] * sigma[v]);
            }
            // The detail's variance for one of the points.
            loop.Run(vertices.Length, 2048, (from, to) =>
            {
                for (var v = from; v < to; v++)
                    ratio[v] = known[v] ? window.At(vertices[v]) : float.PositiveInfinity;
            });
            var noise = Math.Min(limit, Calmest(ratio));
            limit = MostGrowth * noise;
            for (var v = 0; v < vertices.Length; v++)
                removed[v] += (noise < ratio[v] ? (float)(noise / ratio[v]) : 1) * (distance[v] - finer[v]);
            (distance, finer) = (finer, distance);
        }
        for (var v = 0; v < vertices.Length; v++)
            vertices[v] -= removed[v] * normals[v];
    }

    private static float Calmest(float[] ratio)
    {
        var sorted = Array.FindAll(ratio, float.IsFinite);
        Array.Sort(sorted);
        return sorted.Length == 0 ? 0 : sorted[(int)(CalmShare * (sorted.Length - 1))];
    }
}
