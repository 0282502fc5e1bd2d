namespace FaceRecon;

/// <summary>Checks of what the frames show: head, depth, light, and how far around the face they go.</summary>
internal static class SceneChecks
{
    private const double NearestHead = 0.22, FarHead = 0.8;
    private const double LittleDepth = 0.5, EnoughDepth = 0.85;
    private const double DarkFace = 40, BrightFace = 215, ClippedFace = 0.1, ChangingLight = 0.5;
    // From one side to the other, degrees. Landmarks are lost in full profile, so that a whole turn measures some 100.
    private const double WholeTurn = 75, LittleTurn = 30;

    public static IEnumerable<PreflightCheck> All(string capture, IReadOnlyList<FrameObservation> frames)
    {
        var heads = frames.Where(frame => frame.HasHead).ToList();
        // Frames were read, and nothing of them spoke against the scale.
        yield return new PreflightCheck(capture, "DepthScale", PreflightResult.Pass, "the nearest content is at a face's distance");
        yield return Head(capture, heads.Count, frames.Count);
        if (heads.Count == 0)
            yield break;
        yield return Distance(capture, Median(heads, head => head.Distance));
        yield return DepthHoles(capture, Median(heads, head => head.DepthShare));
        yield return Exposure(capture, heads);
        yield return Face(capture, heads.Count(head => head.HasFace), heads.Count);
        yield return Coverage(capture, [.. heads.Select(head => head.Azimuth).OfType<double>()]);
    }

    private static PreflightCheck Head(string capture, int heads, int frames)
    {
        var text = $"a head in {heads} of {frames} frames looked at";
        var advice = "Keep the head free of walls, chair and hands, 30 to 60 cm from the camera, and whole in the image.";
        return 5 * heads >= 4 * frames ? new(capture, "Head", PreflightResult.Pass, text)
            : new(capture, "Head", 5 * heads >= 2 * frames ? PreflightResult.Warn : PreflightResult.Fail, text, advice);
    }

    private static PreflightCheck Distance(string capture, double metres)
    {
        var text = FormattableString.Invariant($"{metres:0.00} m to the centre of the head");
        return metres is >= NearestHead and <= FarHead ? new(capture, "Distance", PreflightResult.Pass, text)
            : new(capture, "Distance", PreflightResult.Warn, text, metres > FarHead
                ? "Come nearer: the noise of depth grows with the square of the distance; 30 to 60 cm are best."
                : "Go farther away: most depth cameras see nothing sharp or nothing at all so near.");
    }

    private static PreflightCheck DepthHoles(string capture, double share)
    {
        var text = FormattableString.Invariant($"depth on {100 * share:0} % of the head");
        return share >= EnoughDepth ? new(capture, "DepthHoles", PreflightResult.Pass, text)
            : new(capture, "DepthHoles", share >= LittleDepth ? PreflightResult.Warn : PreflightResult.Fail, text,
                "Sunlight, black hair and glasses swallow the sensor's light: film indoors, tie hair back, take glasses off.");
    }

    private static PreflightCheck Exposure(string capture, List<FrameObservation> heads)
    {
        var median = Median(heads, head => head.Luminance);
        var clipped = Median(heads, head => head.ClippedShare);
        var change = (heads.Max(head => head.Luminance) - heads.Min(head => head.Luminance)) / Math.Max(median, 1);
        var text = FormattableString.Invariant($"face at {median:0} of 255, {100 * clipped:0} % of it white, changing by {100 * change:0} %");
        string advice = median < DarkFace ? "Light the face: so dark, its landmarks are guesses."
            : median > BrightFace || clipped > ClippedFace ? "Take light or exposure away: what is white has no detail and no colour."
            : change > ChangingLight ? "Lock exposure and white balance, and light from all sides: colours change from frame to frame." : "";
        return new(capture, "Exposure", advice.Length == 0 ? PreflightResult.Pass : PreflightResult.Warn, text, advice);
    }

    private static PreflightCheck Face(string capture, int faces, int heads)
    {
        var text = $"landmarks in {faces} of {heads} frames with a head";
        return 2 * faces >= heads ? new(capture, "Face", PreflightResult.Pass, text)
            : new(capture, "Face", PreflightResult.Warn, text, "Where no landmarks are seen, frames are placed by their shape alone: take off masks and goggles, and light the face.");
    }

    private static PreflightCheck Coverage(string capture, IReadOnlyList<double> azimuths)
    {
        if (azimuths.Count < 2)
            return new(capture, "Coverage", PreflightResult.Warn, "not measured: too few frames show landmarks", "See what the check of the face says.");
        var (least, most) = (azimuths.Min(), azimuths.Max());
        var text = FormattableString.Invariant($"seen from {Side(least)} to {Side(most)}: {most - least:0} degrees");
        return most - least >= WholeTurn ? new(capture, "Coverage", PreflightResult.Pass, text)
            : new(capture, "Coverage", PreflightResult.Warn, text, most - least < LittleTurn
                ? "Turn the head, or go around it, from ear to ear: from one side there is no telling the sensor's error from the face."
                : "Turn further to both sides, until each ear has been seen.");
    }

    private static string Side(double degrees) => FormattableString.Invariant($"{Math.Abs(degrees):0} degrees {(degrees < 0 ? "right" : "left")}");

    private static double Median(List<FrameObservation> frames, Func<FrameObservation, double> value) => frames.Select(value).Order().ElementAt(frames.Count / 2);
}
