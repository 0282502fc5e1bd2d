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
            var (clouds, truth) = Load(name);
            foreach (var model in models)
            {
                var s = KeypointScore.Of(clouds, truth, new FaceKeypointOptions { StructuralModel = model }, step);
                Console.WriteLine(FormattableString.Invariant(
                    $"| {Path.GetFileName(name)} | {(model is null ? "default" : Path.GetFileNameWithoutExtension(model))} | {s.MedianKeypoints:0} | {s.MedianMatches:0} | {s.Within1:P1} | {s.Within15:P1} | {s.Within25:P1} | {s.MedianError:0.00} | {s.Tracks} | {s.MedianTrack:0} | {s.MedianTrackFrames:0} | {s.DetectMilliseconds:0.0} | {s.MatchMilliseconds:0.0} |"));
            }
        }
        return 0;
    }

    private static (FramePointCloud[] Clouds, KeypointTruth Truth) Load(string name)
    {
        if (Directory.Exists(name))
        {
            var frames = RgbdVideo.Open(name).ReadFrames().ToArray();
            var truth = Path.Combine(name, GroundTruthFiles.Folder);
            var poses = GroundTruth.ReadTrajectory(Path.Combine(truth, GroundTruthFiles.Trajectory)).Select(pose => pose.CameraToWorld).ToArray();
            return (Clouds(frames), new KeypointTruth(PlyReader.ReadMesh(Path.Combine(truth, GroundTruthFiles.Surface)), frames[0].Intrinsics, poses));
        }
        var fields = name.Split(':');
        var options = new SyntheticCaptureOptions
        {
            Seed = int.Parse(fields[0], System.Globalization.CultureInfo.InvariantCulture),
            Motion = Enum.Parse<HeadMotion>(fields[1]), Noise = Enum.Parse<NoiseLevel>(fields[2]),
        };
        var scene = SyntheticScene.Create(options);
        var cameraToWorld = Enumerable.Range(0, options.Frames).Select(scene.CameraToWorld).ToArray();
        return (Clouds([.. scene.RenderFrames()]), new KeypointTruth(scene.Truth, scene.Intrinsics, cameraToWorld));
    }

    private static FramePointCloud[] Clouds(RgbdFrame[] frames) => Array.ConvertAll(frames, frame => FramePointCloud.FromFrame(frame));
}
