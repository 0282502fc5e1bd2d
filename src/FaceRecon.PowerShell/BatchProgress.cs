namespace FaceRecon.PowerShell;

/// <summary>The progress of several reconstructions: a bar for all, and below it one for each that runs.</summary>
internal sealed class BatchProgress(FaceReconCommand cmdlet, ReconstructionBatch batch)
{
    private readonly StageProgress _all = new(cmdlet, StageProgress.Reconstructing, "Reconstructing");
    private readonly Dictionary<RunningReconstruction, StageProgress> _each = [];
    private int _ended, _failed;

    /// <summary>Moves the bars; counts an outcome, where there is one.</summary>
    public void Refresh(ReconstructionOutcome? outcome)
    {
        if (outcome is not null)
            _ended++;
        if (outcome?.Status == ReconstructionStatus.Failed)
            _failed++;
        _all.Report($"{_ended} captures done, {_failed} of them failed, {batch.Running.Count} running");
        foreach (var (run, bar) in _each.Where(pair => !batch.Running.Contains(pair.Key)).ToList())
        {
            bar.Complete();
            _each.Remove(run);
        }
        foreach (var run in batch.Running)
        {
            if (!_each.TryGetValue(run, out var bar))
                _each[run] = bar = new StageProgress(cmdlet, StageProgress.FirstCapture + run.Slot, $"Reconstructing {run.Capture}", StageProgress.Reconstructing);
            var (stage, done, total) = run.Progress;
            // What comes after the last frame is not counted in frames.
            if (done < total)
                bar.Report($"{stage}: {done} of {total}", done, total);
            else
                bar.Report(stage);
        }
    }

    /// <summary>Takes the bars away.</summary>
    public void Complete()
    {
        foreach (var bar in _each.Values)
            bar.Complete();
        _all.Complete();
    }
}
