namespace FaceRecon;

/// <summary>
/// How much surface each point stands for, and at which level of the grid the points lie densely
/// enough to be used. Points that share a place share its area by their inverse variance, so that a
/// precise point outweighs a noisy one beside it.
/// </summary>
internal static class SamplingDensity
{
    /// <summary>
    /// Integral over a plane of the density kernel, in square cells. The kernel is a quadratic B-spline
    /// splatted and one interpolated, together a quintic one along each axis, which is 11/20 at its
    /// centre; the integral over a plane is that along an axis and within 3 % of it in any direction.
    /// </summary>
    private const float KernelArea = 0.56f;

    /// <summary>Area of each point in square cells of the finest level, and the level that suits the density there.</summary>
    public static (float[] Areas, float[] Depths) Measure(OrientedPoints points, double samplesPerNode, PartitionedLoop loop)
    {
        var coarser = points.FinestLevel > 0 ? 1 : 0;
        var scale = 1f / (1 << coarser);
        var codes = Array.ConvertAll(points.Codes, code => code >> (3 * coarser));
        var grid = Grid(codes, OrientedPoints.CoarsestNodes << (points.FinestLevel - coarser));
        var stencils = new SampleStencils(grid, codes, Scaled(points.X), Scaled(points.Y), Scaled(points.Z), loop);

        var weights = InverseVariances(points);
        var counts = new float[grid.ValueCount];
        var weightSums = new float[grid.ValueCount];
        loop.Run(grid.Count, 32, (from, to) =>
        {
            Span<float> count = stackalloc float[BrickGrid.HaloLength];
            Span<float> weight = stackalloc float[BrickGrid.HaloLength];
            for (var brick = from; brick < to; brick++)
            {
                count.Clear();
                weight.Clear();
                var (start, _, end) = stencils.Entries(brick);
                for (var entry = start; entry < end; entry++)
                {
                    stencils.Splat(entry, 1, count);
                    stencils.Splat(entry, weights[stencils.Sample[entry]], weight);
                }
                BrickGrid.StoreInterior(count, counts, brick);
                BrickGrid.StoreInterior(weight, weightSums, brick);
            }
        });

        var areas = new float[points.Count];
        var depths = new float[points.Count];
        var kernelCells = KernelArea / (scale * scale);
        loop.Run(grid.Count, 32, (from, to) =>
        {
            Span<float> count = stackalloc float[BrickGrid.HaloLength];
            Span<float> weight = stackalloc float[BrickGrid.HaloLength];
            for (var brick = from; brick < to; brick++)
            {
                var (start, end, _) = stencils.Entries(brick);
                if (start == end)
                    continue;
                grid.GatherHalo(counts, brick, count);
                grid.GatherHalo(weightSums, brick, weight);
                for (var entry = start; entry < end; entry++)
                {
                    var i = stencils.Sample[entry];
                    areas[i] = weights[i] / stencils.Interpolate(entry, weight) * kernelCells;
                    // One level down quarters the points that a cell's face holds.
                    var perCell = stencils.Interpolate(entry, count) / kernelCells;
                    var depth = points.FinestLevel + Math.Log2(perCell / samplesPerNode) / 2;
                    depths[i] = (float)Math.Clamp(depth, 0, points.FinestLevel);
                }
            }
        });
        return (areas, depths);

        float[] Scaled(float[] coordinates) => Array.ConvertAll(coordinates, c => c * scale);
    }

    /// <summary>1 over sigma squared, relative to the typical one; a fifth of the typical sigma is the least that is believed.</summary>
    private static float[] InverseVariances(OrientedPoints points)
    {
        var sigma = points.Cloud.Sigma;
        var known = new List<float>(points.Count);
        foreach (var i in points.Source)
        {
            if (sigma[i] > 0 && float.IsFinite(sigma[i]))
                known.Add(sigma[i]);
        }
        var weights = new float[points.Count];
        Array.Fill(weights, 1);
        if (known.Count == 0)
            return weights;
        known.Sort();
        var typical = known[known.Count / 2];
        for (var i = 0; i < weights.Length; i++)
        {
            var s = sigma[points.Source[i]];
            if (s > 0 && float.IsFinite(s))
                weights[i] = 1 / Math.Max(s / typical * (s / typical), 0.04f);
        }
        return weights;
    }

    private static BrickGrid Grid(ulong[] codes, int nodesPerAxis)
    {
        var active = new BrickMask(nodesPerAxis / BrickGrid.Size);
        active.AddCells(codes, 1);
        return active.ToGrid();
    }
}
