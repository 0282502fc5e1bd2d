namespace FaceRecon;

/// <summary>How close a reconstructed face is to the truth, after rigid alignment; lengths in millimetres.</summary>
/// <param name="MeanMillimetres">Mean distance from the result to the true surface.</param>
/// <param name="RmsMillimetres">Root mean square of that distance.</param>
/// <param name="Percentile95Millimetres">The distance that 95 % of the result stay below.</param>
/// <param name="CompletenessWithin1Millimetre">Share of the true face with some of the result within a millimetre, 0 to 1.</param>
/// <param name="AlignmentShiftMillimetres">How far the alignment moved the tip of the nose.</param>
/// <param name="AlignmentRotationDegrees">How far the alignment turned the result.</param>
public sealed record SurfaceScore(
    double MeanMillimetres, double RmsMillimetres, double Percentile95Millimetres, double CompletenessWithin1Millimetre,
    double AlignmentShiftMillimetres, double AlignmentRotationDegrees)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"mean {MeanMillimetres:0.000} mm, 95 % within {Percentile95Millimetres:0.000} mm, {CompletenessWithin1Millimetre:P1} of the face within 1 mm");
}
