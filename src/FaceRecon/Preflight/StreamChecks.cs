namespace FaceRecon;

/// <summary>Checks of what a capture states of itself, before any image is judged: its frames, times and camera.</summary>
internal static class StreamChecks
{
    private const int FewestFrames = 3, FewFrames = 15;
    // A gap this many times as long as usual is a frame that was dropped.
    private const double DroppedGap = 1.7;
    // Depth cameras that film faces see between these angles from side to side, degrees.
    private const double NarrowestView = 35, WidestView = 100;
    private const double LargestOffCentre = 0.12, LargestSkew = 0.03;

    public static PreflightCheck Frames(RgbdVideo video)
    {
        var missing = video.FramesWithMissingFiles.ToList();
        var left = video.FrameCount - missing.Count;
        var which = missing.Count == 0 ? "" : $", colour or depth missing of {missing.Count}: {string.Join(", ", missing.Take(5))}{(missing.Count > 5 ? ", ..." : "")}";
        var text = $"{video.FrameCount} frames{which}";
        if (left < FewestFrames)
            return Check(video, "Frames", PreflightResult.Fail, text, "Film a second or more: a head that turns from ear to ear takes some 60 frames.");
        if (missing.Count > 0)
            return Check(video, "Frames", missing.Count > left ? PreflightResult.Fail : PreflightResult.Warn, text, "Copy the capture again; those frames are left out.");
        return left < FewFrames
            ? Check(video, "Frames", PreflightResult.Warn, text, "Film longer: every frame adds a view and takes away noise.")
            : Check(video, "Frames", PreflightResult.Pass, text);
    }

    public static PreflightCheck Timestamps(RgbdVideo video)
    {
        if (video.Timestamps is not { Count: > 2 } times)
            return Check(video, "Timestamps", PreflightResult.Pass, "in the frames themselves");
        var gaps = times.Zip(times.Skip(1), (a, b) => b - a).ToArray();
        var usual = gaps.Order().ElementAt(gaps.Length / 2);
        var dropped = gaps.Count(gap => gap > DroppedGap * usual);
        var text = FormattableString.Invariant($"{1 / usual:0.0} frames a second over {times[^1] - times[0]:0.0} s, {dropped} gaps");
        return dropped > 0
            ? Check(video, "Timestamps", PreflightResult.Warn, text, "The camera dropped frames; turn more slowly, or give it a faster disk.")
            : Check(video, "Timestamps", PreflightResult.Pass, text);
    }

    public static PreflightCheck Intrinsics(RgbdVideo video)
    {
        var camera = video.Intrinsics;
        var view = 2 * Math.Atan(0.5 * camera.Width / camera.Fx) * 180 / Math.PI;
        var text = FormattableString.Invariant($"{camera}, {view:0} degrees wide{(video.RemovesDistortion ? ", lens distortion is removed" : "")}");
        if (view is < NarrowestView or > WidestView)
            return Check(video, "Intrinsics", PreflightResult.Warn, text, "No usual depth camera sees so much or so little: see that fx and fy are for this image size.");
        if (Math.Abs(camera.Fx / camera.Fy - 1) > LargestSkew)
            return Check(video, "Intrinsics", PreflightResult.Warn, text, "fx and fy differ, which pixels that are square do not: see that the image was not stretched.");
        if (Math.Abs(camera.Cx - 0.5 * camera.Width) > LargestOffCentre * camera.Width || Math.Abs(camera.Cy - 0.5 * camera.Height) > LargestOffCentre * camera.Height)
            return Check(video, "Intrinsics", PreflightResult.Warn, text, "The principal point is far from the middle: see that the image was not cropped.");
        return Check(video, "Intrinsics", PreflightResult.Pass, text);
    }

    public static PreflightCheck Unreadable(string capture, List<FaceReconException> errors, int readable) => new(capture, "Frames",
        errors.Count > readable ? PreflightResult.Fail : PreflightResult.Warn,
        $"{errors.Count} of {errors.Count + readable} frames looked at cannot be read. {errors[0].Message}", "Copy the capture again; those frames are left out.");

    private static PreflightCheck Check(RgbdVideo video, string name, PreflightResult result, string message, string advice = "") =>
        new(video.Path, name, result, message, advice);
}
