namespace FaceRecon;

/// <summary>Which differences of a keypoint between frames are minimised.</summary>
public enum KeypointPairing
{
    /// <summary>Between frames that follow each other.</summary>
    Adjacent,
    /// <summary>Between all frames within a window of eight.</summary>
    Window,
    /// <summary>Between any two frames.</summary>
    All,
}

/// <summary>How poses and depth are optimised together. Lengths in metres.</summary>
public sealed record OptimizeOptions
{
    /// <summary>
    /// Weight of the differences between semantic keypoints (the second difference). Less than one, because where a model sees
    /// a landmark depends on the view, and is off alike in neighbouring frames.
    /// </summary>
    public double SemanticWeight { get; init; } = 0.5;

    /// <summary>
    /// Weight of the differences between structural keypoints (the first difference). Less than one, because a place is seen
    /// in tens of frames and what is wrong with its look is wrong alike in neighbouring ones; and less than the semantic weight,
    /// because a name cannot be mistaken.
    /// </summary>
    public double StructuralWeight { get; init; } = 0.3;

    /// <summary>
    /// Weight of the differences between the surfaces of overlapping frames; 0 leaves the loss of keypoints alone. The pixels
    /// of a frame share its smooth error, so thousands of them tell as much as some hundred independent ones would.
    /// </summary>
    public double DenseWeight { get; init; } = 0.3;

    /// <summary>Which differences of keypoints are minimised.</summary>
    public KeypointPairing Pairing { get; init; } = KeypointPairing.All;

    /// <summary>What is believed of the sensor beforehand.</summary>
    public DepthPrior Prior { get; init; } = new();

    /// <summary>Whether depth is corrected; off, only poses are.</summary>
    public bool CorrectDepth { get; init; } = true;

    /// <summary>
    /// Whether the focal length is found too, before everything else. It comes out within about 1 %, which helps a camera that
    /// states a wrong one and harms one that is calibrated.
    /// </summary>
    public bool RefineIntrinsics { get; init; }

    /// <summary>Spans of the shared spline along the longer side of the image; the shorter side has spans of the same size.</summary>
    public int SharedSpans { get; init; } = 8;

    /// <summary>Spans along the longer side of the head of a spline for every frame alone, the shorter side has spans of the same size; 0 for none.</summary>
    public int OwnSpans { get; init; } = 3;

    /// <summary>Pieces of surface that the dense term compares.</summary>
    public int Patches { get; init; } = 2500;

    /// <summary>Places whose look is followed through all frames.</summary>
    public int MaximumTracks { get; init; } = 720;

    /// <summary>Rounds in which partners are found anew; splines of single frames join in the last one.</summary>
    public int Rounds { get; init; } = 2;

    /// <summary>Most steps of Levenberg-Marquardt in a round.</summary>
    public int Iterations { get; init; } = 8;

    /// <summary>Relative decrease of the loss below which a round is done.</summary>
    public double Convergence { get; init; } = 1e-4;

    /// <summary>Residuals of this many standard deviations are believed half (Cauchy's kernel).</summary>
    public double RobustWidth { get; init; } = 3;

    /// <summary>Largest distance of a pixel from the merged surface at which it is compared with it.</summary>
    public double Gate { get; init; } = 0.006;

    /// <summary>Standard deviation of the depth error that is left after correction over a few pixels: what the dense term takes for noise.</summary>
    public double RemainingDetail { get; init; } = 0.0005;

    /// <summary>Standard deviation of the depth error that is left after correction over a whole frame: what keypoints take for noise along their rays.</summary>
    public double RemainingDepth { get; init; } = 0.003;

    /// <summary>Standard deviation of the part of it that all frames share where they show the same place: it does not average out.</summary>
    public double RemainingCommonDepth { get; init; }

    /// <summary>Edge of a voxel of the merged result.</summary>
    public double VoxelSize { get; init; } = 0.001;

    /// <summary>Distance from the surface within which measurements are averaged. Less than in merging: the frames agree better, and near edges and thin parts less is wrong.</summary>
    public double Truncation { get; init; } = 0.004;

    /// <summary>Threads to use; 0 for all cores. The result does not depend on it.</summary>
    public int MaxThreads { get; init; }

    /// <summary>For measurements: what is done to the places that were followed before they are compared.</summary>
    internal Func<List<TrackView[]>, List<TrackView[]>>? DisturbTracks { get; init; }

    /// <summary>Refuses values that make no sense.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.InvalidOption"/>.</exception>
    internal void Validate()
    {
        Require(SemanticWeight >= 0 && StructuralWeight >= 0 && DenseWeight >= 0, "Weights must not be negative.");
        Require(SemanticWeight + StructuralWeight + DenseWeight > 0, "Of the semantic, structural and dense weights at least one must be more than 0.");
        Require(VoxelSize is >= 0.0002 and <= 0.05 && Truncation is >= 0.0005 and <= 0.1, FormattableString.Invariant($"VoxelSize is {VoxelSize} and Truncation {Truncation}; they must be 0.0002 to 0.05 and 0.0005 to 0.1 m."));
        Require(Prior is { Offset: > 0, Scale: > 0, Shared: > 0, Own: > 0, Mode: > 0, MeanScale: > 0, Focal: > 0 }, "The standard deviations of the prior must be more than 0.");
        Require(SharedSpans is >= 1 and <= 24, $"SharedSpans is {SharedSpans}; it must be 1 to 24.");
        Require(OwnSpans is >= 0 and <= 4, $"OwnSpans is {OwnSpans}; it must be 0 to 4.");
        Require(Patches is >= 100 and <= 100_000, $"Patches is {Patches}; it must be 100 to 100000.");
        Require(MaximumTracks is >= 0 and <= 20_000, $"MaximumTracks is {MaximumTracks}; it must be 0 to 20000.");
        Require(Rounds is >= 1 and <= 50 && Iterations is >= 1 and <= 200, "Rounds must be 1 to 50 and Iterations 1 to 200.");
        Require(RobustWidth > 0 && Gate > 0 && RemainingDetail > 0 && RemainingDepth > 0 && RemainingCommonDepth >= 0 && Convergence >= 0, "RobustWidth, Gate, RemainingDetail and RemainingDepth must be more than 0.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new FaceReconException(ErrorId.InvalidOption, message);
    }
}
