using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// Axial noise of a depth camera: sigma(z, theta) = Quadratic z^2 / cos(theta). Triangulating
/// sensors, structured light among them, err by a constant disparity, hence the square of the
/// distance (Khoshelham and Elberink, Sensors 2012); a slanted surface spreads that over its slope.
/// </summary>
/// <param name="Quadratic">Standard deviation at one metre and normal incidence, metres per square metre.</param>
public readonly record struct DepthNoise(double Quadratic)
{
    // Smoothed or hole-filled depth shows almost no pixel noise, but it is not therefore exact:
    // 0.1 mm at 0.3 m is what is left of TrueDepth after averaging.
    internal const double LeastQuadratic = 0.0011;

    /// <summary>
    /// Standard deviation of the smooth part of the sensor's error, metres: what is wrong alike over whole
    /// regions of a frame and so shows in no noise measurement. One to two millimetres at half a metre is the
    /// order of it for a phone's structured light; the noise of a pixel is a third of that.
    /// </summary>
    public const double Systematic = 0.0015;

    /// <summary>What is left of <see cref="Systematic"/> where the joint optimisation has corrected the depth, metres.</summary>
    internal const double SystematicAfterCorrection = 0.0007;

    /// <summary>
    /// Variance of a measured surface along its normal. Depth errs along the axis, by noise and by the
    /// systematic part; of an axial error a slanted surface moves along its normal only by its cosine, so
    /// slanted views place a surface better than frontal ones do, until the lateral error (taken as a
    /// third of the axial one) takes over.
    /// </summary>
    /// <param name="sigma">Standard deviation of the depth's noise, metres.</param>
    /// <param name="cosineOfIncidence">Cosine of the angle between the normal and the ray.</param>
    /// <returns>Square metres.</returns>
    public static double VarianceAlongNormal(double sigma, double cosineOfIncidence) => VarianceAlongNormal(sigma, cosineOfIncidence, Systematic);

    /// <summary>The same where another systematic part is left, metres, as after a correction.</summary>
    internal static double VarianceAlongNormal(double sigma, double cosineOfIncidence, double systematic) =>
        VarianceBySquaredCosine(sigma, cosineOfIncidence * cosineOfIncidence, systematic);

    /// <summary>The same by the square of the cosine, which takes no root.</summary>
    internal static double VarianceBySquaredCosine(double sigma, double squaredCosine, double systematic = Systematic) =>
        (squaredCosine + Lateral) * (sigma * sigma + systematic * systematic);

    /// <summary>The same for eight at once, by the squares of the cosines.</summary>
    internal static Vector256<float> VarianceAlongNormal(Vector256<float> sigma, Vector256<float> squaredCosine) =>
        (squaredCosine + Vector256.Create((float)Lateral)) * (sigma * sigma + Vector256.Create((float)(Systematic * Systematic)));

    // The square of the lateral error's share of the axial one.
    private const double Lateral = 0.1;

    /// <summary>Standard deviation of depth, metres.</summary>
    /// <param name="depth">z, metres.</param>
    /// <param name="cosineOfIncidence">Cosine of the angle between the normal and the ray, 0 to 1.</param>
    public double Sigma(double depth, double cosineOfIncidence = 1) =>
        Quadratic * depth * depth / Math.Max(cosineOfIncidence, 0.1);
}
