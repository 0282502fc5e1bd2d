namespace FaceRecon.Benchmarks;

/// <summary>
/// Prints how well a face agrees with what it was not made of, for captures without truth: <c>heldout [capture]...</c>. Of the
/// places that are followed through the frames every second one is kept from the optimisation, and then the others; how far the frames'
/// views of those are from one another tells what poses and depth are worth.
/// </summary>
internal static class HeldOutTable
{
    /// <summary>Places that fewer frames show say little.</summary>
    private const int LeastViews = 5;

    private static readonly (string Name, OptimizeOptions Options, bool Optimised, bool UsesPlaces)[] Rows =
    [
        ("merged", new(), false, true),
        ("optimised by the dense term alone", new() { SemanticWeight = 0 }, true, false),
        ("optimised, poses only", new() { CorrectDepth = false }, true, true),
        ("optimised, splines of 2 x 1 spans", new() { OwnSpans = 2 }, true, true),
        ("optimised (**default**)", new(), true, true),
        ("default + focal length", new() { RefineIntrinsics = true }, true, true),
    ];

    public static int Print(string[] captures)
    {
        Console.WriteLine("| | capture | places | apart in the pictures, px | apart in space, mm |\n|---|---|---|---|---|");
        foreach (var capture in captures)
        {
            var merged = MergedCapture.Load(capture);
            foreach (var (name, options, optimised, usesPlaces) in Rows)
            {
                var errors = new List<(double Pixels, double Metres)>();
                for (var half = 0; half < 2; half++)
                {
                    List<TrackView[]> held = [];
                    var halved = options with
                    {
                        DisturbTracks = tracks =>
                        {
                            held = [.. tracks.Where((_, t) => t % 2 != half)];
                            return usesPlaces ? [.. tracks.Where((_, t) => t % 2 == half)] : [];
                        },
                    };
                    var face = merged;
                    if (optimised)
                        face = FaceOptimizer.Optimize(merged, halved);
                    else
                        FaceTracks.Collect(merged, halved, default);
                    errors.AddRange(held.Select(track => Spread(track, face.Keyframes)).OfType<(double, double)>());
                }
                Console.WriteLine(FormattableString.Invariant(
                    $"| {name} | {Path.GetFileName(Path.TrimEndingDirectorySeparator(capture))} | {errors.Count} | {KeypointScore.Median([.. errors.Select(e => e.Pixels)]):0.000} | {1000 * KeypointScore.Median([.. errors.Select(e => e.Metres)]):0.000} |"));
            }
        }
        return 0;
    }

    /// <summary>Root mean square distance of the views of one place from their mean: projected into the frames, and in space.</summary>
    private static (double Pixels, double Metres)? Spread(TrackView[] track, IReadOnlyList<Keyframe> frames)
    {
        var lifted = new List<(TrackView View, Vector3d Place)>();
        foreach (var view in track)
        {
            var frame = frames[view.Frame];
            var depth = frame.DepthAt((float)view.Pixel.U, (float)view.Pixel.V, out _);
            if (depth > 0)
                lifted.Add((view, frame.Pose.TransformPoint(frame.Camera.BackProject(view.Pixel.U, view.Pixel.V, depth))));
        }
        if (lifted.Count < LeastViews)
            return null;
        var mean = lifted.Aggregate(Vector3d.Zero, (sum, entry) => sum + entry.Place) * (1.0 / lifted.Count);
        var (pixels, metres) = (0.0, 0.0);
        foreach (var (view, place) in lifted)
        {
            var frame = frames[view.Frame];
            var (u, v) = frame.Camera.Project(frame.Pose.Inverse().TransformPoint(mean));
            pixels += (u - view.Pixel.U) * (u - view.Pixel.U) + (v - view.Pixel.V) * (v - view.Pixel.V);
            metres += (place - mean).LengthSquared;
        }
        return (Math.Sqrt(pixels / lifted.Count), Math.Sqrt(metres / lifted.Count));
    }
}
