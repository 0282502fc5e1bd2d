namespace FaceRecon;

/// <summary>A frame on its way through the pipeline: its cloud, or why there is none.</summary>
/// <param name="Cloud">The cloud; null where the frame cannot be read or shows no head.</param>
/// <param name="Error">What was wrong; null where nothing was.</param>
/// <param name="Timestamp">Seconds on the capture's clock; 0 for a frame that cannot be read.</param>
internal readonly record struct FrameCloud(FramePointCloud? Cloud, FaceReconException? Error, double Timestamp);

/// <summary>The first stages of every pipeline: a video's frames, read and made clouds ahead of the stage that takes them.</summary>
internal static class FrameClouds
{
    // Clouds that wait at most: enough that neither side waits for the other, few enough that memory does not grow.
    private const int Ahead = 2;

    /// <summary>
    /// The clouds in the order of the frames, made on another thread. A frame that cannot be read or shows no head costs that
    /// frame, and stands in its place in the sequence.
    /// </summary>
    public static IEnumerable<FrameCloud> RunAhead(RgbdVideo video, FrameSelection frames, PointCloudOptions options, CancellationToken cancellation) =>
        Prefetch.RunAhead(stop => Read(video, frames, options, stop), Ahead, cancellation);

    private static IEnumerable<FrameCloud> Read(RgbdVideo video, FrameSelection frames, PointCloudOptions options, CancellationToken cancellation)
    {
        var unreadable = new Queue<FaceReconException>();
        foreach (var frame in video.ReadFrames(frames, unreadable.Enqueue, cancellation))
        {
            while (unreadable.TryDequeue(out var error))
                yield return new FrameCloud(null, error, 0);
            yield return Convert(frame, options, cancellation);
        }
        while (unreadable.TryDequeue(out var error))
            yield return new FrameCloud(null, error, 0);
    }

    private static FrameCloud Convert(RgbdFrame frame, PointCloudOptions options, CancellationToken cancellation)
    {
        try
        {
            return new FrameCloud(FramePointCloud.FromFrame(frame, options, cancellation), null, frame.Timestamp);
        }
        // Not the frame's fault: every other frame would fail alike.
        catch (FaceReconException error) when (error.ErrorId != ErrorId.DepthCorrectionInvalid)
        {
            return new FrameCloud(null, error, frame.Timestamp);
        }
    }
}
