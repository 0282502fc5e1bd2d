using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Corrects the poses and the depth of all frames together, such that keypoints and overlapping surfaces agree, and merges the
/// cloud anew from what is corrected. The result's DepthCorrection is what was wrong with the depth, its Optimization the report.
/// </summary>
/// <example>
/// <code>Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint | Merge-PointCloud | Optimize-FaceCloud -WarningAction SilentlyContinue</code>
/// Corrects poses and depth together.
/// </example>
/// <example>
/// <code>
/// $face = Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint | Merge-PointCloud
/// ($face | Optimize-FaceCloud -NoDepthCorrection).Optimization | Format-List
/// </code>
/// Corrects the poses only, and reports every term of the loss.
/// </example>
[Cmdlet(VerbsCommon.Optimize, "FaceCloud")]
[OutputType(typeof(FaceCloud))]
public sealed class OptimizeFaceCloudCommand : FaceReconCommand
{
    private static readonly OptimizeOptions Default = new();
    private OptimizeOptions _options = Default;

    /// <summary>The face, from Merge-PointCloud.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "A face from Merge-PointCloud.")]
    [ValidateNotNull]
    public FaceCloud InputObject { get; set; } = null!;

    /// <summary>Weight of the differences between semantic keypoints; 0 leaves them out.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    public double SemanticWeight { get; set; } = Default.SemanticWeight;

    /// <summary>Weight of the differences between structural keypoints; 0 leaves them out.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    public double StructuralWeight { get; set; } = Default.StructuralWeight;

    /// <summary>Weight of the differences between overlapping surfaces; 0 leaves the keypoints alone.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    public double DenseWeight { get; set; } = Default.DenseWeight;

    /// <summary>Between which frames the differences of a keypoint are minimised.</summary>
    [Parameter]
    public KeypointPairing Pairing { get; set; } = Default.Pairing;

    /// <summary>
    /// What is believed of the sensor beforehand, as standard deviations of its errors in metres. A hashtable of what is to
    /// differ from the defaults will do: @{ Shared = 0.004 }.
    /// </summary>
    [Parameter(HelpMessage = "A FaceRecon.DepthPrior, or a hashtable of its properties.")]
    [ValidateNotNull]
    public DepthPrior Prior { get; set; } = Default.Prior;

    /// <summary>Leaves the depth as measured and corrects the poses only.</summary>
    [Parameter]
    public SwitchParameter NoDepthCorrection { get; set; }

    /// <summary>Finds the focal length too, before everything else, within about 1 %: for cameras that state a wrong one.</summary>
    [Parameter]
    public SwitchParameter RefineIntrinsics { get; set; }

    /// <summary>Spans of the correction that all frames share, along the longer side of the image.</summary>
    [Parameter]
    [ValidateRange(1, 24)]
    public int SharedSpans { get; set; } = Default.SharedSpans;

    /// <summary>Spans of a correction for every frame alone, along each side of the head; 0 for none.</summary>
    [Parameter]
    [ValidateRange(0, 4)]
    public int OwnSpans { get; set; } = Default.OwnSpans;

    /// <summary>Pieces of surface that are compared.</summary>
    [Parameter]
    [ValidateRange(100, 100_000)]
    public int Patches { get; set; } = Default.Patches;

    /// <summary>Most places whose look is followed through all frames.</summary>
    [Parameter]
    [ValidateRange(0, 20_000)]
    public int MaximumTracks { get; set; } = Default.MaximumTracks;

    /// <summary>Rounds in which partners are found anew.</summary>
    [Parameter]
    [ValidateRange(1, 50)]
    public int Rounds { get; set; } = Default.Rounds;

    /// <summary>Most steps of Levenberg-Marquardt in a round.</summary>
    [Parameter]
    [ValidateRange(1, 200)]
    public int Iterations { get; set; } = Default.Iterations;

    /// <summary>Differences of this many standard deviations are believed half.</summary>
    [Parameter(HelpMessage = "Standard deviations.")]
    [ValidateRange(0.1, 1e6)]
    public double RobustWidth { get; set; } = Default.RobustWidth;

    /// <summary>Edge of a voxel of the merged cloud, about the spacing of its points, metres.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateRange(0.0002, 0.05)]
    public double VoxelSize { get; set; } = Default.VoxelSize;

    /// <summary>Distance from the surface within which measurements are averaged, metres.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateRange(0.0005, 0.1)]
    public double Truncation { get; set; } = Default.Truncation;

    /// <summary>Threads to use; 0 for all cores. The result does not depend on it.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    public int MaxThreads { get; set; }

    // What makes no sense is found out before the first frame and not after the last.
    private protected override void Begin()
    {
        if (SemanticWeight + StructuralWeight + DenseWeight == 0)
            throw new FaceReconException(ErrorId.InvalidOption, "-SemanticWeight, -StructuralWeight and -DenseWeight are all 0, which leaves nothing to minimise.");
        double[] sigmas = [Prior.Offset, Prior.Scale, Prior.Shared, Prior.Own, Prior.Mode, Prior.MeanScale, Prior.Focal];
        if (!sigmas.All(sigma => sigma > 0 && double.IsFinite(sigma)))
            throw new FaceReconException(ErrorId.InvalidOption, "-Prior holds standard deviations; each must be more than 0, a small one to hold its error at nothing.");
        _options = Default with
        {
            SemanticWeight = SemanticWeight,
            StructuralWeight = StructuralWeight,
            DenseWeight = DenseWeight,
            Pairing = Pairing,
            Prior = Prior,
            CorrectDepth = !NoDepthCorrection,
            RefineIntrinsics = RefineIntrinsics,
            SharedSpans = SharedSpans,
            OwnSpans = OwnSpans,
            Patches = Patches,
            MaximumTracks = MaximumTracks,
            Rounds = Rounds,
            Iterations = Iterations,
            RobustWidth = RobustWidth,
            VoxelSize = VoxelSize,
            Truncation = Truncation,
            MaxThreads = MaxThreads,
        };
    }

    private protected override void Process()
    {
        var progress = new StageProgress(this, StageProgress.Optimizing, "Optimising the face", StageProgress.Reading);
        progress.Report("Poses and depth together");
        var face = Offload(progress, cancellation => FaceOptimizer.Optimize(InputObject, _options, cancellation));
        progress.Complete();
        Tell(face.Optimization!);
        WriteVerbose(face.ToString());
        WriteObject(face);
    }

    private void Tell(OptimizationReport report)
    {
        foreach (var warning in report.Warnings)
            WriteWarning(warning);
        foreach (var term in report.Terms)
            WriteVerbose(term.ToString());
        foreach (var mode in report.Observability)
            WriteVerbose(FormattableString.Invariant($"{mode.Name} of the depth error: {100 * mode.Observed:0} % seen by the capture"));
        WriteVerbose(report.ToString());
        foreach (var term in report.Terms)
            WriteDebug(FormattableString.Invariant($"{term.Name}: {term.Tracks} tracks, {term.Residuals} residuals, cost {term.CostBefore:0.000} to {term.CostAfter:0.000}"));
        foreach (var mode in report.Observability)
            WriteDebug(FormattableString.Invariant($"{mode.Name}: {mode.Estimate:0.000000}, sigma {mode.Sigma:0.000000} after, {mode.Prior:0.000000} before"));
    }
}
