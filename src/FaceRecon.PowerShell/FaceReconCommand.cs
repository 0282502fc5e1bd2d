using System.Management.Automation;
using System.Threading.Channels;

namespace FaceRecon.PowerShell;

/// <summary>
/// What the cmdlets have in common: Ctrl-C cancels whatever the library is doing, and what the library throws
/// for bad input becomes an error record.
/// </summary>
public abstract class FaceReconCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Cancelled by Ctrl-C. Everything that takes time is given it.</summary>
    private protected CancellationToken Cancellation => _stop.Token;

    /// <summary>What the cmdlet does before the first input.</summary>
    private protected virtual void Begin() { }

    /// <summary>What the cmdlet does with each input.</summary>
    private protected virtual void Process() { }

    /// <summary>What the cmdlet does after the last input.</summary>
    private protected virtual void End() { }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Guard(Begin);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Guard(Process);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(End);

    /// <inheritdoc/>
    protected sealed override void StopProcessing() => _stop.Cancel();

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (FaceReconException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>
    /// Does work on another thread, so that this one, the only one that may write to the pipeline, can pass on its
    /// reports and keep the progress bar alive. Returns, or throws, when the work has ended and nothing of it runs on.
    /// </summary>
    private protected TResult Offload<TReport, TResult>(
        StageProgress progress, Func<IProgress<TReport>, CancellationToken, TResult> work, Action<TReport> onReport)
    {
        // Linked, so that a handler that throws (the pipeline was stopped while it wrote) ends the work too.
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var reports = Channel.CreateUnbounded<TReport>();
        var task = Task.Run(() =>
        {
            try
            {
                return work(new Mailbox<TReport>(reports.Writer), abandon.Token);
            }
            finally
            {
                reports.Writer.Complete();
            }
        }, CancellationToken.None);
        try
        {
            while (!reports.Reader.Completion.IsCompleted)
            {
                while (reports.Reader.TryRead(out var report))
                    onReport(report);
                progress.Refresh();
                Task.WaitAny([task, reports.Reader.WaitToReadAsync(CancellationToken.None).AsTask()], StageProgress.Interval);
            }
        }
        finally
        {
            abandon.Cancel();
            Task.WaitAny([task], CancellationToken.None);
        }
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Does work that reports nothing.</summary>
    private protected TResult Offload<TResult>(StageProgress progress, Func<CancellationToken, TResult> work) =>
        Offload<int, TResult>(progress, (_, cancellation) => work(cancellation), _ => { });

    /// <summary>Frees what the cmdlet holds; PowerShell calls it however the pipeline ends.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the cmdlet holds.</summary>
    /// <param name="disposing">Always true: there is no finaliser.</param>
    protected virtual void Dispose(bool disposing) => _stop.Dispose();

    private sealed class Mailbox<T>(ChannelWriter<T> writer) : IProgress<T>
    {
        public void Report(T value) => writer.TryWrite(value);
    }
}
