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
    public const int Writing = 7302;
    public const int Reconstructing = 7303;
    public const int Optimizing = 7304;
    /// <summary>The first of the captures of a batch; the next has the next number.</summary>
    public const int FirstCapture = 7310;
    private const int NoParent = -1;

    /// <summary>Time between two movements of the bar.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private TimeSpan _next = Patience;
    private bool _shown;
    private string _status = "Starting";
    private int _done, _total;

    /// <summary>
    /// Tells what is being done, and <paramref name="done"/> of <paramref name="total"/> steps; a total of 0 where it
    /// is not known.
    /// </summary>
    public void Report(string status, int done = 0, int total = 0)
    {
        (_status, _done, _total) = (status, done, total);
        Refresh();
    }

    /// <summary>Moves the bar, when it is time to.</summary>
    public void Refresh()
    {
        var elapsed = _elapsed.Elapsed;
        if (elapsed < _next)
            return;
        _next = elapsed + Interval;
        _shown = true;
        var record = new ProgressRecord(id, activity, _status) { ParentActivityId = parentId };
        if (_total > 0)
        {
            record.PercentComplete = (int)Math.Min(100, 100L * _done / _total);
            if (_done > 0)
                record.SecondsRemaining = (int)(elapsed.TotalSeconds / _done * (_total - _done));
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
