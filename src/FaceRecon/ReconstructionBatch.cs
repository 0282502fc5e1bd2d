using System.Diagnostics;

namespace FaceRecon;

/// <summary>
/// Reconstructs many captures, at most so many at a time. One that fails is an outcome like any other and stops none of the rest;
/// cancellation stops those that run, of which nothing is left, and leaves those whole that are done. For one thread to feed and empty.
/// </summary>
public sealed class ReconstructionBatch : IDisposable
{
    private readonly ReconstructionBatchOptions _options;
    private readonly CancellationTokenSource _stop;
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<Task<ReconstructionOutcome>, RunningReconstruction> _running = [];

    /// <summary>An empty batch.</summary>
    /// <param name="options">How many at a time, and what is done about what is there already; null for the defaults.</param>
    /// <param name="cancellation">Stops everything that runs.</param>
    /// <exception cref="FaceReconException"><see cref="ErrorId.InvalidOption"/>: fewer than one at a time.</exception>
    public ReconstructionBatch(ReconstructionBatchOptions? options = null, CancellationToken cancellation = default)
    {
        _options = options ?? new ReconstructionBatchOptions();
        if (_options.ThrottleLimit < 1)
            throw new FaceReconException(ErrorId.InvalidOption, $"{_options.ThrottleLimit} captures at a time is none; give 1 or more.");
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    }

    /// <summary>Whether as many run as may; the next one can be started when one of them has ended.</summary>
    public bool IsFull => _running.Count >= _options.ThrottleLimit;

    /// <summary>What runs, and how far it is.</summary>
    public IReadOnlyCollection<RunningReconstruction> Running => _running.Values;

    /// <summary>Starts a capture on a thread of its own.</summary>
    /// <param name="capture">A capture in any layout that is read.</param>
    /// <param name="outputFolder">Where to write; null to write nothing.</param>
    /// <param name="options">Options of the stages. Where they leave the number of threads open, the captures that may run at a time share the cores.</param>
    /// <exception cref="InvalidOperationException">The batch is full.</exception>
    public void Start(string capture, string? outputFolder, ReconstructionOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(capture);
        ArgumentNullException.ThrowIfNull(options);
        if (IsFull)
            throw new InvalidOperationException("The batch is full; wait for one that runs.");
        var folder = outputFolder is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputFolder));
        var isTaken = folder is not null && !_folders.Add(folder);
        if (options.MaxThreads == 0 && _options.ThrottleLimit > 1)
            options = options with { MaxThreads = Math.Max(1, Environment.ProcessorCount / _options.ThrottleLimit) };
        var slot = Enumerable.Range(0, _options.ThrottleLimit).Except(_running.Values.Select(running => running.Slot)).First();
        var state = new RunningReconstruction(capture, slot);
        _running.Add(Task.Run(() => isTaken ? Taken(capture, folder!) : Attempt(capture, folder, options, state), CancellationToken.None), state);
    }

    /// <summary>Waits for one that runs to end.</summary>
    /// <param name="patience">How long to wait at most.</param>
    /// <returns>Its outcome; null where none has ended by then, or none runs.</returns>
    /// <exception cref="OperationCanceledException">The batch was cancelled.</exception>
    public ReconstructionOutcome? WaitForOne(TimeSpan patience)
    {
        if (_running.Count == 0)
            return null;
        var tasks = _running.Keys.ToArray();
        var ended = Task.WaitAny(tasks, patience);
        _stop.Token.ThrowIfCancellationRequested();
        if (ended < 0)
            return null;
        _running.Remove(tasks[ended]);
        return tasks[ended].GetAwaiter().GetResult();
    }

    /// <summary>Stops what runs, and waits until it has stopped.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        Task.WhenAll(_running.Keys).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        _running.Clear();
        _stop.Dispose();
    }

    private ReconstructionOutcome Attempt(string capture, string? folder, ReconstructionOptions options, RunningReconstruction state)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            if (_options.Resume && folder is not null && Directory.Exists(folder) &&
                ReconstructionFingerprint.IsCompleteIn(folder, ReconstructionFingerprint.Of(RgbdVideo.Open(capture), options, _stop.Token)))
                return new ReconstructionOutcome(capture, folder, ReconstructionStatus.Skipped, "The same result is there already.") { Seconds = watch.Elapsed.TotalSeconds };
            var result = FaceReconstruction.Run(capture, folder, options, state, _stop.Token);
            var isKept = _options.KeepResults || folder is null;
            return new ReconstructionOutcome(capture, folder, ReconstructionStatus.Completed)
            {
                Report = result.Report,
                Files = result.Files,
                Face = isKept ? result.Face : null,
                Mesh = isKept ? result.Mesh : null,
                Seconds = watch.Elapsed.TotalSeconds,
            };
        }
        // A defect costs a night's batch no more than the capture that met it.
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Failed(capture, folder, e) with { Seconds = watch.Elapsed.TotalSeconds };
        }
    }

    private static ReconstructionOutcome Taken(string capture, string folder) => Failed(capture, folder, new FaceReconException(ErrorId.InvalidOption,
        $"'{folder}' is the output of another capture already; name a folder for each, as in -OutputFolder {{ \"out/$($_.Name)\" }}.", folder));

    /// <summary>The outcome of a capture that could not be reconstructed.</summary>
    public static ReconstructionOutcome Failed(string capture, string? outputFolder, Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new ReconstructionOutcome(capture, outputFolder, ReconstructionStatus.Failed, error.Message) { Error = error };
    }
}

/// <summary>How many captures are reconstructed.</summary>
public sealed record ReconstructionBatchOptions
{
    /// <summary>Most captures that run at a time. Each takes several hundred megabytes, and one alone keeps two cores busy most of the time.</summary>
    public int ThrottleLimit { get; init; } = 1;

    /// <summary>
    /// Whether a capture is skipped whose result is there already: same contents, same options, same version, all files whole. A
    /// folder that holds anything else fails, or is written over where <see cref="ExportOptions.Force"/> says so.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>Whether outcomes keep face and mesh although they are written; those that are not written always do.</summary>
    public bool KeepResults { get; init; }
}

/// <summary>A capture that is being reconstructed.</summary>
public sealed class RunningReconstruction : IProgress<ReconstructionProgress>
{
    private readonly Lock _gate = new();
    private ReconstructionProgress _progress = new("Starting", 0, 0);

    internal RunningReconstruction(string capture, int slot) => (Capture, Slot) = (capture, slot);

    /// <summary>The capture.</summary>
    public string Capture { get; }
    /// <summary>Which of the places of the batch it has, from 0.</summary>
    public int Slot { get; }

    /// <summary>How far it is.</summary>
    public ReconstructionProgress Progress
    {
        get
        {
            lock (_gate)
                return _progress;
        }
    }

    void IProgress<ReconstructionProgress>.Report(ReconstructionProgress value)
    {
        lock (_gate)
            _progress = value;
    }
}
