namespace FaceRecon.Benchmarks;

/// <summary>A capture's frames, with keypoints, merged.</summary>
internal static class MergedCapture
{
    /// <summary>Merges a capture as if its camera stated <paramref name="stated"/> times the focal length that it states.</summary>
    public static FaceCloud Load(string capture, double stated = 1)
    {
        var merger = new CloudMerger();
        using var detector = new FaceKeypointDetector();
        foreach (var frame in RgbdVideo.Open(capture).ReadFrames())
        {
            var camera = frame.Intrinsics with { Fx = stated * frame.Intrinsics.Fx, Fy = stated * frame.Intrinsics.Fy };
            merger.Add(detector.Detect(FramePointCloud.FromFrame(new RgbdFrame(frame.Index, frame.Timestamp, camera, frame.Color, frame.Depth, frame.ColorPath, frame.DepthPath))));
        }
        return merger.Complete();
    }
}
