namespace FaceRecon;

/// <summary>How a capture lies on disk.</summary>
public enum CaptureLayout
{
    /// <summary>color/, depth/ and an intrinsics file with fx, fy, cx, cy and depth_scale.</summary>
    CaptureFolder,
    /// <summary>color/, rgb/ or image/ with depth/ and Open3D's column-major intrinsic_matrix.</summary>
    Open3D,
    /// <summary>rgb.txt and depth.txt, as the TUM RGB-D benchmark has them.</summary>
    Tum,
    /// <summary>One StandardCyborg BPLY container a frame.</summary>
    Bply,
}
