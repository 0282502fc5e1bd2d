namespace FaceRecon;

/// <summary>
/// How much surface each point stands for, and at which level of the grid the points lie densely
/// enough to be used. Points that share a place share its area by their inverse variance, so that a
/// precise point outweighs a noisy one beside it.
/// </summary>
internal sealed class SamplingDensity
{
    /// <summary>
    /// Integral over a plane of the density kernel, in square cells. The kernel is a quadratic B-spline
    /// splatted and one interpolated, together a quintic one along each axis, which is 11/20 at its
    /// centre; the integral over a plane is that along an axis and within 3 % of it in any direction.
    /// </summary>
    private const float KernelArea = 0.56f;
    /// <summary>A cell's face must hold so many points for its size to be one that density can be told at.</summary>
    private const double LeastPerCell = 1.5;

    private readonly OrientedPoints _points;
    private readonly float[] _perCell;

    private SamplingDensity(OrientedPoints points, float[] weights)
    {
        _points = points;
        Weights = weights;
        _perCell = new float[points.Count];
        Areas = new float[points.Count];
        Depths = new float[points.Count];
    }

    /// <summary>What each point weighs beside others in its place: its inverse variance, relative to the typical one.</summary>
    public float[] Weights { get; }

    /// <summary>Area of surface that each point stands for, square cells of the finest level.</summary>
    public float[] Areas { get; }

    /// <summary>The level, with fraction and at most the finest, that suits the density at each point.</summary>
    public float[] Depths { get; }

    /// <summary>The median of <see cref="Depths"/>.</summary>
    public float TypicalDepth { get; private set; }

    /// <summary>The level next to <see cref="TypicalDepth"/>.</summary>
    public int TypicalLevel => (int)Math.Round(TypicalDepth);

    /// <summary>Edge of the cells of <see cref="TypicalLevel"/>, metres.</summary>
    public double TypicalCell => _points.CellSize * (1 << (_points.FinestLevel - TypicalLevel));

    /// <summary>Measures a cloud.</summary>
    /// <param name="points">The points.</param>
    /// <param name="samplesPerNode">Points that the face of a cell of the level that suits holds.</param>
    /// <param name="loop">Runs the work.</param>
    public static SamplingDensity Measure(OrientedPoints points, double samplesPerNode, PartitionedLoop loop)
    {
        var density = new SamplingDensity(points, InverseVariances(points, points.TypicalSigma));
        var coarser = Math.Min(1, points.FinestLevel);
        while (true)
        {
            density.MeasureAt(coarser, loop);
            if (coarser == points.FinestLevel || Median(density._perCell) * (1 << (2 * coarser)) >= LeastPerCell)
                break;
            coarser++;
        }
        for (var i = 0; i < points.Count; i++)
        {
            // One level down quarters the points that a cell's face holds.
            var depth = points.FinestLevel + Math.Log2(density._perCell[i] / samplesPerNode) / 2;
            density.Depths[i] = (float)Math.Clamp(depth, 0, points.FinestLevel);
        }
        density.TypicalDepth = Median(density.Depths);
        return density;
    }

    /// <summary>Points a face of the finest cells, and areas, by kernels of cells so many levels coarser than the finest.</summary>
    private void MeasureAt(int coarser, PartitionedLoop loop)
    {
        var scale = 1f / (1 << coarser);
        var codes = Array.ConvertAll(_points.Codes, code => code >> (3 * coarser));
        var grid = Grid(codes, OrientedPoints.CoarsestNodes << (_points.FinestLevel - coarser));
        var stencils = new SampleStencils(grid, codes, Scaled(_points.X), Scaled(_points.Y), Scaled(_points.Z), loop);
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
                    stencils.Splat(entry, Weights[stencils.Sample[entry]], weight);
                }
                BrickGrid.StoreInterior(count, counts, brick);
                BrickGrid.StoreInterior(weight, weightSums, brick);
            }
        });
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
                    Areas[i] = Weights[i] / stencils.Interpolate(entry, weight) * kernelCells;
                    _perCell[i] = stencils.Interpolate(entry, count) / kernelCells;
                }
            }
        });

        float[] Scaled(float[] coordinates) => Array.ConvertAll(coordinates, c => c * scale);
    }

    private static float Median(float[] values)
    {
        var sorted = (float[])values.Clone();
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }

    /// <summary>1 over sigma squared, relative to the typical one; a fifth of the typical sigma is the least that is believed.</summary>
    private static float[] InverseVariances(OrientedPoints points, float typical)
    {
        var weights = new float[points.Count];
        for (var i = 0; i < weights.Length; i++)
        {
            var s = points.Cloud.Sigma[points.Source[i]];
            weights[i] = OrientedPoints.IsKnown(s) ? 1 / Math.Max(s / typical * (s / typical), 0.04f) : 1;
        }
        return weights;
    }

    private static BrickGrid Grid(ulong[] codes, int nodesPerAxis)
    {
        var active = new BrickMask(BrickBox.Around(codes, 1, nodesPerAxis / BrickGrid.Size));
        active.AddCells(codes, 1);
        return active.ToGrid();
    }
}
