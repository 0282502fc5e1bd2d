namespace FaceRecon;

/// <summary>
/// The usable points of a cloud, placed in the grid of the finest level and sorted in octree order.
/// The grid is nested: level l halves the cells of level l-1, and node (0,0,0) of all levels is the same point.
/// </summary>
internal sealed class OrientedPoints
{
    /// <summary>Nodes along an edge of the coarsest grid.</summary>
    public const int CoarsestNodes = 32;
    /// <summary>Levels below the coarsest at most: bounds the memory that hostile options or points can ask for.</summary>
    private const int MaximumLevels = 6;
    /// <summary>Fewer points than this make no surface.</summary>
    private const int MinimumPoints = 50;

    private OrientedPoints(PointCloud cloud, float typicalSigma, Vector3d origin, double cellSize, int finestLevel)
    {
        Cloud = cloud;
        TypicalSigma = typicalSigma;
        Origin = origin;
        CellSize = cellSize;
        FinestLevel = finestLevel;
    }

    /// <summary>The cloud that the points are of.</summary>
    public PointCloud Cloud { get; }
    /// <summary>The median of the standard deviations that the points have, metres; 0 where none has one.</summary>
    public float TypicalSigma { get; }
    /// <summary>Node (0,0,0), metres.</summary>
    public Vector3d Origin { get; }
    /// <summary>Edge of the finest cells, metres.</summary>
    public double CellSize { get; }
    /// <summary>Number of the finest level; the coarsest is 0.</summary>
    public int FinestLevel { get; }
    /// <summary>Morton codes of the half cells that hold the points, ascending.</summary>
    public ulong[] Codes { get; private set; } = [];
    /// <summary>Entry of each point in the cloud.</summary>
    public int[] Source { get; private set; } = [];
    /// <summary>x of each point in cells of the finest level.</summary>
    public float[] X { get; private set; } = [];
    /// <summary>y of each point in cells of the finest level.</summary>
    public float[] Y { get; private set; } = [];
    /// <summary>z of each point in cells of the finest level.</summary>
    public float[] Z { get; private set; } = [];
    /// <summary>Number of points.</summary>
    public int Count => Source.Length;

    /// <summary>Chooses the cell, discards points that are not finite, have no normal or lie far from all others, and sorts the rest.</summary>
    /// <exception cref="FaceReconException">SurfaceFailed: too few usable points, or all in one place.</exception>
    public static OrientedPoints Arrange(PointCloud cloud, ScreenedPoissonOptions options)
    {
        var usable = Usable(cloud);
        RequireEnough(usable);
        var (low, high) = RobustBounds(cloud, usable);
        usable.RemoveAll(i => !Inside(cloud.X[i], low.X, high.X) || !Inside(cloud.Y[i], low.Y, high.Y) || !Inside(cloud.Z[i], low.Z, high.Z));
        if (usable.Count < MinimumPoints)
            throw Failed($"only {usable.Count} of the cloud's points lie together");
        (low, high) = Bounds(cloud, usable);
        var side = Math.Max(high.X - low.X, Math.Max(high.Y - low.Y, high.Z - low.Z));
        if (!(side > 1e-6))
            throw Failed("all points of the cloud lie in one place");

        var sigma = MedianSigma(cloud, usable);
        var cell = options.Depth > 0 ? 1.1 * side / Math.Pow(2, options.Depth)
            : options.CellSize > 0 ? options.CellSize
            : Math.Sqrt(options.SamplesFor(sigma)) * Spacing(cloud, usable, low, side);
        // The grid is at least twice as wide as the points: its far border, where the solution is
        // held at zero, then hardly bends the surface.
        var level = 0;
        while (level < MaximumLevels && CoarsestNodes * cell * (1 << level) < 2 * side)
            level++;
        cell = Math.Max(cell, 2 * side / (CoarsestNodes * (1 << level)));
        var width = cell * (CoarsestNodes * (1 << level) - 1);
        var origin = (low + high) * 0.5 - new Vector3d(width, width, width) * 0.5;
        var points = new OrientedPoints(cloud, sigma, origin, cell, level);
        points.Sort(usable);
        return points;
    }

    /// <summary>Places the points of a cloud in a given grid; those that are not finite, have no normal or lie outside are discarded.</summary>
    /// <param name="cloud">The cloud.</param>
    /// <param name="origin">Corner of cell (0,0,0), metres.</param>
    /// <param name="cellSize">Edge of the cells, metres.</param>
    /// <param name="cells">Cells along each axis.</param>
    /// <exception cref="FaceReconException">SurfaceFailed: too few usable points.</exception>
    public static OrientedPoints ArrangeIn(PointCloud cloud, Vector3d origin, double cellSize, int cells)
    {
        var usable = Usable(cloud);
        var high = origin + new Vector3d(1, 1, 1) * (cells * cellSize);
        usable.RemoveAll(i => !Inside(cloud.X[i], origin.X, high.X) || !Inside(cloud.Y[i], origin.Y, high.Y) || !Inside(cloud.Z[i], origin.Z, high.Z));
        RequireEnough(usable);
        var level = 0;
        while (CoarsestNodes << level < cells)
            level++;
        var points = new OrientedPoints(cloud, MedianSigma(cloud, usable), origin, cellSize, level);
        points.Sort(usable);
        return points;
    }

    private static void RequireEnough(List<int> usable)
    {
        if (usable.Count < MinimumPoints)
            throw Failed($"the cloud has {usable.Count} points with finite position and normal, and {MinimumPoints} are needed");
    }

    /// <summary>Whether a cloud's standard deviation is one.</summary>
    public static bool IsKnown(float sigma) => sigma > 0 && float.IsFinite(sigma);

    private static float MedianSigma(PointCloud cloud, List<int> usable)
    {
        var known = new List<float>(usable.Count);
        foreach (var i in usable)
        {
            if (IsKnown(cloud.Sigma[i]))
                known.Add(cloud.Sigma[i]);
        }
        known.Sort();
        return known.Count == 0 ? 0 : known[known.Count / 2];
    }

    private void Sort(List<int> usable)
    {
        var codes = new ulong[usable.Count];
        var scale = 2 / CellSize;
        for (var i = 0; i < codes.Length; i++)
        {
            var p = usable[i];
            codes[i] = MortonCode.Encode(
                (int)((Cloud.X[p] - Origin.X) * scale), (int)((Cloud.Y[p] - Origin.Y) * scale), (int)((Cloud.Z[p] - Origin.Z) * scale));
        }
        var order = MortonCode.Sort(ref codes);
        Codes = codes;
        Source = order;
        X = new float[codes.Length];
        Y = new float[codes.Length];
        Z = new float[codes.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            var p = Source[i] = usable[order[i]];
            X[i] = (float)((Cloud.X[p] - Origin.X) / CellSize);
            Y[i] = (float)((Cloud.Y[p] - Origin.Y) / CellSize);
            Z[i] = (float)((Cloud.Z[p] - Origin.Z) / CellSize);
        }
    }

    private static List<int> Usable(PointCloud cloud)
    {
        var usable = new List<int>(cloud.Count);
        for (var i = 0; i < cloud.Count; i++)
        {
            var squaredNormal = cloud.NormalX[i] * cloud.NormalX[i] + cloud.NormalY[i] * cloud.NormalY[i] + cloud.NormalZ[i] * cloud.NormalZ[i];
            if (float.IsFinite(cloud.X[i]) && float.IsFinite(cloud.Y[i]) && float.IsFinite(cloud.Z[i]) &&
                float.IsFinite(squaredNormal) && squaredNormal > 1e-12f)
                usable.Add(i);
        }
        return usable;
    }

    /// <summary>The box that holds 99 % of the points, grown by its own size: what lies outside is no part of the shape.</summary>
    private static (Vector3d Low, Vector3d High) RobustBounds(PointCloud cloud, List<int> usable)
    {
        var step = Math.Max(1, usable.Count / 4096);
        var (x0, x1) = Range(cloud.X);
        var (y0, y1) = Range(cloud.Y);
        var (z0, z1) = Range(cloud.Z);
        var grow = Math.Max(x1 - x0, Math.Max(y1 - y0, z1 - z0));
        return (new Vector3d(x0 - grow, y0 - grow, z0 - grow), new Vector3d(x1 + grow, y1 + grow, z1 + grow));

        (double, double) Range(float[] coordinate)
        {
            var sorted = new float[(usable.Count + step - 1) / step];
            for (var i = 0; i < sorted.Length; i++)
                sorted[i] = coordinate[usable[i * step]];
            Array.Sort(sorted);
            return (sorted[sorted.Length / 200], sorted[sorted.Length - 1 - sorted.Length / 200]);
        }
    }

    private static (Vector3d Low, Vector3d High) Bounds(PointCloud cloud, List<int> usable)
    {
        var (x0, y0, z0) = (double.MaxValue, double.MaxValue, double.MaxValue);
        var (x1, y1, z1) = (double.MinValue, double.MinValue, double.MinValue);
        foreach (var i in usable)
        {
            (x0, x1) = (Math.Min(x0, cloud.X[i]), Math.Max(x1, cloud.X[i]));
            (y0, y1) = (Math.Min(y0, cloud.Y[i]), Math.Max(y1, cloud.Y[i]));
            (z0, z1) = (Math.Min(z0, cloud.Z[i]), Math.Max(z1, cloud.Z[i]));
        }
        return (new Vector3d(x0, y0, z0), new Vector3d(x1, y1, z1));
    }

    /// <summary>
    /// Mean distance of neighbouring points, metres: the square root of the area a point, the area
    /// being that of the occupied cells of a grid coarse enough that each holds several points.
    /// A plane meets 1.5 cells per cell's face on average over its directions.
    /// </summary>
    private static double Spacing(PointCloud cloud, List<int> usable, Vector3d low, double side)
    {
        for (var resolution = 128; ; resolution /= 2)
        {
            var occupied = new bool[resolution * resolution * resolution];
            var count = 0;
            var scale = resolution / side * 0.9999;
            foreach (var i in usable)
            {
                var cell = ((int)((cloud.Z[i] - low.Z) * scale) * resolution + (int)((cloud.Y[i] - low.Y) * scale)) * resolution
                    + (int)((cloud.X[i] - low.X) * scale);
                if (!occupied[cell])
                {
                    occupied[cell] = true;
                    count++;
                }
            }
            if (usable.Count >= 6 * count || resolution <= 8)
                return side / resolution * Math.Sqrt(count / 1.5 / usable.Count);
        }
    }

    private static bool Inside(double value, double low, double high) => value >= low && value <= high;

    private static FaceReconException Failed(string reason) =>
        new(ErrorId.SurfaceFailed, $"No surface can be made: {reason}; capture more of the face, or loosen the filters before this stage.");
}
