namespace FaceRecon.Tests;

/// <summary>Frames of the ellipsoid head from all sides with keypoints at exact pixels, and a sensor whose error is known.</summary>
internal sealed class JointScene
{
    private const int LeastViews = 3;
    private static readonly EllipsoidHead Head = new(shoulders: false);

    /// <param name="frames">Frames, from 35 degrees on one side to 35 on the other.</param>
    /// <param name="error">What the sensor adds to the depth of a pixel of a frame, metres.</param>
    /// <param name="points">Keypoints on the head.</param>
    public JointScene(int frames = 8, Func<int, double, double, double, double>? error = null, int points = 60)
    {
        // A keypoint is one that three frames see: of fewer there is none, however long one looks.
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, LeastViews);
        TruePoses = [.. Enumerable.Range(0, frames).Select(k => EllipsoidHead.Orbit(0.6 - 1.2 * k / (frames - 1), 0.1 * Math.Sin(2 * k), distance: 0.45 + 0.02 * Math.Sin(k)))];
        var toWorld = TruePoses[0].Inverse();
        for (var k = 0; k < frames; k++)
        {
            var frame = Head.Render(TruePoses[k], k);
            for (var i = 0; i < frame.Depth.Depths.Length; i++)
                if (frame.Depth.Depths[i] < 0.8f)
                    frame.Depth.Depths[i] += (float)(error?.Invoke(k, i % frame.Depth.Width, i / frame.Depth.Width, frame.Depth.Depths[i]) ?? 0);
            var cloud = FramePointCloud.FromFrame(frame);
            Frames.Add(new Keyframe(cloud) { Pose = (toWorld * TruePoses[k]).Orthonormalized() });
        }
        var random = new Random(5);
        while (Tracks.Count < points)
            if (Track(random) is { } track)
                Tracks.Add(track);
    }

    /// <summary>Camera to the head's own frame.</summary>
    public RigidTransform[] TruePoses { get; }
    /// <summary>The frames with their true poses in the first one's camera frame.</summary>
    public List<Keyframe> Frames { get; } = [];
    /// <summary>The keypoints, to a tenth of a pixel by their own account.</summary>
    public List<TrackView[]> Tracks { get; } = [];

    public ParameterLayout Layout(int ownSpans = 0, bool refineFocal = false)
    {
        var camera = EllipsoidHead.Camera;
        var own = ownSpans == 0 ? null : Frames.Select(f => new SplineGrid(new ImageBox(f.Left, f.Top, f.Width, f.Height), ownSpans, ownSpans)).ToArray();
        return new ParameterLayout(Frames, Frames[0].HeadCenter, new SplineGrid(new ImageBox(0, 0, camera.Width, camera.Height), 4, 3), own, refineFocal);
    }

    public KeypointTerm Keypoints(ParameterLayout layout, IEnumerable<TrackView[]>? tracks = null) => new(
        "structural", [.. (tracks ?? Tracks).Select(track => new TrackedPoint([.. track.Select(view => View(layout, view))]))], new RobustKernel(3), 1);

    public PointCloud Model()
    {
        var field = new DistanceField(Frames[0].HeadCenter, 0.16, 0.002, 0.006);
        foreach (var frame in Frames)
            field.Integrate(frame, frame.Pose, 1, default);
        return field.ExtractPoints(0.5f, 1, default);
    }

    public PriorTerm Prior(ParameterLayout layout, bool depth = true, bool focal = false, DepthPrior? prior = null) =>
        new(layout, new SharedModes(layout, Frames), prior ?? new DepthPrior(), depth, focal);

    /// <summary>Rms over the frames of how far a state's poses put the head from where it is, metres.</summary>
    public double PoseError(JointState state) => Math.Sqrt(Frames.Select((frame, k) =>
        (state.Poses[k].TransformPoint(frame.HeadCenter) - frame.Pose.TransformPoint(frame.HeadCenter)).LengthSquared).Average());

    private KeypointView View(ParameterLayout layout, TrackView view)
    {
        var z = Frames[view.Frame].DepthAt((float)view.Pixel.U, (float)view.Pixel.V, out _);
        var camera = EllipsoidHead.Camera;
        return new KeypointView(layout.Sample(view.Frame, Frames[view.Frame], view.Pixel.U, view.Pixel.V, z), camera.Fx, camera.Fy, view.Pixel.InformationFactor(), 0.003);
    }

    // A random place of the head, in all frames that see it.
    private TrackView[]? Track(Random random)
    {
        var direction = new Vector3d(random.NextDouble() - 0.5, random.NextDouble() - 0.5, 1).Normalized();
        var outside = 0.5 * direction;
        var distance = Head.Nearest(outside, -direction);
        if (double.IsInfinity(distance))
            return null;
        var point = outside - distance * direction;
        var views = new List<TrackView>();
        for (var k = 0; k < Frames.Count; k++)
        {
            var inCamera = TruePoses[k].Inverse().TransformPoint(point);
            var (u, v) = EllipsoidHead.Camera.Project(inCamera);
            var z = Frames[k].DepthAt((float)u, (float)v, out var nearest);
            if (z > 0 && Math.Abs(z - inCamera.Z) < 0.006 && Frames[k].Facing[nearest] > 0.4)
                views.Add(new TrackView(k, new AlignedPixel(u, v, 0.01, 0, 0.01, 1)));
        }
        return views.Count >= LeastViews ? [.. views] : null;
    }
}
