namespace FaceRecon;

/// <summary>What the numbers of a report mean, where they mean trouble, in words.</summary>
internal static class ReportWarnings
{
    // Of a turn from ear to ear, 110 degrees and more, this is half.
    private const double NarrowDegrees = 55;
    private const double ManyRejected = 0.25;
    private const double MuchMissing = 0.03;
    private const double PoorFit = 1.5;

    public static IEnumerable<string> Of(ReconstructionReport report)
    {
        foreach (var warning in report.Optimization?.Warnings ?? [])
            yield return warning;
        if (report.Optimization is { Converged: false })
            yield return "The optimisation has not converged: it ended at its limit of steps; poses and depth may get better with more.";
        var frames = report.Accepted + report.Rejected;
        if (report.Rejected > ManyRejected * frames)
            yield return $"{report.Rejected} of {frames} frames were left out; see their reasons.";
        var turn = report.Coverage.YawToDegrees - report.Coverage.YawFromDegrees;
        if (turn < NarrowDegrees)
            yield return FormattableString.Invariant($"The face was seen over {turn:0} degrees only: its sides are seen at a slant, and the depth's error shows less; a turn from ear to ear has 110 and more.");
        if (report.Coverage.FaceShare is { } share && share < 1 - MuchMissing)
            yield return FormattableString.Invariant($"{100 * (1 - share):0.0} % of the face has no surface: it was not seen, or gave no depth.");
        if (report.Coverage.Landmarks == 0)
            yield return "No landmarks were found: which way is up was told from the head's turn and the neck, and how much of the face is covered is not known.";
        if (report.ResidualMedianMillimetre > PoorFit)
            yield return FormattableString.Invariant($"Frames differ from the model by {report.ResidualMedianMillimetre:0.0} mm (median of rms): a face that moved, or a poor sensor.");
    }
}
