namespace FaceRecon;

/// <summary>How many threads a parallel loop may use.</summary>
internal static class Threads
{
    /// <summary>Options for a loop over at most <paramref name="threads"/> threads; 0 means all cores.</summary>
    public static ParallelOptions Options(int threads, CancellationToken cancellation) => new()
    {
        MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount,
        CancellationToken = cancellation,
    };
}
