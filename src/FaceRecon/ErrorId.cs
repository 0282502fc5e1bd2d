namespace FaceRecon;

/// <summary>
/// Stable names of everything that can go wrong with a user's input; scripts match on them
/// (PowerShell shows them in FullyQualifiedErrorId). The hundreds digit is the exit code of the
/// command-line program: 2 bad usage, 3 a capture that cannot be read, 4 one that cannot be reconstructed,
/// 5 output that cannot be written.
/// </summary>
public enum ErrorId
{
    /// <summary>An option's value or combination makes no sense.</summary>
    InvalidOption = 200,
    /// <summary>A model file that is named is not there.</summary>
    ModelNotFound = 210,
    /// <summary>A model file that is damaged, of another format, or with inputs and outputs that are not expected.</summary>
    ModelInvalid = 211,
    /// <summary>A keypoint file that is missing, damaged, or of another format.</summary>
    KeypointsInvalid = 212,
    /// <summary>A trajectory file that is missing, damaged, or of another format.</summary>
    TrajectoryInvalid = 213,
    /// <summary>A depth correction file that is missing, damaged, or of another format, or for another camera.</summary>
    DepthCorrectionInvalid = 214,
    /// <summary>A report of a reconstruction that is damaged, or of another format.</summary>
    ReportInvalid = 215,

    /// <summary>A user's own stage failed, or gave what the next stage cannot take.</summary>
    StageFailed = 230,

    /// <summary>The path does not exist.</summary>
    CaptureNotFound = 300,
    /// <summary>The folder holds no frames of any layout that is read.</summary>
    CaptureEmpty = 301,
    /// <summary>No intrinsics file, or one without the needed fields.</summary>
    IntrinsicsMissing = 302,
    /// <summary>Intrinsics that no camera has: zero or NaN focal length, principal point outside the image.</summary>
    IntrinsicsInvalid = 303,
    /// <summary>Depth scale that puts the scene nowhere near a face.</summary>
    DepthScaleInvalid = 304,
    /// <summary>Depth that is not 16 bit.</summary>
    DepthFormatUnsupported = 305,
    /// <summary>Images of different or unexpected size.</summary>
    ImageSizeMismatch = 306,
    /// <summary>An image larger than any camera here makes.</summary>
    ImageTooLarge = 307,
    /// <summary>A file that is not what its name says, or is cut short.</summary>
    ImageCorrupt = 308,
    /// <summary>A colour or depth file that its index promises is not there.</summary>
    FrameMissing = 309,
    /// <summary>Timestamps that are not numbers or do not increase.</summary>
    TimestampsInvalid = 310,
    /// <summary>A container (BPLY) whose header and contents disagree.</summary>
    ContainerCorrupt = 311,
    /// <summary>A file of a mesh or cloud that is named is not there.</summary>
    MeshNotFound = 312,
    /// <summary>A file of a mesh or cloud that is damaged, larger than any face, or of another format.</summary>
    MeshInvalid = 313,

    /// <summary>Too few frames to reconstruct from.</summary>
    TooFewFrames = 400,
    /// <summary>No frame shows a head within reach of the camera.</summary>
    HeadNotFound = 401,
    /// <summary>Frames could not be brought into agreement.</summary>
    RegistrationFailed = 402,
    /// <summary>No surface could be made from the points.</summary>
    SurfaceFailed = 403,
    /// <summary>A result and its reference show no common surface.</summary>
    ComparisonFailed = 404,
    /// <summary>The result is to be turned to the face's own frame, and too few keypoints tell which that is.</summary>
    OrientationUnknown = 405,

    /// <summary>The output exists and -Force was not given.</summary>
    OutputExists = 500,
    /// <summary>The output cannot be written: permission, full disk, a file in the way.</summary>
    OutputNotWritable = 501,
}
