namespace FaceRecon;

/// <summary>The frame in which mesh, cloud and trajectory are written.</summary>
public enum MeshOrientation
{
    /// <summary>World: the camera of the first accepted frame, x right, y down, z forward.</summary>
    Camera,
    /// <summary>The face's own frame: origin between the eyes, x to the subject's left, y up, z out of the face. It takes semantic keypoints.</summary>
    Face,
}

/// <summary>Mesh, cloud and poses in the frame that they are written in.</summary>
/// <param name="Mesh">The mesh, metres.</param>
/// <param name="Points">The cloud, metres.</param>
/// <param name="Frames">The poses, camera to this frame.</param>
/// <param name="Upright">Which way is up and forward in this frame.</param>
/// <param name="Description">The axes in words, for the files.</param>
internal sealed record OutputFrame(TriangleMesh Mesh, PointCloud Points, IReadOnlyList<FramePose> Frames, UprightFrame Upright, string Description)
{
    /// <summary>A face and its mesh, turned to the frame that is wanted.</summary>
    /// <exception cref="FaceReconException">OrientationUnknown: no semantic keypoints tell where the face looks.</exception>
    public static OutputFrame Of(FaceCloud face, TriangleMesh mesh, MeshOrientation orientation)
    {
        if (orientation == MeshOrientation.Camera)
            return new OutputFrame(mesh, face.Points, face.Frames, face.Upright, "camera of the first accepted frame: x right, y down, z forward");
        var toFace = face.WorldToFace ?? throw new FaceReconException(ErrorId.OrientationUnknown,
            "The face's own frame is not known: too few of its semantic keypoints were found; look for them (Get-FaceKeypoint), or write in the camera's frame.");
        return new OutputFrame(mesh.Moved(toFace), face.Points.Moved(toFace),
            [.. face.Frames.Select(frame => frame.Accepted ? frame with { CameraToWorld = (toFace * frame.CameraToWorld).Orthonormalized() } : frame)],
            UprightFrame.Face, "face: origin between the eyes, x to the subject's left, y up, z out of the face");
    }
}
