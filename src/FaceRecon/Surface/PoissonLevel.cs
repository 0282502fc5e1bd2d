namespace FaceRecon;

/// <summary>One level of the cascade: its grid, its samples, its normal field and its solution.</summary>
internal sealed class PoissonLevel
{
    private const int Block = 32;

    private readonly int _level;
    private readonly bool _isFinest;
    private readonly LevelSamples _samples;
    private readonly SampleStencils _stencils;
    private readonly PartitionedLoop _loop;
    /// <summary>The residual while solving; after that, on the finest level, an array of the grid's size that may be used again.</summary>
    private float[] _residual;

    /// <summary>Normal field of the samples too thinly spread for any finer level; null while there are none.</summary>
    private float[][]? _coarseField;

    /// <param name="level">Number of the level, 0 for the coarsest.</param>
    /// <param name="isFinest">Whether no level follows.</param>
    /// <param name="grid">Active bricks.</param>
    /// <param name="samples">Samples merged for this level.</param>
    /// <param name="loop">Runs the work.</param>
    public PoissonLevel(int level, bool isFinest, BrickGrid grid, LevelSamples samples, PartitionedLoop loop)
    {
        _level = level;
        _isFinest = isFinest;
        _samples = samples;
        _loop = loop;
        _stencils = new SampleStencils(grid, samples.Codes, samples.X, samples.Y, samples.Z, loop);
        Solution = new float[grid.ValueCount];
        _residual = new float[grid.ValueCount];
    }

    /// <summary>Active bricks.</summary>
    public BrickGrid Grid => _stencils.Grid;

    /// <summary>The solution: negative inside the shape, positive outside, and a jump of about 1 across the surface.</summary>
    public float[] Solution { get; }

    /// <summary>
    /// Solves the level from the solution of the <paramref name="coarser"/> one, which also gives the
    /// values at the border of the active bricks.
    /// </summary>
    /// <param name="coarser">The next coarser level, solved; null for none.</param>
    /// <param name="pointWeight">The paper's alpha.</param>
    /// <param name="rounds">
    /// Solutions one after the other: after each, what it leaves at the samples is added to what is asked of them
    /// (iterated Tikhonov regularisation; for other norms S. Osher et al.: An iterative regularization method,
    /// Multiscale Modeling and Simulation 4(2), 2005). Curves are flattened less than by a larger
    /// weight that lets as much noise through.
    /// </param>
    /// <param name="iterations">Most iterations a round.</param>
    /// <param name="tolerance">Share of a round's first residual that will do.</param>
    public void Solve(PoissonLevel? coarser, double pointWeight, int rounds, int iterations, double tolerance)
    {
        var field = NormalField(coarser);
        // A lone sample must not stand for more than a cell's face: it would be interpolated at any price.
        var screening = Array.ConvertAll(_samples.Area, area => (float)(pointWeight * Math.Min(area, 1)));
        var system = new PoissonOperator(_stencils, screening, _loop);
        _loop.Run(Grid.Count, Block, (from, to) =>
        {
            Span<float> start = stackalloc float[BrickGrid.HaloLength];
            Span<float> right = stackalloc float[BrickGrid.HaloLength];
            Span<float> x = stackalloc float[BrickGrid.HaloLength];
            Span<float> y = stackalloc float[BrickGrid.HaloLength];
            Span<float> z = stackalloc float[BrickGrid.HaloLength];
            for (var brick = from; brick < to; brick++)
            {
                if (coarser is not null)
                {
                    BrickTransfer.Prolong(coarser.Grid, coarser.Solution, Grid.Origins[brick], start);
                    BrickGrid.StoreInterior(start, Solution, brick);
                }
                system.ApplyBrick(brick, start, right);
                for (var i = 0; i < right.Length; i++)
                    right[i] = -right[i];
                GatherSmoothed(field[0], brick, x, start);
                GatherSmoothed(field[1], brick, y, start);
                GatherSmoothed(field[2], brick, z, start);
                BrickTransfer.AddWeakDivergence(x, y, z, right);
                BrickGrid.StoreInterior(right, _residual, brick);
            }
        });
        // The field has gone into the residual; its arrays are used again.
        var (inverseDiagonal, direction, product) = (field[0], field[1], field[2]);
        system.InvertDiagonal(inverseDiagonal);
        for (var round = 0; round < rounds; round++)
        {
            if (round > 0)
                system.AddBack(Solution, _residual);
            system.Solve(Solution, _residual, inverseDiagonal, direction, product, iterations, tolerance);
        }
        if (!_isFinest)
            _residual = [];
    }

    /// <summary>
    /// A component of the normal field with (1, 2, 1)/4 applied along each axis. Points never lie evenly in
    /// the cells; this takes out what of the field only tells where they lie, the dimples that it would leave in the surface.
    /// </summary>
    private void GatherSmoothed(float[] component, int brick, Span<float> halo, Span<float> scratch)
    {
        Grid.GatherHalo(component, brick, scratch);
        BrickTransfer.FilterAlong(scratch, halo, 1, 0.5f);
        BrickTransfer.FilterAlong(halo, scratch, BrickGrid.HaloStride, 0.5f);
        BrickTransfer.FilterAlong(scratch, halo, BrickGrid.HaloLayer, 0.5f);
    }

    /// <summary>The surface as this level has it.</summary>
    public SplineSurface Surface(OrientedPoints points) =>
        new(Grid, Solution, (float)MeanAtSamples(), points.Origin, points.CellSize * (1 << (points.FinestLevel - _level)));

    /// <summary>The values of the solution at the nodes, where the residual was.</summary>
    public float[] Evaluate()
    {
        BrickTransfer.Evaluate(Grid, Solution, _residual, _loop);
        return _residual;
    }

    /// <summary>
    /// Calls for every brick of the next finer grid that the surface passes, or passes by a cell, as this level has
    /// it; not for those that cannot be prolonged from active bricks alone.
    /// </summary>
    public void ForEachCrossedChild(Action<int, int, int> visit)
    {
        var level = (float)MeanAtSamples();
        var crossed = new byte[Grid.Count];
        _loop.Run(Grid.Count, Block, (from, to) =>
        {
            Span<float> halo = stackalloc float[BrickGrid.HaloLength];
            Span<float> values = stackalloc float[BrickGrid.HaloLength];
            for (var brick = from; brick < to; brick++)
            {
                Grid.GatherHalo(Solution, brick, halo);
                BrickTransfer.Evaluate(halo, values);
                for (var child = 0; child < 8; child++)
                {
                    if (HasParents(brick, child) && IsCrossed(values, child, level))
                        crossed[brick] |= (byte)(1 << child);
                }
            }
        });
        for (var brick = 0; brick < Grid.Count; brick++)
        {
            var (x, y, z) = Grid.Origins[brick];
            for (var child = 0; child < 8; child++)
            {
                if ((crossed[brick] >> child & 1) != 0)
                    visit(2 * x + (child & 1), 2 * y + (child >> 1 & 1), 2 * z + (child >> 2));
            }
        }
    }

    private bool HasParents(int brick, int child)
    {
        var neighbours = Grid.Neighbours(brick);
        for (var m = 0; m < 8; m++)
        {
            // On each axis the brick itself, or its neighbour on the child's side.
            var n = 13 + Side(child & 1, m & 1) + 3 * Side(child >> 1 & 1, m >> 1 & 1) + 9 * Side(child >> 2, m >> 2);
            if (neighbours[n] == Grid.Count)
                return false;
        }
        return true;

        static int Side(int upper, int neighbour) => neighbour * (2 * upper - 1);
    }

    private static bool IsCrossed(ReadOnlySpan<float> values, int child, float level)
    {
        var (x0, y0, z0) = (4 * (child & 1) - 1, 4 * (child >> 1 & 1) - 1, 4 * (child >> 2) - 1);
        var first = values[BrickGrid.HaloIndex(x0, y0, z0)] < level;
        for (var z = z0; z < z0 + 6; z++)
            for (var y = y0; y < y0 + 6; y++)
                for (var x = x0; x < x0 + 6; x++)
                    if (values[BrickGrid.HaloIndex(x, y, z)] < level != first)
                        return true;
        return false;
    }

    /// <summary>Mean of the solution at the samples, weighted by their area: the value whose level set is the surface.</summary>
    public double MeanAtSamples()
    {
        var sums = new (double Value, double Area)[Grid.Count];
        _loop.Run(Grid.Count, Block, (from, to) =>
        {
            Span<float> halo = stackalloc float[BrickGrid.HaloLength];
            for (var brick = from; brick < to; brick++)
            {
                var (start, end, _) = _stencils.Entries(brick);
                if (start == end)
                    continue;
                Grid.GatherHalo(Solution, brick, halo);
                for (var entry = start; entry < end; entry++)
                {
                    var area = _samples.Area[_stencils.Sample[entry]];
                    sums[brick].Value += area * _stencils.Interpolate(entry, halo);
                    sums[brick].Area += area;
                }
            }
        });
        var (value, total) = (0.0, 0.0);
        foreach (var sum in sums)
        {
            value += sum.Value;
            total += sum.Area;
        }
        return value / total;
    }

    /// <summary>
    /// The normal field V as hat coefficients. A sample whose density suits level d (a fraction mixes
    /// two levels) is spread by the hats of level d, and finer levels see it through prolongation.
    /// </summary>
    private float[][] NormalField(PoissonLevel? coarser)
    {
        var field = Vectors();
        AddSamples(field, Array.ConvertAll(_samples.Depth, depth => HereOrFiner(depth)));
        var inherited = coarser?._coarseField;
        if (!_isFinest)
        {
            var shares = Array.ConvertAll(_samples.Depth, depth => HereOrFiner(depth) * Math.Clamp(_level + 1 - depth, 0, 1));
            if (inherited is not null || Array.Exists(shares, share => share > 0))
            {
                _coarseField = Vectors();
                AddSamples(_coarseField, shares);
            }
        }
        if (coarser is not null && inherited is not null)
        {
            AddProlonged(coarser.Grid, inherited, field);
            coarser._coarseField = null;
        }
        return field;

        float HereOrFiner(float depth) => Math.Clamp(depth - (_level - 1), 0, 1);
    }

    private float[][] Vectors() => [new float[Grid.ValueCount], new float[Grid.ValueCount], new float[Grid.ValueCount]];

    private void AddSamples(float[][] field, float[] shares) => _loop.Run(Grid.Count, Block, (from, to) =>
    {
        Span<float> x = stackalloc float[BrickGrid.HaloLength];
        Span<float> y = stackalloc float[BrickGrid.HaloLength];
        Span<float> z = stackalloc float[BrickGrid.HaloLength];
        for (var brick = from; brick < to; brick++)
        {
            var (start, _, end) = _stencils.Entries(brick);
            if (start == end)
                continue;
            x.Clear();
            y.Clear();
            z.Clear();
            for (var entry = start; entry < end; entry++)
            {
                var sample = _stencils.Sample[entry];
                _stencils.Splat(entry, shares[sample] * _samples.AreaX[sample], x);
                _stencils.Splat(entry, shares[sample] * _samples.AreaY[sample], y);
                _stencils.Splat(entry, shares[sample] * _samples.AreaZ[sample], z);
            }
            BrickGrid.StoreInterior(x, field[0], brick);
            BrickGrid.StoreInterior(y, field[1], brick);
            BrickGrid.StoreInterior(z, field[2], brick);
        }
    });

    private void AddProlonged(BrickGrid coarser, float[][] from, float[][] to) => _loop.Run(Grid.Count, Block, (first, last) =>
    {
        Span<float> parent = stackalloc float[BrickGrid.HaloLength];
        for (var brick = first; brick < last; brick++)
        {
            for (var axis = 0; axis < 3; axis++)
            {
                // A gradient per cell of this level is half of one per cell of the coarser level.
                BrickTransfer.Prolong(coarser, from[axis], Grid.Origins[brick], parent);
                for (var i = 0; i < parent.Length; i++)
                    parent[i] *= 0.5f;
                BrickGrid.AddInterior(parent, to[axis], brick);
                if (_coarseField is not null)
                    BrickGrid.AddInterior(parent, _coarseField[axis], brick);
            }
        }
    });
}
