using System.Globalization;
using System.Numerics;

namespace FaceRecon.Benchmarks;

/// <summary>A synthetic capture, from a folder or made on the spot, with its truth.</summary>
/// <param name="Clouds">Its frames.</param>
/// <param name="Truth">Their surface and poses.</param>
/// <param name="Named">Its named points, world frame.</param>
internal sealed record ScoredCapture(FramePointCloud[] Clouds, KeypointTruth Truth, IReadOnlyDictionary<string, Vector3> Named)
{
    /// <summary>Loads a folder, or makes <c>seed:motion:noise</c>.</summary>
    public static ScoredCapture Load(string name)
    {
        if (Directory.Exists(name))
        {
            var frames = RgbdVideo.Open(name).ReadFrames().ToArray();
            var truth = GroundTruth.Load(name);
            return new ScoredCapture(CloudsOf(frames), new KeypointTruth(truth.Surface, frames[0].Intrinsics, [.. truth.Trajectory.Select(pose => pose.CameraToWorld)]), truth.Landmarks);
        }
        var fields = name.Split(':');
        if (fields.Length != 3)
            throw new FaceReconException(ErrorId.CaptureNotFound, $"{name} is neither a folder nor seed:motion:noise.", name);
        var options = new SyntheticCaptureOptions
        {
            Seed = int.Parse(fields[0], CultureInfo.InvariantCulture),
            Motion = Enum.Parse<HeadMotion>(fields[1]), Noise = Enum.Parse<NoiseLevel>(fields[2]),
        };
        var scene = SyntheticScene.Create(options);
        var cameraToWorld = Enumerable.Range(0, options.Frames).Select(scene.CameraToWorld).ToArray();
        return new ScoredCapture(CloudsOf([.. scene.RenderFrames()]), new KeypointTruth(scene.Truth, scene.Intrinsics, cameraToWorld), scene.Landmarks);
    }

    private static FramePointCloud[] CloudsOf(RgbdFrame[] frames) => Array.ConvertAll(frames, frame => FramePointCloud.FromFrame(frame));
}
