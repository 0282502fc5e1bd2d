using System.CommandLine;
using static FaceRecon.Cli.CaptureOptions;
using static FaceRecon.Cli.KeypointModelOptions;

namespace FaceRecon.Cli;

/// <summary>facerecon keypoints: the keypoints of a capture's frames, without a reconstruction.</summary>
internal static class KeypointsCommand
{
    private static readonly Option<string> Output = new("--output", "-o") { Description = "Folder to write keypoints.json into.", Required = true };
    private static readonly Option<bool> Overlay = new("--overlay") { Description = "Write overlay/NNNNNN.png too: each frame with its keypoints drawn on it." };

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
}
