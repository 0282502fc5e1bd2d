namespace FaceRecon;

/// <summary>
/// A parallel loop over blocks whose bounds depend on the count alone, never on the number of
/// threads: a body that writes only what belongs to its block, and sums that are kept by block and
/// added in order, give the same bits on one thread and on many.
/// </summary>
internal readonly struct PartitionedLoop
{
    private readonly ParallelOptions _options;

    /// <param name="maximumThreads">Most threads at a time; 0 for one a core.</param>
    /// <param name="cancellation">Seen before every block.</param>
    public PartitionedLoop(int maximumThreads, CancellationToken cancellation)
    {
        _options = new ParallelOptions
        {
            MaxDegreeOfParallelism = maximumThreads <= 0 ? Environment.ProcessorCount : maximumThreads,
            CancellationToken = cancellation,
        };
    }

    /// <summary>Runs <paramref name="body"/>(start, end) over [0, count) in blocks of <paramref name="blockSize"/>.</summary>
    public void Run(int count, int blockSize, Action<int, int> body)
    {
        var blocks = (count + blockSize - 1) / blockSize;
        if (_options.MaxDegreeOfParallelism == 1 || blocks <= 1)
        {
            for (var block = 0; block < blocks; block++)
            {
                _options.CancellationToken.ThrowIfCancellationRequested();
                body(block * blockSize, Math.Min(count, (block + 1) * blockSize));
            }
            return;
        }
        Parallel.For(0, blocks, _options, block =>
            body(block * blockSize, Math.Min(count, (block + 1) * blockSize)));
    }
}
