using System.Diagnostics;

namespace FaceRecon.Tests;

/// <summary>Some of these are timed: nothing else may run beside them.</summary>
[CollectionDefinition(nameof(FrameStreamTests), DisableParallelization = true)]
public class FrameStreamsAlone;

[Collection(nameof(FrameStreamTests))]
public class FrameStreamTests
{
    [Theory]
    [InlineData(0, null, 1, new[] { 0, 1, 2, 3, 4, 5, 6 })]
    [InlineData(2, null, 1, new[] { 2, 3, 4, 5, 6 })]
    [InlineData(1, 2, 3, new[] { 1, 4 })]
    [InlineData(1, 9, 3, new[] { 1, 4 })]
    [InlineData(6, null, 100, new[] { 6 })]
    [InlineData(0, 1, 1, new[] { 0 })]
    public void Selection_skips_then_takes_each_nth(int skip, int? first, int every, int[] expected)
    {
        using var capture = TinyCapture.CaptureFolder(7);
        foreach (var threads in (int[])[1, 4])
            Assert.Equal(expected, RgbdVideo.Open(capture.Path, new RgbdVideoOptions(threads)).ReadFrames(new FrameSelection(skip, first, every)).Select(f => f.Index));
    }

    [Fact]
    public void A_video_is_read_as_often_as_asked()
    {
        using var capture = TinyCapture.CaptureFolder(3);
        var frames = RgbdVideo.Open(capture.Path).ReadFrames();
        Assert.Equal(3, frames.Count());
        Assert.Equal(3, frames.Count());
    }

    [Fact]
    public void Results_come_in_order_however_long_each_takes()
    {
        var results = ReadAhead.InOrder(Enumerable.Range(0, 40), 4, (i, _) => { Thread.Sleep(i * 7 % 11); return i; }, default);
        Assert.Equal(Enumerable.Range(0, 40), results);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void No_more_is_decoded_ahead_than_there_are_threads(int threads)
    {
        int started = 0, running = 0, mostRunning = 0;
        var taken = 0;
        var counting = new Lock();
        foreach (var _ in ReadAhead.InOrder(Enumerable.Range(0, 30), threads, (i, _) =>
        {
            Interlocked.Increment(ref started);
            var now = Interlocked.Increment(ref running);
            lock (counting)
                mostRunning = Math.Max(mostRunning, now);
            Thread.Sleep(2);
            Interlocked.Decrement(ref running);
            return i;
        }, default))
        {
            taken++;
            Thread.Sleep(5);
            Assert.InRange(Volatile.Read(ref started), taken, taken + threads);
        }
        Assert.Equal(30, started);
        Assert.InRange(mostRunning, 1, threads);
    }

    [Fact]
    public void Decoding_runs_beside_its_consumer()
    {
        // Whoever holds an item sees the next one decoded without asking for it.
        var decoded = Enumerable.Range(0, 10).Select(_ => new ManualResetEventSlim()).ToArray();
        foreach (var i in ReadAhead.InOrder(Enumerable.Range(0, 10), 1, (i, _) => { decoded[i].Set(); return i; }, default))
            Assert.True(i == 9 || decoded[i + 1].Wait(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Breaking_off_stops_the_decoding()
    {
        var started = 0;
        foreach (var i in ReadAhead.InOrder(Enumerable.Range(0, 1000), 2, (i, _) => { Interlocked.Increment(ref started); return i; }, default))
            if (i == 3)
                break;
        var then = started;
        Assert.InRange(then, 4, 6);
        Thread.Sleep(50);
        Assert.Equal(then, started);
    }

    [Fact]
    public void Cancelling_ends_a_wait_within_a_second()
    {
        using var cancellation = new CancellationTokenSource();
        var watch = new Stopwatch();
        // A thread of its own, as Ctrl-C has: the other tests may hold up the pool.
        var user = new Thread(() => { Thread.Sleep(50); watch.Start(); cancellation.Cancel(); });
        user.Start();
        Assert.ThrowsAny<OperationCanceledException>(() => ReadAhead.InOrder(Enumerable.Range(0, 1000), 2, (i, stop) =>
        {
            stop.WaitHandle.WaitOne(10_000);
            stop.ThrowIfCancellationRequested();
            return i;
        }, cancellation.Token).Count());
        Assert.InRange(watch.ElapsedMilliseconds, 0, 1000);
        user.Join();
    }

    [Fact]
    public void Cancelling_ends_a_video_at_once()
    {
        using var capture = TinyCapture.CaptureFolder(4);
        using var cancellation = new CancellationTokenSource();
        var watch = new Stopwatch();
        var seen = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var _ in RgbdVideo.Open(capture.Path).ReadFrames(cancellation: cancellation.Token))
            {
                seen++;
                watch.Start();
                cancellation.Cancel();
            }
        });
        Assert.Equal(1, seen);
        // A second on a machine of its own; this one may be busy.
        Assert.InRange(watch.ElapsedMilliseconds, 0, 3000);
    }

    [Fact]
    public void An_error_that_is_no_bad_frame_reaches_the_consumer()
    {
        Assert.Throws<InvalidTimeZoneException>(() => ReadAhead.InOrder<int>(Enumerable.Range(0, 9), 3, (i, _) =>
            i == 4 ? throw new InvalidTimeZoneException() : i, default).Count());
    }
}
