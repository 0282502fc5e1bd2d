using System.Globalization;

namespace FaceRecon.Cli;

/// <summary>One screen that says what came out.</summary>
internal static class Summary
{
    private const int ReasonsShown = 5;

    public static void Print(TextWriter writer, ReconstructionResult result)
    {
        var report = result.Report;
        Line(writer, "frames", $"{report.Accepted} of {report.Accepted + report.Rejected} used, head turned by {report.TurnDegrees:0} degrees");
        var reasons = result.Face.Frames.Where(frame => !frame.Accepted).GroupBy(frame => frame.Rejection).OrderByDescending(group => group.Count()).ToList();
        foreach (var reason in reasons.Take(ReasonsShown))
            Line(writer, "", $"left out {reason.Count()}: frame {reason.First().Index}: {reason.Key}");
        if (reasons.Count > ReasonsShown)
            Line(writer, "", $"and {reasons.Count - ReasonsShown} other reasons, in report.json");
        Line(writer, "fit", $"{report.ResidualMedianMillimetre:0.00} mm from a frame to the model (median of rms)");
        if (result.Face.Optimization is { } optimization)
        {
            Line(writer, "depth", $"{optimization.DepthErrorMillimetre:0.00} mm of sensor error found and corrected, {optimization.SharedDepthErrorMillimetre:0.00} mm of it common to all frames; poses moved {optimization.PoseChangeMillimetre:0.00} mm");
            if (optimization.FocalScale != 1)
                Line(writer, "", $"focal length corrected by a factor of {optimization.FocalScale:0.0000}");
            foreach (var warning in optimization.Warnings)
                Line(writer, "", $"note: {warning}");
        }
        Line(writer, "mesh", $"{report.Vertices:N0} vertices, {report.Triangles:N0} triangles, {report.SurfaceAreaCm2:0} cm2, {report.FilledAreaCm2:0.0} cm2 of it filled in");
        Line(writer, "time", string.Join(", ", report.Seconds.Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Key} {stage.Value:0.00} s"))));
        foreach (var file in result.Files)
            Line(writer, file == result.Files[0] ? "wrote" : "", $"{file}");
    }

    public static void Print(TextWriter writer, KeypointExtractionResult result)
    {
        Line(writer, "frames", $"{result.FrameCount} of {result.FrameCount + result.Unusable.Count} used, a face in {result.FaceCount}");
        foreach (var error in result.Unusable.Take(ReasonsShown))
            Line(writer, "", $"left out: {error.Message}");
        if (result.Unusable.Count > ReasonsShown)
            Line(writer, "", $"left out: {result.Unusable.Count - ReasonsShown} more");
        Line(writer, "median", $"{result.MedianStructural} structural keypoints in a frame");
        if (result.FaceCount > 0)
            Line(writer, "", $"{result.MedianVisible} landmarks visible on a face, of {result.Scheme}");
        Line(writer, "time", $"{result.Seconds:0.00} s");
        var file = result.Files[^1];
        Line(writer, "wrote", $"{file}");
        if (result.Files.Count > 1)
            Line(writer, "", $"{Path.Combine(Path.GetDirectoryName(file)!, KeypointExtraction.OverlayFolder)}: {result.Files.Count - 1} pictures");
    }

    public static void Line(TextWriter writer, string label, FormattableString text) => Line(writer, label, FormattableString.Invariant(text));

    private static void Line(TextWriter writer, string label, string text) => writer.WriteLine($"{label,-8}{text}");
}
