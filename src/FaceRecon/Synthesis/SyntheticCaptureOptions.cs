namespace FaceRecon;

/// <summary>What a synthetic RGB-D capture looks like. The same options give the same capture, byte for byte.</summary>
public sealed record SyntheticCaptureOptions
{
    /// <summary>Number of frames, 30 a second; 1 to 100000.</summary>
    public int Frames { get; init; } = 60;
    /// <summary>Columns of colour and depth, pixels; 64 to 2048.</summary>
    public int Width { get; init; } = 640;
    /// <summary>Rows of colour and depth, pixels; 64 to 2048.</summary>
    public int Height { get; init; } = 480;
    /// <summary>How wrong the sensor is.</summary>
    public NoiseLevel Noise { get; init; } = NoiseLevel.Light;
    /// <summary>Factor on every error of <see cref="Noise"/>; 0 to 10.</summary>
    public double NoiseScale { get; init; } = 1;
    /// <summary>Draws the person, the room, the path and the sensor's noise.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>What moves.</summary>
    public HeadMotion Motion { get; init; } = HeadMotion.CameraOrbit;

    /// <summary>Refuses values out of range.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.InvalidOption"/>.</exception>
    internal void Validate()
    {
        Require(Frames is >= 1 and <= 100_000, $"Frames is {Frames}; a synthetic capture has 1 to 100000.");
        Require(Width is >= 64 and <= 2048 && Height is >= 64 and <= 2048, $"The image size is {Width}x{Height}; each side must be 64 to 2048 pixels.");
        Require(NoiseScale is >= 0 and <= 10, FormattableString.Invariant($"NoiseScale is {NoiseScale}; it must be 0 to 10."));
        Require(Enum.IsDefined(Noise), $"Noise {(int)Noise} is none of None, Light, Heavy.");
        Require(Enum.IsDefined(Motion), $"Motion {(int)Motion} is neither CameraOrbit nor HeadTurn.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new FaceReconException(ErrorId.InvalidOption, message);
    }
}
