using System.Diagnostics;

namespace FaceRecon.Benchmarks;

/// <summary>
/// Prints what each part of merging and of the joint optimisation adds to the accuracy: <c>ablation [capture with groundtruth]...</c>.
/// Every capture is read, and its keypoints found, once.
/// </summary>
internal static class AblationTable
{
    private static readonly OptimizeOptions PosesOnly = new() { CorrectDepth = false, DenseWeight = 0 };
    // So sure a belief that it is never left, metres or a ratio.
    private const double Never = 1e-7;

    private static readonly (string Name, OptimizeOptions Options)[] Rows =
    [
        ("poses: semantic term", PosesOnly with { StructuralWeight = 0 }),
        ("poses: structural term", PosesOnly with { SemanticWeight = 0 }),
        ("poses: both", PosesOnly),
        ("poses: both + dense term", PosesOnly with { DenseWeight = new OptimizeOptions().DenseWeight }),
        ("+ depth: shared only", new OptimizeOptions { OwnSpans = 0, Prior = new DepthPrior { Offset = Never, Scale = Never } }),
        ("+ depth: shared, offset and scale a frame", new OptimizeOptions { OwnSpans = 0 }),
        ("+ spline of 2 x 1 spans a frame", new OptimizeOptions { OwnSpans = 2 }),
        ("of 3 x 2 spans (**default**)", new OptimizeOptions()),
        ("default + focal length", new OptimizeOptions { RefineIntrinsics = true }),
        ("default, pairs adjacent", new OptimizeOptions { Pairing = KeypointPairing.Adjacent }),
        ("default, pairs in a window", new OptimizeOptions { Pairing = KeypointPairing.Window }),
        ("default without semantic term", new OptimizeOptions { SemanticWeight = 0 }),
        ("default without structural term", new OptimizeOptions { StructuralWeight = 0 }),
        ("default without dense term", new OptimizeOptions { DenseWeight = 0 }),
    ];

    private sealed record Entry(string Name, SurfaceScore Surface, double Head, DepthCorrectionScore? Depth)
    {
        public static Entry Of(string name, FaceCloud face, GroundTruth truth, DepthCorrectionScore? depth = null) =>
            new(name, truth.Score(FaceSurface.Reconstruct(face.Points)), HeadPoseScore.Of(face.Frames, truth), depth);

        public override string ToString() => FormattableString.Invariant($"{Name}: {Surface}, head {1000 * Head:0.000} mm");
    }

    public static int Print(string[] captures)
    {
        var columns = captures.Select(Measure).ToArray();
        Console.WriteLine("\nAccuracy mean / 95 % / head pose rms, mm:\n");
        PrintColumns(captures, columns, entry => FormattableString.Invariant(
            $"{entry.Surface.MeanMillimetres:0.000} / {entry.Surface.Percentile95Millimetres:0.000} / {1000 * entry.Head:0.00}"));
        Console.WriteLine("\nSensor error rms -> remaining, mm (correlation); the same without each frame's offset and tilt:\n");
        PrintColumns(captures, columns, entry => entry.Depth is not { } depth ? null : FormattableString.Invariant(
            $"{1000 * depth.Before:0.00} -> {1000 * depth.After:0.00} ({depth.Correlation:0.00}); {1000 * depth.BentBefore:0.00} -> {1000 * depth.BentAfter:0.00} ({depth.BentCorrelation:0.00})"));
        return 0;
    }

    private static void PrintColumns(string[] captures, List<Entry>[] columns, Func<Entry, string?> cell)
    {
        Console.WriteLine($"| | {string.Join(" | ", captures.Select(Label))} |");
        Console.WriteLine($"|---|{string.Concat(captures.Select(_ => "---|"))}");
        for (var row = 0; row < columns[0].Count; row++)
            if (columns.Select(column => cell(column[row])).ToArray() is var cells && cells.Any(text => text is not null))
                Console.WriteLine($"| {columns[0][row].Name} | {string.Join(" | ", cells)} |");
    }

    private static List<Entry> Measure(string capture)
    {
        var truth = GroundTruth.Load(capture);
        var (bare, merged) = (new CloudMerger(new MergeOptions()), new CloudMerger(new MergeOptions()));
        var video = RgbdVideo.Open(capture);
        using (var detector = new FaceKeypointDetector())
            foreach (var frame in video.ReadFrames())
            {
                var cloud = FramePointCloud.FromFrame(frame);
                bare.Add(cloud);
                merged.Add(detector.Detect(cloud));
            }
        var start = merged.Complete();
        var error = SensorErrorTruth.Load(capture, start.Keyframes[0].Camera, truth.Trajectory.Count);
        var column = new List<Entry> { Entry.Of("merged by ICP alone", bare.Complete(), truth), Entry.Of("+ semantic start", start, truth) };
        foreach (var entry in column)
            Console.WriteLine($"{Label(capture)}: {entry}");
        // No better way to follow places could gain more than this one.
        var truePlaces = ("default, followed places put right by the truth", new OptimizeOptions { DisturbTracks = tracks => TruePlaces.Of(tracks, start.Keyframes, truth) });
        foreach (var (name, options) in Rows.Append(truePlaces))
        {
            var watch = Stopwatch.StartNew();
            var face = FaceOptimizer.Optimize(start, options);
            var seconds = watch.Elapsed.TotalSeconds;
            var depth = options.CorrectDepth && error is not null ? DepthCorrectionScore.Of(face.DepthCorrection!, start.Keyframes, error) : null;
            column.Add(Entry.Of(name, face, truth, depth));
            Console.WriteLine(FormattableString.Invariant($"{Label(capture)}: {column[^1]}, {seconds:0.0} s, {face.Optimization}"));
        }
        return column;
    }

    private static string Label(string capture) => Path.GetFileName(Path.TrimEndingDirectorySeparator(capture));
}
