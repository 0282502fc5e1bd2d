using System.Diagnostics;
using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// The progress bar of one stage. It appears when the stage has taken a second, moves a few times a second, and
/// tells the time that is left from the pace so far.
/// </summary>
internal sealed class StageProgress(Cmdlet cmdlet, int id, string activity, int parentId = StageProgress.NoParent)
{
    // Ids are the process's, and other modules count from 0.
    public const int Reading = 7300;
    public const int Merging = 7301;
    public const int Exporting = 7302;
    public const int Reconstructing = 7303;
    public const int Stage = 7304;
    public const int NoParent = -1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private TimeSpan _next = Patience;
    private bool _shown;

    /// <summary>Work of unknown length.</summary>
    public void Report(string status) => Report(status, 0, 0);

    /// <summary><paramref name="done"/> of <paramref name="total"/> steps; a total of 0 where it is not known.</summary>
    public void Report(string status, int done, int total)
    {
        var elapsed = _elapsed.Elapsed;
        if (elapsed < _next)
            return;
        _next = elapsed + Interval;
        _shown = true;
        var record = new ProgressRecord(id, activity, status) { ParentActivityId = parentId };
        if (total > 0)
        {
            record.PercentComplete = (int)Math.Min(100, 100L * done / total);
            if (done > 0)
                record.SecondsRemaining = (int)(elapsed.TotalSeconds / done * (total - done));
        }
        cmdlet.WriteProgress(record);
    }

    /// <summary>Takes the bar away.</summary>
    public void Complete()
    {
        if (_shown)
            cmdlet.WriteProgress(new ProgressRecord(id, activity, "Done") { ParentActivityId = parentId, RecordType = ProgressRecordType.Completed });
    }
}
