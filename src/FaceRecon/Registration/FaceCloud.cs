namespace FaceRecon;

/// <summary>
/// All frames merged: the points of the head in world coordinates (the camera frame of the first
/// accepted frame) and what became of every frame.
/// </summary>
public sealed class FaceCloud
{
    private readonly Lazy<IReadOnlyList<FaceLandmark>> _landmarks;
    private readonly Lazy<SurfaceColor> _color;
    private readonly Lazy<PointCloud> _geometry;
    private readonly Lazy<PointCloud> _points;

    internal FaceCloud(PointCloud points, IReadOnlyList<FramePose> frames, IReadOnlyList<Keyframe> keyframes, Vector3d headCenter, Vector3d up)
        : this(() => points, points, frames, keyframes, headCenter, up)
    {
    }

    /// <summary>A face whose points are fused when they are first asked for: who optimises it never asks.</summary>
    internal FaceCloud(Func<PointCloud> fuse, PointCloud model, IReadOnlyList<FramePose> frames, IReadOnlyList<Keyframe> keyframes, Vector3d headCenter, Vector3d up)
    {
        _geometry = new Lazy<PointCloud>(fuse);
        Model = model;
        Frames = frames;
        Keyframes = keyframes;
        HeadCenter = headCenter;
        Up = up;
        _landmarks = new Lazy<IReadOnlyList<FaceLandmark>>(() => LandmarkMap.LandmarksOf(keyframes));
        _color = new Lazy<SurfaceColor>(() => SurfaceColor.Of(keyframes, Geometry));
        _points = new Lazy<PointCloud>(() => Color.Paint(Geometry, new PartitionedLoop(MaxThreads, default)));
    }

    /// <summary>The merged cloud, world, metres. Its colours are found when it is first asked for.</summary>
    public PointCloud Points => _points.Value;
    /// <summary>Every frame that was given, in order: its pose or why it was left out.</summary>
    public IReadOnlyList<FramePose> Frames { get; }
    /// <summary>Centre of the head, world, metres.</summary>
    public Vector3d HeadCenter { get; }
    /// <summary>From the chin to the crown, unit, world; estimated from the turn of the head and the neck.</summary>
    public Vector3d Up { get; }
    /// <summary>The semantic landmarks where the frames that see them have them, by name; empty where no keypoints were looked for or none found.</summary>
    public IReadOnlyList<FaceLandmark> Landmarks => _landmarks.Value;
    /// <summary>From world to the face's own frame (see <see cref="FaceFrame"/>); null where too few landmarks tell.</summary>
    public RigidTransform? WorldToFace => FaceFrame.Locate(Landmarks);
    /// <summary>Which way is up and forward: as the face has it, and without landmarks as the turn of the head and the cameras do.</summary>
    public UprightFrame Upright => WorldToFace is { } face ? UprightFrame.OfFace(face) : UprightFrame.OfCapture(Frames, Up);
    /// <summary>Frames whose pose was found.</summary>
    public int AcceptedCount => Frames.Count(frame => frame.Accepted);
    /// <summary>Frames that were left out.</summary>
    public int RejectedCount => Frames.Count - AcceptedCount;
    /// <summary>How wrong the depth was found to be; null before the optimisation.</summary>
    public DepthCorrection? DepthCorrection { get; internal init; }
    /// <summary>What the optimisation did; null before it.</summary>
    public OptimizationReport? Optimization { get; internal init; }
    /// <summary>The camera of the frames, with the focal length that the optimisation found.</summary>
    public CameraIntrinsics? Camera => Keyframes.Count > 0 ? Keyframes[0].Camera : null;
    internal IReadOnlyList<Keyframe> Keyframes { get; }
    /// <summary>The points of <see cref="Points"/> for those who need no colours.</summary>
    internal PointCloud Geometry => _geometry.Value;
    /// <summary>The same surface in fewer points: what frames were registered to.</summary>
    internal PointCloud Model { get; }
    /// <summary>The colours that the keyframes show.</summary>
    internal SurfaceColor Color => _color.Value;
    /// <summary>Name of the capture's folder; empty where the frames came from no file.</summary>
    internal string Capture { get; init; } = "";
    /// <summary>Most threads for finding the colours; 0 for all cores.</summary>
    internal int MaxThreads { get; init; }
    /// <summary>Edge of the voxels that the points were merged in, metres.</summary>
    internal double VoxelSize { get; init; } = new MergeOptions().VoxelSize;
    /// <summary>Truncation of the distances that they were merged with, metres.</summary>
    internal double Truncation { get; init; } = new MergeOptions().Truncation;

    /// <summary>
    /// A face of one's own merging, for Export-FaceMesh and Measure-FaceCloud. It has no frames to optimise and no landmarks; up is
    /// estimated as Merge-PointCloud does without keypoints.
    /// </summary>
    /// <param name="points">The merged cloud, world (the camera frame of the first accepted frame), metres.</param>
    /// <param name="frames">Every frame: its pose or why it was left out.</param>
    /// <exception cref="ArgumentException">There is no point, or no accepted frame.</exception>
    public static FaceCloud FromPoints(PointCloud points, IReadOnlyList<FramePose> frames)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(frames);
        if (points.Count == 0 || !frames.Any(frame => frame.Accepted))
            throw new ArgumentException("A face has at least one point and one accepted frame.", points.Count == 0 ? nameof(points) : nameof(frames));
        Vector3d Point(int i) => new(points.X[i], points.Y[i], points.Z[i]);
        var (center, radius) = (Vector3d.Zero, 0.0);
        for (var i = 0; i < points.Count; i++)
            center += Point(i) / points.Count;
        for (var i = 0; i < points.Count; i++)
            radius = Math.Max(radius, (Point(i) - center).Length);
        return new FaceCloud(points, frames, [], center, HeadUpright.Estimate(points, center, radius, frames));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Geometry.Count} points from {AcceptedCount} of {Frames.Count} frames";
}
