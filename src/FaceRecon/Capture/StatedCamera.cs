namespace FaceRecon;

/// <summary>What a capture states of its camera, checked.</summary>
/// <param name="Source">The file that states it, for messages.</param>
/// <param name="Intrinsics">The pinhole part.</param>
/// <param name="DepthScale">Stored units per metre; null where not stated.</param>
/// <param name="Coefficients">Brown-Conrady lens model; null where there is none.</param>
/// <param name="Tables">Apple's lens model; null where there is none.</param>
internal sealed record StatedCamera(string Source, CameraIntrinsics Intrinsics, double? DepthScale = null,
    LensDistortion? Coefficients = null, LensDistortion? Tables = null)
{
    /// <summary>The lens model that <paramref name="correction"/> asks for; null to leave the images as they are.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.InvalidOption"/>: the capture has no such model.</exception>
    internal LensDistortion? Lens(LensCorrection correction) => correction switch
    {
        LensCorrection.None => null,
        LensCorrection.Tables => Tables ?? throw HasNo("Apple lens tables"),
        LensCorrection.Coefficients => Coefficients ?? throw HasNo("distortion coefficients"),
        _ => Tables ?? Coefficients,
    };

    private FaceReconException HasNo(string model) =>
        new(ErrorId.InvalidOption, $"{Source} states no {model}; choose another lens correction.", Source);

    /// <summary>Refuses what no camera has.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.IntrinsicsInvalid"/> or <see cref="ErrorId.DepthScaleInvalid"/>.</exception>
    internal StatedCamera Checked()
    {
        var c = Intrinsics;
        if (c.Width is < 2 or > ImageFile.MaxSide || c.Height is < 2 or > ImageFile.MaxSide)
            throw Invalid($"the image size {c.Width}x{c.Height} is none that a camera has");
        if (!(double.IsFinite(c.Fx) && double.IsFinite(c.Fy) && c.Fx > 0 && c.Fy > 0))
            throw Invalid(FormattableString.Invariant($"the focal length ({c.Fx}, {c.Fy}) is not a positive number of pixels"));
        if (!(c.Cx >= -0.5 && c.Cx <= c.Width - 0.5 && c.Cy >= -0.5 && c.Cy <= c.Height - 0.5))
            throw Invalid(FormattableString.Invariant($"the principal point ({c.Cx}, {c.Cy}) lies outside the image of {c.Width}x{c.Height}"));
        if (DepthScale is { } scale && !(double.IsFinite(scale) && scale > 0))
            throw new FaceReconException(ErrorId.DepthScaleInvalid,
                FormattableString.Invariant($"{Source}: depth_scale {scale} is not a positive number of units per metre (1000 for millimetres)."), Source);
        Tables?.RefuseFolding(c, Source);
        Coefficients?.RefuseFolding(c, Source);
        return this;
    }

    private FaceReconException Invalid(string what) => new(ErrorId.IntrinsicsInvalid, $"{Source}: {what}.", Source);
}
