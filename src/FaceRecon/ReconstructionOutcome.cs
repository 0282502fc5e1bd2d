namespace FaceRecon;

/// <summary>What became of a capture.</summary>
public enum ReconstructionStatus
{
    /// <summary>Reconstructed, and written where a folder was given.</summary>
    Completed,
    /// <summary>Left alone: the same result is there already.</summary>
    Skipped,
    /// <summary>Not reconstructed; the reason tells why.</summary>
    Failed,
}

/// <summary>What became of one capture of several: its result, or why there is none.</summary>
/// <param name="Capture">The capture, as it was given.</param>
/// <param name="OutputFolder">Where its files are; null where nothing was to be written.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Reason">One sentence on why it failed or was skipped; empty for a completed one.</param>
public sealed record ReconstructionOutcome(string Capture, string? OutputFolder, ReconstructionStatus Status, string Reason = "")
{
    /// <summary>What was wrong; null where nothing was.</summary>
    public Exception? Error { get; init; }
    /// <summary>How far to trust it; null of a capture that failed or was skipped.</summary>
    public ReconstructionReport? Report { get; init; }
    /// <summary>What was written, full paths; empty where nothing was.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
    /// <summary>The merged face; null where it was not kept, so that a long list of outcomes stays small.</summary>
    public FaceCloud? Face { get; init; }
    /// <summary>Its surface, world, metres; null where it was not kept.</summary>
    public TriangleMesh? Mesh { get; init; }
    /// <summary>How long it took, seconds.</summary>
    public double Seconds { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Reason.Length > 0 ? $"{Capture}: {Status}, {Reason}" : $"{Capture}: {Status}";
}
