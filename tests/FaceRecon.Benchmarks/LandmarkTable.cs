namespace FaceRecon.Benchmarks;

/// <summary>
/// Prints how semantic keypoints compare with the truth: <c>landmarks [capture or seed:motion:noise]... [--model file]... [--raw]</c>;
/// raw: where the model puts them, not held to the skin.
/// </summary>
internal static class LandmarkTable
{
    public static int Print(string[] arguments)
    {
        var (captures, models, refine) = (new List<string>(), new List<string?> { null }, true);
        for (var i = 0; i < arguments.Length; i++)
            if (arguments[i] == "--model" && i + 1 < arguments.Length)
                models.Add(arguments[++i]);
            else if (arguments[i] == "--raw")
                refine = false;
            else
                captures.Add(arguments[i]);
        Console.WriteLine("| capture | model | faces | visible | scatter mm | 95 % of landmarks | worst landmark | above 2.0 mm | above 3.5 mm | of | of the image | of the depth | hidden found | hidden cases | seen found | on background |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        var named = new List<(string Capture, LandmarkScore Score)>();
        foreach (var name in captures)
        {
            var capture = ScoredCapture.Load(name);
            foreach (var model in models)
            {
                var s = LandmarkScore.Of(capture.Clouds, capture.Truth, capture.Named, new FaceKeypointOptions { SemanticModel = model, Refine = refine });
                Console.WriteLine(FormattableString.Invariant(
                    $"| {Path.GetFileName(name)} | {(model is null ? "default" : Path.GetFileNameWithoutExtension(model))} | {s.Faces} | {s.MedianVisible:0} | {1000 * s.Scatter:0.00} | {1000 * s.WideScatter:0.00} | {(s.Worst is [var worst, ..] ? $"{worst.Landmark} {1000 * worst.Scatter:0.00}" : "-")} | {s.Worst.Count(w => w.Scatter > 0.002)} | {s.Worst.Count(w => w.Scatter > 0.0035)} | {s.Worst.Count} | {1000 * s.ImageScatter:0.00} | {1000 * s.DepthScatter:0.00} | {s.HiddenFound:P1} | {s.HiddenCases} | {s.SeenFound:P1} | {s.OnBackground} |"));
                if (model is null)
                    named.Add((Path.GetFileName(name), s));
            }
        }
        foreach (var (capture, score) in named)
        {
            Console.WriteLine($"\n{capture}, mean distance to the named points:");
            foreach (var (name, landmark, distance, sightings) in score.Named)
                Console.WriteLine(FormattableString.Invariant($"| {name} | {landmark} | {1000 * distance:0.0} mm | {sightings} |"));
        }
        return 0;
    }
}
