using System.CommandLine;
using static FaceRecon.Cli.CaptureOptions;

namespace FaceRecon.Cli;

/// <summary>facerecon compare: a result against a reference.</summary>
internal static class CompareCommand
{
    private static readonly Argument<string> Result = new("result") { Description = "Folder of a reconstruction, a mesh or a cloud: .ply, .glb, .obj, .stl." };
    private static readonly Argument<string> Reference = new("reference") { Description = "The same, or a capture with its ground truth." };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "Folder for comparison.ply, comparison.png and comparison.json; by default nothing is written." };
    private static readonly Option<bool> Force = new("--force", "-f") { Description = "Write into a folder with contents; files of the same names are replaced." };
    private static readonly Option<ComparisonAlignment> Alignment = new("--alignment") { Description = "What is done to the result first: none, rigid or similarity (scaled, too).", DefaultValueFactory = _ => ComparisonAlignment.Rigid };
    private static readonly Option<double[]> Thresholds = new("--threshold") { Description = "Distances for shares and F-scores, millimetres.", DefaultValueFactory = _ => [0.5, 1, 2], AllowMultipleArgumentsPerToken = true };
    private static readonly Option<double> Reach = new("--reach") { Description = "What of the result lies further from the reference is left out, millimetres; not with a ground truth.", DefaultValueFactory = _ => 10 };
    private static readonly Option<LengthUnit?> Unit = new("--unit") { Description = "Unit of the result's file, where it states none: metre or millimetre." };
    private static readonly Option<LengthUnit?> ReferenceUnit = new("--reference-unit") { Description = "Unit of the reference's file, where it states none: metre or millimetre." };
    private static readonly Option<int> Threads = new("--threads") { Description = "Threads to use; 0 for all cores." };

    public static Command Create()
    {
        var command = new Command("compare", "Compare a result with a reference: accuracy, completeness, F-score, directions, a heat map.")
        {
            Result, Reference, Output, Force, Alignment, Thresholds, Reach, Unit, ReferenceUnit, Threads,
        };
        command.SetAction((arguments, cancellation) => CommandRun.OffThread(() => Print(FaceComparison.Run(
            arguments.GetRequiredValue(Result), arguments.GetRequiredValue(Reference), arguments.GetValue(Output), new ComparisonOptions
            {
                Alignment = arguments.GetValue(Alignment),
                Thresholds = [.. arguments.GetValue(Thresholds)!.Select(threshold => 0.001 * threshold)],
                Reach = 0.001 * arguments.GetValue(Reach),
                Unit = arguments.GetValue(Unit),
                ReferenceUnit = arguments.GetValue(ReferenceUnit),
                MaxThreads = Require(arguments.GetValue(Threads), 0, "--threads"),
                Force = arguments.GetValue(Force),
            }, cancellation))));
        return command;
    }

    private static void Print(ComparisonResult comparison)
    {
        var output = Console.Out;
        var reference = comparison.IsFace ? "true face" : "reference";
        Summary.Line(output, "error", $"{comparison.Accuracy} from the result to the {reference}, {comparison.BiasMillimetre:+0.000;-0.000} mm on the mean outside of it");
        Summary.Line(output, "back", $"{comparison.Completeness} from the {reference} to the result");
        foreach (var threshold in comparison.Thresholds)
            Summary.Line(output, "", $"{threshold}");
        if (double.IsFinite(comparison.NormalMeanDegrees))
            Summary.Line(output, "normals", $"mean {comparison.NormalMeanDegrees:0.00}, median {comparison.NormalMedianDegrees:0.00} degrees");
        if (double.IsFinite(comparison.FittedScale))
            Summary.Line(output, "aligned", $"by {comparison.AlignmentShiftMillimetre:0.00} mm and {comparison.AlignmentDegrees:0.00} degrees{(comparison.Scale == 1 ? "" : FormattableString.Invariant($", scaled by {comparison.Scale:0.0000}"))}; a fit with a scale finds {comparison.FittedScale:0.0000}");
        foreach (var file in comparison.Files)
            Summary.Line(output, file == comparison.Files[0] ? "wrote" : "", $"{file}");
    }
}
