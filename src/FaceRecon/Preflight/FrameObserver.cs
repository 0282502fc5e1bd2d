namespace FaceRecon;

/// <summary>Looks at frames, one after the other.</summary>
internal sealed class FrameObserver : IDisposable
{
    // Inside any head, from any side, metres.
    private const double MiddleOfHead = 0.05;
    private const byte White = 250;

    private readonly FaceKeypointDetector _detector = new(new FaceKeypointOptions { Structural = false });

    public FrameObservation Observe(RgbdFrame frame, CancellationToken cancellation)
    {
        FramePointCloud cloud;
        try
        {
            cloud = FramePointCloud.FromFrame(frame, new PointCloudOptions(), cancellation);
        }
        catch (FaceReconException e) when (e.ErrorId == ErrorId.HeadNotFound)
        {
            return default;
        }
        var keypoints = _detector.Detect(frame, cloud, cancellation);
        var (median, clipped) = Light(cloud);
        return new FrameObservation(true, cloud.Head!.Value.Center.Length, DepthShare(frame, cloud.Head.Value.Center), median, clipped, keypoints.HasFace, Azimuth(keypoints));
    }

    public void Dispose() => _detector.Dispose();

    private static double DepthShare(RgbdFrame frame, Vector3d center)
    {
        var (u, v) = frame.Intrinsics.Project(center);
        var radius = MiddleOfHead * frame.Intrinsics.Fx / center.Z;
        var (inside, filled) = (0, 0);
        for (var row = (int)Math.Max(0, v - radius); row <= Math.Min(frame.Depth.Height - 1, v + radius); row++)
        for (var column = (int)Math.Max(0, u - radius); column <= Math.Min(frame.Depth.Width - 1, u + radius); column++)
        {
            if ((column - u) * (column - u) + (row - v) * (row - v) > radius * radius)
                continue;
            inside++;
            if (frame.Depth.Depths[row * frame.Depth.Width + column] > 0)
                filled++;
        }
        return inside == 0 ? 0 : filled / (double)inside;
    }

    private static (double Median, double Clipped) Light(FramePointCloud cloud)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        var (total, white) = (0, 0);
        var pixels = cloud.Frame.Color.Pixels;
        for (var row = 0; row < cloud.Height; row++)
        for (var column = 0; column < cloud.Width; column++)
        {
            if (cloud.Z[row * cloud.Width + column] <= 0)
                continue;
            var i = 3 * ((cloud.Top + row) * cloud.Frame.Color.Width + cloud.Left + column);
            // Rec. 601, in 256ths.
            histogram[(77 * pixels[i] + 150 * pixels[i + 1] + 29 * pixels[i + 2]) >> 8]++;
            total++;
            if (pixels[i] >= White && pixels[i + 1] >= White && pixels[i + 2] >= White)
                white++;
        }
        var median = 0;
        for (var seen = 0; median < 255 && (seen += histogram[median]) * 2 < total; median++) ;
        return (median, total == 0 ? 0 : white / (double)total);
    }

    private static double? Azimuth(KeypointSet keypoints)
    {
        var landmarks = keypoints.Semantic.Where(keypoint => keypoint is { IsVisible: true, Position: not null })
            .Select(keypoint => new FaceLandmark(keypoint.Name, keypoint.Position!.Value, 1));
        if (FaceFrame.Locate(landmarks) is not { } cameraToFace)
            return null;
        var camera = cameraToFace.TransformPoint(Vector3d.Zero);
        return Math.Atan2(camera.X, camera.Z) * 180 / Math.PI;
    }
}
