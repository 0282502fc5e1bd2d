namespace FaceRecon;

/// <summary>Everything that can be set of a whole reconstruction: the options of its stages.</summary>
public sealed record ReconstructionOptions
{
    /// <summary>Which frames are used.</summary>
    public FrameSelection Frames { get; init; } = new();
    /// <summary>How a frame becomes a cloud.</summary>
    public PointCloudOptions Cloud { get; init; } = new();
    /// <summary>How keypoints are found; null for none, with which a lost frame is found by its shape alone, and no blink or word is noticed.</summary>
    public FaceKeypointOptions? Keypoints { get; init; } = new();
    /// <summary>How frames are merged.</summary>
    public MergeOptions Merge { get; init; } = new();
    /// <summary>How poses and depth are optimised together; null for not at all, with which the merged cloud is the result.</summary>
    public OptimizeOptions? Optimize { get; init; } = new();
    /// <summary>What is written and how; with its surface options.</summary>
    public ExportOptions Export { get; init; } = new();
    /// <summary>Threads to use; 0 for all cores. The result does not depend on it.</summary>
    public int MaxThreads { get; init; }
}

/// <summary>How far a reconstruction has come.</summary>
/// <param name="Stage">What is being done, for a person to read.</param>
/// <param name="Done">Frames done.</param>
/// <param name="Total">Frames in all.</param>
public readonly record struct ReconstructionProgress(string Stage, int Done, int Total);

/// <summary>A whole reconstruction.</summary>
/// <param name="Face">The merged face.</param>
/// <param name="Mesh">Its surface, world, metres.</param>
/// <param name="Report">How far to trust it.</param>
/// <param name="Files">What was written, full paths; empty where nothing was asked to be.</param>
public sealed record ReconstructionResult(FaceCloud Face, TriangleMesh Mesh, ReconstructionReport Report, IReadOnlyList<string> Files);
