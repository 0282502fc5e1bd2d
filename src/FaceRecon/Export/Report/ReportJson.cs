using System.Text.Json.Serialization;

namespace FaceRecon;

/// <summary>How report.json is written, as the compiler works it out: a program that is compiled ahead cannot ask types at run time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ReconstructionReport))]
[JsonSerializable(typeof(IEnumerable<ReportedFrame>))]
[JsonSerializable(typeof(IEnumerable<ReportedLandmark>))]
internal sealed partial class ReportJson : JsonSerializerContext;

/// <summary>A frame as report.json has it.</summary>
internal sealed record ReportedFrame(
    int Index, double Timestamp, bool Accepted, string? Rejection, double? YawDegrees, double? PitchDegrees,
    double InlierRatio, double Observability, double ResidualRmsMillimetre)
{
    public static ReportedFrame Of(FramePose frame, FaceView? view) => new(
        frame.Index, frame.Timestamp, frame.Accepted, frame.Rejection, view?.YawDegrees, view?.PitchDegrees,
        Math.Round(frame.InlierRatio, 4), Math.Round(frame.Observability, 4),
        Math.Round(double.IsFinite(frame.ResidualRms) ? 1000 * frame.ResidualRms : -1, 4));
}

/// <summary>A landmark as report.json has it.</summary>
internal sealed record ReportedLandmark(string Name, int Views, double[] Position)
{
    public static ReportedLandmark Of(FaceLandmark landmark) => new(
        landmark.Name, landmark.Views, [Math.Round(landmark.Position.X, 6), Math.Round(landmark.Position.Y, 6), Math.Round(landmark.Position.Z, 6)]);
}
