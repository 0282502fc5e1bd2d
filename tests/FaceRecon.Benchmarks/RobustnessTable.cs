using FaceRecon.Tests;

namespace FaceRecon.Benchmarks;

/// <summary>
/// Prints what is left of the accuracy when a capture is disturbed: <c>robustness [capture with groundtruth]...</c>. Frames are
/// left out or shuffled, followed places are moved elsewhere, eyes close, a hand passes.
/// </summary>
internal static class RobustnessTable
{
    private sealed record Row(string Name, Func<FramePointCloud[], IEnumerable<FramePointCloud>> Disturb, OptimizeOptions Options, bool OnlyNoise = false);

    private static readonly Row[] Rows =
    [
        new("clean", clouds => clouds, new()),
        .. Enumerable.Range(2, 5).Select(every => new Row($"every {every}. frame", clouds => Every(every, clouds), new())),
        // How much of it no correction could help.
        .. Enumerable.Range(5, 2).Select(every => new Row($"every {every}. frame, its smooth error taken out by the truth", clouds => Every(every, clouds), new(), OnlyNoise: true)),
        new("frames in random order", Shuffled, new()),
        new("20 % of the structural matches wrong", clouds => clouds, new() { DisturbTracks = WithWrongMatches }),
        new("a blink of three frames", WithBlink, new()),
        new("a hand before four frames", WithHand, new()),
    ];

    public static int Print(string[] captures)
    {
        Console.WriteLine("| | capture | mean / 95 % / head, mm | of the clean run | frames used | left out because |\n|---|---|---|---|---|---|");
        foreach (var capture in captures)
        {
            var truth = GroundTruth.Load(capture);
            using var detector = new FaceKeypointDetector();
            var video = RgbdVideo.Open(capture);
            var error = SensorErrorTruth.Load(capture, video.Intrinsics, truth.Trajectory.Count);
            var clouds = video.ReadFrames().Select(frame => detector.Detect(FramePointCloud.FromFrame(frame))).ToArray();
            var clean = 0.0;
            foreach (var row in Rows)
            {
                if (row.OnlyNoise && error is null)
                    continue;
                var merger = new CloudMerger();
                foreach (var cloud in row.Disturb(clouds))
                    merger.Add(row.OnlyNoise ? detector.Detect(FramePointCloud.FromFrame(error!.TakenFrom(cloud.Frame))) : cloud);
                var face = FaceOptimizer.Optimize(merger.Complete(), row.Options);
                // The world is the first frame's camera, whichever that is.
                var first = truth.Trajectory[face.Frames.First(frame => frame.Accepted).Index].CameraToWorld;
                var score = truth.Score(FaceSurface.Reconstruct(face.Points).Moved(truth.Trajectory[0].CameraToWorld.Inverse() * first));
                if (row == Rows[0])
                    clean = score.MeanMillimetres;
                var reasons = face.Frames.Where(frame => !frame.Accepted).GroupBy(frame => frame.Rejection!.Split(':')[0]).Select(group => $"{group.Key} ({group.Count()})");
                Console.WriteLine(FormattableString.Invariant(
                    $"| {row.Name} | {Path.GetFileName(Path.TrimEndingDirectorySeparator(capture))} | {score.MeanMillimetres:0.000} / {score.Percentile95Millimetres:0.000} / {1000 * HeadPoseScore.Of(face.Frames, truth):0.00} | {score.MeanMillimetres / clean:0.00} | {face.AcceptedCount} of {face.Frames.Count} | {string.Join(", ", reasons)} |"));
            }
        }
        return 0;
    }

    private static IEnumerable<FramePointCloud> Every(int every, FramePointCloud[] clouds) => clouds.Where((_, k) => k % every == 0);

    private static FramePointCloud[] Shuffled(FramePointCloud[] clouds)
    {
        var shuffled = (FramePointCloud[])clouds.Clone();
        new Random(1).Shuffle(shuffled);
        return shuffled;
    }

    // Every fifth view of a place is where another place is in the same frame.
    private static List<TrackView[]> WithWrongMatches(List<TrackView[]> tracks)
    {
        var random = new Random(2);
        var byFrame = tracks.SelectMany(track => track).GroupBy(view => view.Frame).ToDictionary(group => group.Key, group => group.ToArray());
        return tracks.ConvertAll(track => Array.ConvertAll(track, view =>
            random.Next(5) > 0 ? view : view with { Pixel = byFrame[view.Frame][random.Next(byFrame[view.Frame].Length)].Pixel }));
    }

    private static IEnumerable<FramePointCloud> WithBlink(FramePointCloud[] clouds)
    {
        var middle = Array.IndexOf(clouds, clouds.Where((_, k) => k >= 10).MaxBy(cloud => cloud.Keypoints!.VisibleCount));
        return clouds.Select((cloud, k) => Math.Abs(k - middle) <= 1 ? DisturbedCloud.WithEyesClosed(cloud) : cloud);
    }

    private static IEnumerable<FramePointCloud> WithHand(FramePointCloud[] clouds) =>
        clouds.Select((cloud, k) => k >= clouds.Length / 2 && k < clouds.Length / 2 + 4 ? DisturbedCloud.WithHand(cloud) : cloud);
}
