namespace FaceRecon;

/// <summary>How screened Poisson reconstruction (Kazhdan and Hoppe 2013) is discretised and weighted.</summary>
public sealed record ScreenedPoissonOptions
{
    // Points of a merged cloud are as precise as this where some twenty frames saw them, or ten whose depth is corrected, metres.
    private const double PreciseSigma = 0.0003;

    /// <summary>
    /// Depth of the octree that the finest grid would be: its cells are 1.1 times the longest side of
    /// the points' bounding box, over 2^Depth. 0 (the default) takes the cell from
    /// <see cref="CellSize"/>, or from the point spacing.
    /// </summary>
    public int Depth { get; init; }

    /// <summary>
    /// Edge of the finest cells, metres; 0 (the default) for cells whose faces hold <see cref="SamplesPerNode"/>
    /// points. Never finer than a thousandth of the points' bounding box. Depth, when given, wins.
    /// </summary>
    public double CellSize { get; init; }

    /// <summary>
    /// How strongly the surface is pulled to the points themselves, against agreeing with their
    /// normals: the paper's alpha, for points whose standard deviation is an eighth of a finest cell. It counts up to
    /// four times as much where they are more precise, and down to a quarter where less.
    /// 0 is plain Poisson; smaller is smoother, larger nearer to the points.
    /// </summary>
    public double PointWeight { get; init; } = 3;

    /// <summary>
    /// Points that a cell's face must hold for the normals to be used at that cell's scale; where the
    /// sampling is thinner they are spread over larger cells. The paper's samples per node. It is that of points whose standard
    /// deviation is typically 0.3 mm at most; of noisier ones a cell must hold more, by their variance, so that the mean of those in it is no noisier.
    /// </summary>
    public double SamplesPerNode { get; init; } = 1.5;

    /// <summary>Conjugate gradient iterations on the finest level, three times; twice as many on each coarser one, and the coarsest is solved to convergence.</summary>
    public int Iterations { get; init; } = 3;

    /// <summary>Points of a typical standard deviation, metres, that a cell's face must hold.</summary>
    internal double SamplesFor(double sigma) => SamplesPerNode * Math.Max(1, sigma * sigma / (PreciseSigma * PreciseSigma));
}

/// <summary>How a surface is made from oriented points.</summary>
public sealed record SurfaceOptions
{
    /// <summary>How the surface is made.</summary>
    public SurfaceMethod Method { get; init; }

    /// <summary>Screened Poisson reconstruction proper.</summary>
    public ScreenedPoissonOptions Poisson { get; init; } = new();

    /// <summary>Gaps in the data up to this width are closed, and the vertices that close them marked, metres; wider ones stay open.</summary>
    public double MaximumHole { get; init; } = 0.015;

    /// <summary>Strips of surface narrower than this are cut off: spurs, and bridges between flying pixels; metres.</summary>
    public double MinimumStrip { get; init; } = 0.012;

    /// <summary>Points that lie less densely than this share of the typical density do not support the surface; 0 for all to do so.</summary>
    public double MinimumDensity { get; init; } = 0.1;

    /// <summary>Pieces smaller than this across that are separate, or hang on others by too narrow a strip, are dropped; metres.</summary>
    public double MinimumIsland { get; init; } = 0.03;

    /// <summary>Triangles of the mesh at most: what is more is taken away where the surface is flattest; 0 for all.</summary>
    public int TriangleCount { get; init; }

    /// <summary>Most threads to use; 0 for one a core. The result is the same, byte by byte, for any number.</summary>
    public int MaxThreads { get; init; }

    /// <summary>Refuses values that make no sense.</summary>
    /// <exception cref="FaceReconException">InvalidOption.</exception>
    internal void Check()
    {
        if (!Enum.IsDefined(Method))
            throw new FaceReconException(ErrorId.InvalidOption, $"Method is {(int)Method}; it must be one of {string.Join(", ", Enum.GetNames<SurfaceMethod>())}.");
        Require(Poisson.Depth is 0 or (>= 4 and <= 10), "Depth", Poisson.Depth, "0 (automatic) or 4 to 10");
        Require(Poisson.CellSize is 0 or (>= 1e-5 and <= 0.1), "CellSize", Poisson.CellSize, "0 (automatic) or 0.00001 to 0.1 m");
        Require(Poisson.PointWeight is >= 0 and <= 1000, "PointWeight", Poisson.PointWeight, "0 to 1000");
        Require(Poisson.SamplesPerNode is > 0 and <= 1000, "SamplesPerNode", Poisson.SamplesPerNode, "more than 0, to 1000");
        Require(Poisson.Iterations is >= 1 and <= 1000, "Iterations", Poisson.Iterations, "1 to 1000");
        Require(TriangleCount is 0 or >= 100, "TriangleCount", TriangleCount, "0 (all) or at least 100");
        Require(MaximumHole is >= 0 and <= 1, "MaximumHole", MaximumHole, "0 to 1 m");
        Require(MinimumStrip is >= 0 and <= 1, "MinimumStrip", MinimumStrip, "0 to 1 m");
        Require(MinimumDensity is >= 0 and < 1, "MinimumDensity", MinimumDensity, "0 to less than 1");
        Require(MinimumIsland is >= 0 and <= 1, "MinimumIsland", MinimumIsland, "0 to 1 m");

        static void Require(bool holds, string name, double value, string range)
        {
            if (!holds)
                throw new FaceReconException(ErrorId.InvalidOption, FormattableString.Invariant($"{name} is {value}; it must be {range}."));
        }
    }
}
