namespace FaceRecon;

/// <summary>Which of a capture's lens models is used to remove distortion.</summary>
public enum LensCorrection
{
    /// <summary>Apple's tables where the capture has them, else Brown-Conrady coefficients, else none.</summary>
    Automatic,
    /// <summary>Only Apple's radial lookup table.</summary>
    Tables,
    /// <summary>Only Brown-Conrady coefficients.</summary>
    Coefficients,
    /// <summary>The images are used as they are.</summary>
    None,
}
