namespace FaceRecon;

/// <summary>What a <see cref="ViewerPage"/> shows: a mesh, and what is known about it, all in one frame.</summary>
public sealed record ViewerScene
{
    /// <summary>The mesh, metres.</summary>
    public required TriangleMesh Mesh { get; init; }
    /// <summary>What the page is called: the capture, or the file.</summary>
    public required string Title { get; init; }
    /// <summary>
    /// How far each vertex is from a reference, signed, metres, NaN where that is unknown; empty for a mesh that was compared
    /// with nothing. What Compare-FaceMesh finds.
    /// </summary>
    public float[] Error { get; init; } = [];
    /// <summary>What <see cref="Error"/> is, for the legend.</summary>
    public string ErrorCaption { get; init; } = "error";
    /// <summary>Landmarks, in the mesh's frame.</summary>
    public IReadOnlyList<FaceLandmark> Landmarks { get; init; } = [];
    /// <summary>Frames; the accepted are shown where their camera was, in the mesh's frame.</summary>
    public IReadOnlyList<FramePose> Frames { get; init; } = [];
    /// <summary>The camera of the frames, for the shape of its frustum; null where it is not known.</summary>
    public CameraIntrinsics? Camera { get; init; }
    /// <summary>Which way is up and forward in the mesh's frame.</summary>
    public UprightFrame Upright { get; init; } = UprightFrame.Camera;
    /// <summary>Where it comes from: name and value.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];

    /// <summary>The scene of a face and its mesh.</summary>
    /// <param name="face">The face.</param>
    /// <param name="mesh">Its surface, world.</param>
    /// <param name="title">What the page is called.</param>
    public static ViewerScene Of(FaceCloud face, TriangleMesh mesh, string title)
    {
        ArgumentNullException.ThrowIfNull(face);
        return new ViewerScene
        {
            Mesh = mesh,
            Title = title,
            Landmarks = face.Landmarks,
            Frames = face.Frames,
            Camera = face.Camera,
            Upright = face.Upright,
            Facts = [.. FaceExport.Provenance(face, OutputFrame.Of(face, MeshOrientation.Camera))],
        };
    }
}
