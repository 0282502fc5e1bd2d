using System.CommandLine;
using static FaceRecon.Cli.CaptureOptions;

namespace FaceRecon.Cli;

/// <summary>facerecon keypoints: the keypoints of a capture's frames, without a reconstruction.</summary>
internal static class KeypointsCommand
{
    private static readonly FaceKeypointOptions Default = new();

    private static readonly Option<string> Output = new("--output", "-o") { Description = "Folder to write keypoints.json into.", Required = true };
    private static readonly Option<bool> Overlay = new("--overlay") { Description = "Write overlay/NNNNNN.png too: each frame with its keypoints drawn on it." };
    private static readonly Option<string> SemanticModel = new("--semantic-model")
    {
        Description = "Named landmarks: default (Face Mesh, 468), none, or a model's path: dlib's shape predictor (.dat), or a network (.onnx) with its scheme in a .json beside it.",
        DefaultValueFactory = _ => "default",
    };
    private static readonly Option<string> StructuralModel = new("--structural-model")
    {
        Description = "Places where the shape turns: default (our own detector), none, or the path of a SuperPoint, XFeat or ALIKE network (.onnx).",
        DefaultValueFactory = _ => "default",
    };
    private static readonly Option<double> MinimumAngle = new("--minimum-angle")
    {
        Description = "Smallest turn of the surface at a structural keypoint, degrees.",
        DefaultValueFactory = _ => Math.Round(Default.MinimumAngle * 180 / Math.PI, 9),
    };

    public static Command Create()
    {
        var command = new Command("keypoints", "Find the keypoints of the face in every frame of a capture. Of several faces the nearest to the centre is taken.")
        {
            Capture, Output, Force, Overlay, SemanticModel, StructuralModel, MinimumAngle, Skip, First, Every, WholeScene, Threads, Quiet,
        };
        command.SetAction((arguments, cancellation) => CommandRun.OffThread(() =>
        {
            var quiet = arguments.GetValue(Quiet);
            using var progress = quiet ? null : ConsoleProgress.ToTerminal();
            var result = KeypointExtraction.Run(arguments.GetRequiredValue(Capture), arguments.GetRequiredValue(Output), OptionsFrom(arguments), progress, cancellation);
            progress?.Dispose();
            if (!quiet)
                Summary.Print(Console.Out, result);
        }));
        return command;
    }

    private static KeypointExtractionOptions OptionsFrom(ParseResult arguments) => new()
    {
        Frames = SelectionFrom(arguments),
        Cloud = CloudFrom(arguments),
        Keypoints = KeypointsFrom(arguments),
        Overlay = arguments.GetValue(Overlay),
        Force = arguments.GetValue(Force),
        MaxThreads = ThreadsFrom(arguments),
    };

    private static FaceKeypointOptions KeypointsFrom(ParseResult arguments)
    {
        var semantic = ModelFrom(arguments, SemanticModel);
        var structural = ModelFrom(arguments, StructuralModel);
        if (!semantic.Wanted && !structural.Wanted)
            throw new FaceReconException(ErrorId.InvalidOption, "With --semantic-model none and --structural-model none there is nothing to find.");
        var angle = arguments.GetValue(MinimumAngle);
        if (angle is not (>= 0 and <= 180))
            throw new FaceReconException(ErrorId.InvalidOption, FormattableString.Invariant($"--minimum-angle is {angle}; it must be from 0 to 180 degrees."));
        return Default with
        {
            Semantic = semantic.Wanted,
            SemanticModel = semantic.Path,
            Structural = structural.Wanted,
            StructuralModel = structural.Path,
            MinimumAngle = angle * Math.PI / 180,
        };
    }

    private static ModelChoice ModelFrom(ParseResult arguments, Option<string> option) => arguments.GetValue(option) is { Length: > 0 } text
        ? ModelChoice.Parse(text)
        : throw new FaceReconException(ErrorId.InvalidOption, $"{option.Name} is empty; give default, none, or the path of a model.");
}
