namespace FaceRecon.Benchmarks;

/// <summary>
/// Prints how structural keypoints compare with the truth: <c>keypoints [capture or seed:motion:noise]... [--model file.onnx]... [--step n]</c>.
/// </summary>
internal static class KeypointTable
{
    public static int Print(string[] arguments)
    {
        var (captures, models, step) = (new List<string>(), new List<string?> { null }, 1);
        for (var i = 0; i < arguments.Length; i++)
            if (arguments[i] == "--model" && i + 1 < arguments.Length)
                models.Add(arguments[++i]);
            else if (arguments[i] == "--step" && i + 1 < arguments.Length)
                step = int.Parse(arguments[++i], System.Globalization.CultureInfo.InvariantCulture);
            else
                captures.Add(arguments[i]);
        Console.WriteLine("| capture | detector | keypoints | matches | <= 1 px | <= 1.5 px | <= 2.5 px | median px | tracks | length | half in tracks of | detect ms | match ms |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var name in captures)
        {
            var capture = ScoredCapture.Load(name);
            foreach (var model in models)
            {
                var s = KeypointScore.Of(capture.Clouds, capture.Truth, new FaceKeypointOptions { StructuralModel = model }, step);
                Console.WriteLine(FormattableString.Invariant(
                    $"| {Path.GetFileName(name)} | {(model is null ? "default" : Path.GetFileNameWithoutExtension(model))} | {s.MedianKeypoints:0} | {s.MedianMatches:0} | {s.Within1:P1} | {s.Within15:P1} | {s.Within25:P1} | {s.MedianError:0.00} | {s.Tracks} | {s.MedianTrack:0} | {s.MedianTrackFrames:0} | {s.DetectMilliseconds:0.0} | {s.MatchMilliseconds:0.0} |"));
            }
        }
        return 0;
    }
}
