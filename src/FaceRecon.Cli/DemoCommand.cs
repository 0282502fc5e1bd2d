using System.CommandLine;

namespace FaceRecon.Cli;

/// <summary>facerecon demo: the sample capture, its reconstruction, and the error against the truth.</summary>
internal static class DemoCommand
{
    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "Folder for the sample (capture/) and what was made of it (face/).",
        DefaultValueFactory = _ => Path.Combine("out", "demo"),
    };
    private static readonly Option<bool> Force = new("--force", "-f") { Description = "Replace what an earlier demo left there." };

    public static Command Create()
    {
        var command = new Command("demo", "Make the sample capture, reconstruct it and print the error against its exact truth.") { Output, Force };
        command.SetAction((arguments, cancellation) => CommandRun.OffThread(() =>
        {
            var (folder, force) = (arguments.GetRequiredValue(Output), arguments.GetValue(Force));
            var (capture, face) = (Path.Combine(folder, "capture"), Path.Combine(folder, "face"));
            using var progress = ConsoleProgress.ToTerminal();
            progress?.Report(new ReconstructionProgress("Making the sample capture", 0, 0));
            SyntheticRgbdVideo.Write(capture, new SyntheticCaptureOptions(), force, null, cancellation);
            var options = new ReconstructionOptions { Export = new ExportOptions { Force = force } };
            var result = FaceReconstruction.Run(capture, face, options, progress, cancellation);
            var score = GroundTruth.Load(capture).Score(result.Mesh, cancellationToken: cancellation);
            progress?.Dispose();
            Summary.Print(Console.Out, result);
            Summary.Line(Console.Out, "error", $"{score}");
        }));
        return command;
    }
}
