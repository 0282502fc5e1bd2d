namespace FaceRecon;

/// <summary>
/// Looks at a capture before it is reconstructed, at a few frames spread over it: in a second it tells what a whole run would
/// stumble over, and what the next filming should do better.
/// </summary>
public static class CapturePreflight
{
    /// <summary>Checks a capture. One that cannot be read is a failed check, and no exception.</summary>
    /// <param name="capture">A capture in any layout that is read.</param>
    /// <param name="maximumFrames">Most frames to look at; they are spread evenly.</param>
    /// <param name="progress">Told after every frame.</param>
    /// <param name="cancellation">Stops the work within a frame.</param>
    /// <returns>The checks, in the order in which a capture fails.</returns>
    /// <exception cref="FaceReconException"><see cref="ErrorId.InvalidOption"/>: fewer than one frame. <see cref="ErrorId.ModelNotFound"/>: the bundled models are missing.</exception>
    public static IReadOnlyList<PreflightCheck> Run(
        string capture, int maximumFrames = 24, IProgress<ReconstructionProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(capture);
        if (maximumFrames < 1)
            throw new FaceReconException(ErrorId.InvalidOption, $"{maximumFrames} frames tell nothing; give 1 or more.");
        RgbdVideo video;
        try
        {
            video = RgbdVideo.Open(capture);
        }
        catch (FaceReconException e)
        {
            return [Unreadable(capture, e)];
        }
        List<PreflightCheck> checks =
        [
            new(capture, "Capture", PreflightResult.Pass, $"{video.Layout} of {video.FrameCount} frames"),
            StreamChecks.Frames(video),
            StreamChecks.Timestamps(video),
            StreamChecks.Intrinsics(video),
        ];
        List<FaceReconException> unreadable = [];
        List<FrameObservation> observations = [];
        try
        {
            var every = (video.FrameCount + maximumFrames - 1) / maximumFrames;
            var selection = new FrameSelection(Every: every);
            var total = selection.Count(video.FrameCount);
            using var observer = new FrameObserver();
            foreach (var frame in video.ReadFrames(selection, unreadable.Add, cancellation))
            {
                observations.Add(observer.Observe(frame, cancellation));
                progress?.Report(new ReconstructionProgress("Looking at frames", observations.Count + unreadable.Count, total));
            }
        }
        catch (FaceReconException e) when (e.ErrorId is not ErrorId.ModelNotFound)
        {
            checks.Add(Unreadable(capture, e));
            return checks;
        }
        if (unreadable.Count > 0)
            checks.Add(StreamChecks.Unreadable(capture, unreadable, observations.Count));
        checks.AddRange(SceneChecks.All(capture, observations));
        return checks;
    }

    // The library's errors say what is wrong and what to do in one sentence, the advice after the semicolon.
    private static PreflightCheck Unreadable(string capture, FaceReconException error)
    {
        var name = error.ErrorId switch
        {
            ErrorId.IntrinsicsMissing or ErrorId.IntrinsicsInvalid => "Intrinsics",
            ErrorId.DepthScaleInvalid or ErrorId.DepthFormatUnsupported => "DepthScale",
            ErrorId.TimestampsInvalid => "Timestamps",
            ErrorId.CaptureNotFound or ErrorId.CaptureEmpty => "Capture",
            _ => "Frames",
        };
        var parts = error.Message.Split("; ", 2);
        return new PreflightCheck(capture, name, PreflightResult.Fail, parts[0], parts.Length > 1 ? parts[1] : "Mend what the message names; nothing can be reconstructed before.");
    }
}
