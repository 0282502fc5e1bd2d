using System.Text.Json.Serialization;

namespace FaceRecon;

/// <summary>How comparison.json is written, as the compiler works it out.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ComparisonDescription))]
internal sealed partial class ComparisonJson : JsonSerializerContext;

/// <summary>A comparison as comparison.json has it; the alignment row by row, metres.</summary>
internal sealed record ComparisonDescription(
    string Result, string Reference, string Version, bool IsFace, DistanceSummary Accuracy, DistanceSummary Completeness,
    IReadOnlyList<ThresholdScore> Thresholds, double BiasMillimetre, double NormalMeanDegrees, double NormalMedianDegrees,
    double Scale, double FittedScale, double AlignmentShiftMillimetre, double AlignmentDegrees, double[][] Alignment)
{
    public static ComparisonDescription Of(ComparisonResult comparison)
    {
        var a = comparison.Alignment;
        return new ComparisonDescription(
            comparison.Result, comparison.Reference, FaceExport.Version, comparison.IsFace, comparison.Accuracy, comparison.Completeness,
            comparison.Thresholds, comparison.BiasMillimetre, comparison.NormalMeanDegrees, comparison.NormalMedianDegrees,
            comparison.Scale, comparison.FittedScale, comparison.AlignmentShiftMillimetre, comparison.AlignmentDegrees,
            [[a.R00, a.R01, a.R02, a.Translation.X], [a.R10, a.R11, a.R12, a.Translation.Y], [a.R20, a.R21, a.R22, a.Translation.Z]]);
    }
}
