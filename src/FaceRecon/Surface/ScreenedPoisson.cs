namespace FaceRecon;

/// <summary>
/// Screened Poisson surface reconstruction (M. Kazhdan, H. Hoppe: Screened Poisson surface
/// reconstruction, ACM TOG 32(3), 2013): the function whose gradient agrees best with the normals of
/// the points and which is constant at the points.
///
/// Instead of an octree the levels are regular grids of quadratic B-splines, of which only bricks near the
/// points are kept, and in gaps between them those that the surface of the next coarser level passes; they span the
/// same nested spaces. The solver is the paper's cascade: each level starts from the coarser one's solution, which
/// also holds its border. Memory and time grow with the area of the surface.
/// </summary>
internal static class ScreenedPoisson
{
    /// <summary>Cells around the samples in which a level can change the coarser one's solution.</summary>
    private const int Band = 3;
    /// <summary>Cells by which the surface is followed further than asked for, so that no border of bricks shows within.</summary>
    private const int Margin = 3;

    /// <summary>Solutions of a level whose surface is wanted, each corrected by what the last left at the samples.</summary>
    private const int Rounds = 3;

    /// <summary>Levels above the finest whose surfaces are wanted, too.</summary>
    private const int CoarserSurfaces = 2;

    /// <summary>Solves for the surface of <paramref name="points"/>.</summary>
    /// <param name="points">The points, arranged on the finest grid.</param>
    /// <param name="density">Their sampling density.</param>
    /// <param name="options">Weights and limits.</param>
    /// <param name="reach">The surface is followed for at least this distance from the points, metres.</param>
    /// <param name="loop">Runs the work.</param>
    public static ImplicitSurface Solve(
        OrientedPoints points, SamplingDensity density, ScreenedPoissonOptions options, double reach, PartitionedLoop loop)
    {
        var samples = new LevelSamples[points.FinestLevel + 1];
        samples[^1] = LevelSamples.Finest(points, density);
        for (var level = points.FinestLevel - 1; level >= 0; level--)
            samples[level] = samples[level + 1].Coarser();

        var cells = Array.ConvertAll(Enumerable.Range(0, samples.Length).ToArray(), level =>
            Margin + (int)Math.Ceiling(reach / (points.CellSize * (1 << (points.FinestLevel - level)))));
        var masks = NearSamples(samples, cells);
        PoissonLevel? solved = null;
        var coarser = new List<SplineSurface>();
        for (var level = 0; level < samples.Length; level++)
        {
            if (solved is not null && cells[^1] > Band + Margin)
                AddSheet(masks[level], solved, samples[level], cells[level], level == samples.Length - 1);
            var next = new PoissonLevel(level, level == samples.Length - 1, masks[level].ToGrid(), samples[level], loop);
            var above = samples.Length - 1 - level;
            next.Solve(solved, options.PointWeight * Precision(points, above), above <= CoarserSurfaces ? Rounds : 1, Iterations(level, above, options), level == 0 ? 1e-4 : 1e-3);
            if (above is > 0 and <= CoarserSurfaces)
                coarser.Insert(0, next.Surface(points));
            solved = next;
        }
        var firstNode = points.Origin + new Vector3d(0.5, 0.5, 0.5) * points.CellSize;
        return new ImplicitSurface(solved!.Grid, solved.Evaluate(), (float)solved.MeanAtSamples(), firstNode, points.CellSize) { Coarser = coarser };
    }

    /// <summary>Iterations a round. The far field comes from the coarsest level alone, so that one is solved to the end; the ones between cost little.</summary>
    private static int Iterations(int level, int above, ScreenedPoissonOptions options) =>
        level == 0 ? 200 : above > 0 ? 2 * options.Iterations : options.Iterations;

    /// <summary>
    /// How precise the points are for the cells that they lie in: 1 where a standard deviation is an eighth of a finest cell, or unknown.
    /// The screening is a sum of squared distances in cells, each of which counts by its inverse variance. From level to coarser level
    /// that grows by two and not by four: the errors of points in one cell are alike, the more so the larger the cell.
    /// </summary>
    private static double Precision(OrientedPoints points, int above)
    {
        if (points.TypicalSigma == 0)
            return 1;
        var relative = points.CellSize / (8 * points.TypicalSigma);
        return Math.Clamp(relative * relative * (1 << above), 0.25, 4);
    }

    /// <summary>The bricks around the samples of each level, and those that they are prolonged from; all of the coarsest.</summary>
    private static BrickMask[] NearSamples(LevelSamples[] samples, int[] cells)
    {
        var masks = new BrickMask[samples.Length];
        for (var level = samples.Length - 1; level >= 0; level--)
        {
            var bricksPerAxis = (OrientedPoints.CoarsestNodes << level) / BrickGrid.Size;
            // Prolongation looks further around the finest box than any of the coarser levels' bands.
            var box = level == 0 ? BrickBox.Whole(bricksPerAxis)
                : level < samples.Length - 1 ? masks[level + 1].Box.Parents(bricksPerAxis)
                : BrickBox.Around(samples[level].Codes, Math.Max(Band, cells[level]) + BrickGrid.Size, bricksPerAxis);
            masks[level] = new BrickMask(box);
            if (level == 0)
            {
                masks[level].AddAll();
                continue;
            }
            masks[level].AddCells(samples[level].Codes, Band);
            if (level < samples.Length - 1)
                masks[level].AddParents(masks[level + 1]);
        }
        return masks;
    }

    /// <summary>Adds the bricks in reach of the samples that the surface of the next coarser level passes.</summary>
    private static void AddSheet(BrickMask mask, PoissonLevel coarser, LevelSamples samples, int reach, bool isFinest)
    {
        var inReach = new BrickMask(mask.Box);
        inReach.AddCells(samples.Codes, reach);
        coarser.ForEachCrossedChild((x, y, z) =>
        {
            if (!inReach.Contains(x, y, z))
                return;
            // The next finer level is prolonged from the bricks around, too.
            var around = isFinest ? 0 : 1;
            for (var dz = -around; dz <= around; dz++)
                for (var dy = -around; dy <= around; dy++)
                    for (var dx = -around; dx <= around; dx++)
                        mask.Add(x + dx, y + dy, z + dz);
        });
    }
}
