namespace FaceRecon;

/// <summary>How wrong the depth and colour of a synthetic capture are.</summary>
public enum NoiseLevel
{
    /// <summary>Exact depth to the quantisation of the file, clean colour.</summary>
    None,
    /// <summary>A good structured-light or time-of-flight camera: about 1.5 mm rms of smooth bias over the face.</summary>
    Light,
    /// <summary>A poor one: about 3 mm rms of smooth bias, three times the noise, more holes.</summary>
    Heavy,
}
