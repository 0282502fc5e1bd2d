namespace FaceRecon;

/// <summary>
/// Something that is made on a thread of its own while others work: the pool's threads are for what is divided among them,
/// and would leave that waiting.
/// </summary>
internal sealed class Background<T>(Func<T> make) : IDisposable
{
    private readonly Task<T> _making = Task.Factory.StartNew(make, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>What was made, waited for; the error that it ended with is thrown here.</summary>
    public T Value => _making.GetAwaiter().GetResult();

    /// <summary>Waits for what is being made and disposes of it. An error that nobody asked for is nobody's.</summary>
    public void Dispose()
    {
        Task.WaitAny(_making);
        if (_making.IsCompletedSuccessfully)
            (_making.Result as IDisposable)?.Dispose();
    }
}
