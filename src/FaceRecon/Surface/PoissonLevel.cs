namespace FaceRecon;

/// <summary>One level of the cascade: its grid, its samples, its normal field and its solution.</summary>
internal sealed class PoissonLevel
{
    private const int Block = 32;

    private readonly int _level;
    private readonly LevelSamples _samples;
    private readonly SampleStencils _stencils;
    private readonly PartitionedLoop _loop;

    /// <summary>Normal field of the samples too thinly spread for any finer level; null while there are none.</summary>
    private float[][]? _coarseField;

    /// <param name="level">Number of the level, 0 for the coarsest.</param>
    /// <param name="grid">Active bricks.</param>
    /// <param name="samples">Samples merged for this level.</param>
    /// <param name="loop">Runs the work.</param>
    public PoissonLevel(int level, BrickGrid grid, LevelSamples samples, PartitionedLoop loop)
    {
        _level = level;
        _samples = samples;
        _loop = loop;
        _stencils = new SampleStencils(grid, samples.Codes, samples.X, samples.Y, samples.Z, loop);
        Solution = new float[grid.NodeCount];
    }

    /// <summary>Active bricks.</summary>
    public BrickGrid Grid => _stencils.Grid;

    /// <summary>The solution: negative inside the shape, positive outside, and a jump of about 1 across the surface.</summary>
    public float[] Solution { get; }

    /// <summary>
    /// Solves the level from the solution of the <paramref name="coarser"/> one, which also gives the
    /// values at the border of the active bricks.
    /// </summary>
    public void Solve(PoissonLevel? coarser, double pointWeight, int iterations, double tolerance)
    {
        var field = NormalField(coarser);
        // A lone sample must not stand for more than a cell's face: it would be interpolated at any price.
        var screening = Array.ConvertAll(_samples.Area, area => (float)(pointWeight * Math.Min(area, 1)));
        var system = new PoissonOperator(_stencils, screening, _loop);
        var residual = new float[Grid.NodeCount];
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
                Grid.GatherHalo(field[0], brick, x);
                Grid.GatherHalo(field[1], brick, y);
                Grid.GatherHalo(field[2], brick, z);
                BrickTransfer.AddWeakDivergence(x, y, z, right);
                BrickGrid.StoreInterior(right, residual, brick);
            }
        });
        LastIterations = system.Solve(Solution, residual, iterations, tolerance);
    }

    /// <summary>Conjugate gradient iterations that the last solution took.</summary>
    public int LastIterations { get; private set; }

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
        var here = Array.ConvertAll(_samples.Depth, depth => Math.Clamp(depth - (_level - 1), 0, 1));
        AddSamples(field, here);
        var onlyHere = Array.ConvertAll(_samples.Depth, depth => Math.Max(0, Math.Clamp(depth - (_level - 1), 0, 1) - Math.Clamp(depth - _level, 0, 1)));
        if (Array.Exists(onlyHere, share => share > 0) || coarser?._coarseField is not null)
        {
            _coarseField = Vectors();
            AddSamples(_coarseField, onlyHere);
        }
        if (coarser?._coarseField is { } inherited)
        {
            AddProlonged(coarser.Grid, inherited, field);
            AddProlonged(coarser.Grid, inherited, _coarseField!);
            coarser._coarseField = null;
        }
        return field;
    }

    private float[][] Vectors() => [new float[Grid.NodeCount], new float[Grid.NodeCount], new float[Grid.NodeCount]];

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
            }
        }
    });
}
