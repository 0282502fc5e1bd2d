namespace FaceRecon;

/// <summary>The frame in which mesh, cloud and trajectory are written.</summary>
public enum MeshOrientation
{
    /// <summary>World: the camera of the first accepted frame, x right, y down, z forward.</summary>
    Camera,
    /// <summary>The face's own frame: origin between the eyes, x to the subject's left, y up, z out of the face. It takes semantic keypoints.</summary>
    Face,
}

/// <summary>The frame that a face is written in, and the way into it.</summary>
internal sealed class OutputFrame
{
    private readonly RigidTransform? _fromWorld;

    private OutputFrame(RigidTransform? fromWorld, UprightFrame upright, string description)
    {
        _fromWorld = fromWorld;
        Upright = upright;
        Description = description;
    }

    /// <summary>Which way is up and forward in this frame.</summary>
    public UprightFrame Upright { get; }

    /// <summary>The axes in words, for the files.</summary>
    public string Description { get; }

    /// <summary>The frame of that name, for a face.</summary>
    /// <exception cref="FaceReconException">OrientationUnknown: no semantic keypoints tell where the face looks.</exception>
    public static OutputFrame Of(FaceCloud face, MeshOrientation orientation)
    {
        if (orientation == MeshOrientation.Camera)
            return new OutputFrame(null, face.Upright, "camera of the first accepted frame: x right, y down, z forward");
        var toFace = face.WorldToFace ?? throw new FaceReconException(ErrorId.OrientationUnknown,
            "The face's own frame is not known: too few of its semantic keypoints were found; look for them (Get-FaceKeypoint), or write in the camera's frame.");
        return new OutputFrame(toFace, UprightFrame.Face, "face: origin between the eyes, x to the subject's left, y up, z out of the face");
    }

    /// <summary>A mesh, from world to this frame.</summary>
    public TriangleMesh Turned(TriangleMesh mesh) => _fromWorld is { } motion ? mesh.Moved(motion) : mesh;

    /// <summary>A cloud, from world to this frame.</summary>
    public PointCloud Turned(PointCloud cloud) => _fromWorld is { } motion ? cloud.Moved(motion) : cloud;

    /// <summary>Poses, from camera-to-world to camera-to-this-frame.</summary>
    public IReadOnlyList<FramePose> Turned(IReadOnlyList<FramePose> frames) => _fromWorld is not { } motion ? frames
        : [.. frames.Select(frame => frame.Accepted ? frame with { CameraToWorld = (motion * frame.CameraToWorld).Orthonormalized() } : frame)];

    /// <summary>Landmarks, from world to this frame.</summary>
    public IReadOnlyList<FaceLandmark> Turned(IReadOnlyList<FaceLandmark> landmarks) => _fromWorld is not { } motion ? landmarks
        : [.. landmarks.Select(landmark => landmark with { Position = motion.TransformPoint(landmark.Position) })];
}
