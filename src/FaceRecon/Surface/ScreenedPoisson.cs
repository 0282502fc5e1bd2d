namespace FaceRecon;

/// <summary>
/// Screened Poisson surface reconstruction (M. Kazhdan, H. Hoppe: Screened Poisson surface
/// reconstruction, ACM TOG 32(3), 2013): the function whose gradient agrees best with the normals of
/// the points and which is constant at the points.
///
/// Instead of an octree the levels are regular grids of quadratic B-splines, of which only bricks near the
/// points are kept; they span the same nested spaces. The solver is the paper's cascade: each level
/// starts from the coarser one's solution, which also holds its border. Memory and time grow with
/// the area of the surface.
/// </summary>
internal static class ScreenedPoisson
{
    /// <summary>Cells around the samples in which a level can change the coarser one's solution.</summary>
    private const int Band = 3;

    /// <summary>Solves for the surface of <paramref name="points"/>.</summary>
    /// <param name="points">The points, arranged on the finest grid.</param>
    /// <param name="options">Weights and limits.</param>
    /// <param name="reach">The finest grid covers at least this distance around every point, metres.</param>
    /// <param name="loop">Runs the work.</param>
    public static ImplicitSurface Solve(OrientedPoints points, ScreenedPoissonOptions options, double reach, PartitionedLoop loop)
    {
        var (areas, depths) = SamplingDensity.Measure(points, options.SamplesPerNode, loop);
        var samples = new LevelSamples[points.FinestLevel + 1];
        samples[^1] = LevelSamples.Finest(points, areas, depths);
        for (var level = points.FinestLevel - 1; level >= 0; level--)
            samples[level] = samples[level + 1].Coarser();

        var band = Math.Clamp((int)Math.Ceiling(reach / points.CellSize), Band, 32);
        var grids = ActiveBricks(samples, band);
        PoissonLevel? solved = null;
        for (var level = 0; level < samples.Length; level++)
        {
            var next = new PoissonLevel(level, level == samples.Length - 1, grids[level], samples[level], loop);
            // The far field comes from the coarsest level alone, so that one is solved to the end.
            next.Solve(solved, options.PointWeight, level == 0 ? 200 : options.Iterations, level == 0 ? 1e-4 : 1e-3);
            solved = next;
        }
        var values = BrickTransfer.Evaluate(solved!.Grid, solved.Solution, loop);
        var firstNode = points.Origin + new Vector3d(0.5, 0.5, 0.5) * points.CellSize;
        return new ImplicitSurface(solved.Grid, values, (float)solved.MeanAtSamples(), firstNode, points.CellSize);
    }

    private static BrickGrid[] ActiveBricks(LevelSamples[] samples, int finestBand)
    {
        var grids = new BrickGrid[samples.Length];
        for (var level = samples.Length - 1; level >= 0; level--)
        {
            var mask = new BrickMask((OrientedPoints.CoarsestNodes << level) / BrickGrid.Size);
            if (level == 0)
                mask.AddAll();
            else
                mask.AddCells(samples[level].Codes, level == samples.Length - 1 ? finestBand : Band);
            if (level < samples.Length - 1)
                mask.AddParents(grids[level + 1]);
            grids[level] = mask.ToGrid();
        }
        return grids;
    }
}
