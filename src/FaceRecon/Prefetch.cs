using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace FaceRecon;

/// <summary>Runs a stage of the pipeline ahead of the next one.</summary>
internal static class Prefetch
{
    /// <summary>
    /// The same items in the same order, produced on another thread, at most <paramref name="ahead"/>
    /// of them before they are asked for. Leaving the enumeration stops the producer.
    /// </summary>
    public static IEnumerable<T> RunAhead<T>(Func<CancellationToken, IEnumerable<T>> produce, int ahead, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var queue = new BlockingCollection<T>(ahead);
        ExceptionDispatchInfo? failure = null;
        var producer = Task.Factory.StartNew(() =>
        {
            try
            {
                foreach (var item in produce(stop.Token))
                    queue.Add(item, stop.Token);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
            finally
            {
                queue.CompleteAdding();
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var item in queue.GetConsumingEnumerable(cancellation))
                yield return item;
            producer.Wait(cancellation);
            failure?.Throw();
        }
        finally
        {
            stop.Cancel();
            producer.Wait(CancellationToken.None);
        }
    }
}
