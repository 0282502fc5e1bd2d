using System.CommandLine;

namespace FaceRecon.Cli;

/// <summary>How poses and depth are optimised together, on the command line.</summary>
internal static class OptimizationOptions
{
    private static readonly OptimizeOptions Default = new();

    public static readonly Option<bool> NoOptimize = new("--no-optimize") { Description = "Leave poses and depth as merging has them." };
    public static readonly Option<bool> NoDepthCorrection = new("--no-depth-correction") { Description = "Optimise poses only and leave the depth as measured." };
    public static readonly Option<bool> RefineIntrinsics = new("--refine-intrinsics") { Description = "Find the focal length too, within about 1 %, for cameras that state a wrong one." };
    public static readonly Option<double> SemanticWeight = new("--semantic-weight") { Description = "Weight of the differences between semantic keypoints.", DefaultValueFactory = _ => Default.SemanticWeight };
    public static readonly Option<double> StructuralWeight = new("--structural-weight") { Description = "Weight of the differences between structural keypoints.", DefaultValueFactory = _ => Default.StructuralWeight };
    public static readonly Option<double> DenseWeight = new("--dense-weight") { Description = "Weight of the differences between overlapping surfaces.", DefaultValueFactory = _ => Default.DenseWeight };
    public static readonly Option<KeypointPairing> Pairing = new("--pairing") { Description = "Differences of keypoints between adjacent frames, those within a window, or all.", DefaultValueFactory = _ => Default.Pairing };
    public static readonly Option<string?> CorrectionFile = new("--depth-correction") { Description = "Correct the depth by this file first: depth_correction.json of another capture of the same camera." };

    /// <summary>What was asked for; null for no optimisation.</summary>
    public static OptimizeOptions? OptimizationFrom(ParseResult arguments) => arguments.GetValue(NoOptimize) ? null : Default with
    {
        CorrectDepth = !arguments.GetValue(NoDepthCorrection),
        RefineIntrinsics = arguments.GetValue(RefineIntrinsics),
        SemanticWeight = arguments.GetValue(SemanticWeight),
        StructuralWeight = arguments.GetValue(StructuralWeight),
        DenseWeight = arguments.GetValue(DenseWeight),
        Pairing = arguments.GetValue(Pairing),
    };
}
