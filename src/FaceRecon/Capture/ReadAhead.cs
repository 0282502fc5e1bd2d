namespace FaceRecon;

/// <summary>Work done ahead of its consumer on other threads, handed out in order.</summary>
internal static class ReadAhead
{
    /// <summary>
    /// The results for <paramref name="items"/>, in their order, however long each takes. No more than <paramref name="threads"/>
    /// are computed or waiting at a time, so memory does not grow with the number of items. When the consumer stops early or
    /// cancels, those under way are told to stop and waited for.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static IEnumerable<T> InOrder<T>(IEnumerable<int> items, int threads, Func<int, CancellationToken, T> compute, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var remaining = items.GetEnumerator();
        var underWay = new Queue<Task<T>>(threads);
        void StartNext()
        {
            if (!remaining.MoveNext())
                return;
            var item = remaining.Current;
            underWay.Enqueue(Task.Run(() => compute(item, stop.Token), stop.Token));
        }
        try
        {
            for (var i = 0; i < threads; i++)
                StartNext();
            while (underWay.Count > 0)
            {
                var result = underWay.Peek().WaitAsync(cancellation).GetAwaiter().GetResult();
                underWay.Dequeue();
                // Only now, so that the consumer's work runs beside it and not beside one more.
                StartNext();
                yield return result;
                cancellation.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            stop.Cancel();
            // Their errors are nobody's any more.
            Task.WhenAll(underWay)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .Wait(CancellationToken.None);
        }
    }
}
