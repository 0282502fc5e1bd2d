namespace FaceRecon;

/// <summary>
/// The stated error of a synthetic sensor; lengths in metres. The model: the depth z of a pixel becomes
/// z (1 + scale) + offset + bias(u, v), where scale and bias have a part common to all frames and a part
/// of the frame's own, then noise, flying pixels, holes and quantisation are added.
/// </summary>
internal sealed record SensorError
{
    /// <summary>Standard deviation of the noise along z at half a metre; it grows with z^2.</summary>
    public double Noise { get; init; }
    /// <summary>Growth of the noise with the incidence angle a: 1 + this * tan^2 a, at most 4.</summary>
    public double NoiseAtIncidence { get; init; }
    /// <summary>Standard deviation of where a pixel looks, in pixels; on a slope it becomes noise.</summary>
    public double LateralPixels { get; init; }
    /// <summary>Share of the noise's variance that neighbours have in common, over about 1.6 pixels.</summary>
    public double NoiseCorrelation { get; init; }
    /// <summary>Rms of the smooth bias that all frames share (a B-spline of 7 x 5 spans over the image).</summary>
    public double CommonBias { get; init; }
    /// <summary>Rms of the smooth bias of each frame (4 x 3 spans).</summary>
    public double FrameBias { get; init; }
    /// <summary>Standard deviation of the scale error that all frames share.</summary>
    public double CommonScale { get; init; }
    /// <summary>Standard deviation of each frame's scale error.</summary>
    public double FrameScale { get; init; }
    /// <summary>Standard deviation of each frame's offset.</summary>
    public double FrameOffset { get; init; }
    /// <summary>Share of the pixels beside a depth edge whose depth lies between front and back.</summary>
    public double FlyingShare { get; init; }
    /// <summary>Share of the pixels beside a depth edge that have none.</summary>
    public double EdgeHoleShare { get; init; }
    /// <summary>Incidence angle beyond which depth is lost, degrees; 90 for never.</summary>
    public double GrazingDegrees { get; init; }
    /// <summary>Share of the black pixels without depth.</summary>
    public double DarkHoleShare { get; init; }
    /// <summary>Distance of the projector beside the camera: behind an edge it casts a shadow without depth.</summary>
    public double Baseline { get; init; }
    /// <summary>Step of the disparity at a baseline of 25 mm, pixels; 0 for none.</summary>
    public double DisparityStep { get; init; }
    /// <summary>Standard deviation of the colour noise, of 255.</summary>
    public double ColorNoise { get; init; }
    /// <summary>Size of the slow change of exposure, as a share.</summary>
    public double ExposureDrift { get; init; }
    /// <summary>Size of the slow change of the white balance, as a share.</summary>
    public double WhiteBalanceDrift { get; init; }
    /// <summary>Share of the frame time that the shutter is open.</summary>
    public double Shutter { get; init; }

    /// <summary>The error of a preset with every size multiplied by <paramref name="scale"/>; shares stay below one.</summary>
    public static SensorError Of(NoiseLevel level, double scale)
    {
        var error = level switch
        {
            NoiseLevel.Light => Light,
            NoiseLevel.Heavy => Heavy,
            _ => None,
        };
        if (error == None || scale == 0)
            return None;
        double Share(double share) => Math.Min(0.95, share * scale);
        return error with
        {
            Noise = error.Noise * scale,
            LateralPixels = error.LateralPixels * scale,
            CommonBias = error.CommonBias * scale,
            FrameBias = error.FrameBias * scale,
            CommonScale = error.CommonScale * scale,
            FrameScale = error.FrameScale * scale,
            FrameOffset = error.FrameOffset * scale,
            FlyingShare = Share(error.FlyingShare),
            EdgeHoleShare = Share(error.EdgeHoleShare),
            GrazingDegrees = 90 - (90 - error.GrazingDegrees) * Math.Min(scale, 2),
            DarkHoleShare = Share(error.DarkHoleShare),
            Baseline = error.Baseline * scale,
            DisparityStep = error.DisparityStep * scale,
            ColorNoise = error.ColorNoise * scale,
            ExposureDrift = Math.Min(0.5, error.ExposureDrift * scale),
            WhiteBalanceDrift = Math.Min(0.3, error.WhiteBalanceDrift * scale),
            Shutter = Math.Min(1, error.Shutter * scale),
        };
    }

    private static readonly SensorError None = new() { GrazingDegrees = 90 };

    private static readonly SensorError Light = new()
    {
        Noise = 0.00035, NoiseAtIncidence = 0.25, LateralPixels = 0.35, NoiseCorrelation = 0.8,
        CommonBias = 0.0010, FrameBias = 0.0005, CommonScale = 0.0008, FrameScale = 0.0015, FrameOffset = 0.0002,
        FlyingShare = 0.25, EdgeHoleShare = 0.35, GrazingDegrees = 76, DarkHoleShare = 0.5, Baseline = 0.025, DisparityStep = 0.02,
        ColorNoise = 1.2, ExposureDrift = 0.08, WhiteBalanceDrift = 0.015, Shutter = 0.25,
    };

    private static readonly SensorError Heavy = new()
    {
        Noise = 0.001, NoiseAtIncidence = 0.35, LateralPixels = 0.7, NoiseCorrelation = 0.8,
        CommonBias = 0.0014, FrameBias = 0.0012, CommonScale = 0.0016, FrameScale = 0.004, FrameOffset = 0.0007,
        FlyingShare = 0.5, EdgeHoleShare = 0.5, GrazingDegrees = 71, DarkHoleShare = 0.9, Baseline = 0.05, DisparityStep = 0.0625,
        ColorNoise = 4, ExposureDrift = 0.22, WhiteBalanceDrift = 0.04, Shutter = 0.5,
    };
}
