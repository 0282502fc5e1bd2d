using System.CommandLine;
using static FaceRecon.Cli.CaptureOptions;

namespace FaceRecon.Cli;

/// <summary>facerecon check: what a reconstruction of a capture would stumble over.</summary>
internal static class CheckCommand
{
    private const int Unusable = 4;
    private static readonly Option<int> MaximumFrames = new("--maximum-frames") { Description = "Most frames to look at, spread evenly.", DefaultValueFactory = _ => 24 };

    public static Command Create()
    {
        var command = new Command("check", "Look at a capture before it is reconstructed, and say what to do better. Exits with 4 if a check fails.") { Capture, MaximumFrames, Quiet };
        command.SetAction((arguments, cancellation) => Task.Run(() =>
        {
            var quiet = arguments.GetValue(Quiet);
            using var progress = quiet ? null : ConsoleProgress.ToTerminal();
            var checks = CapturePreflight.Run(arguments.GetRequiredValue(Capture), Require(arguments.GetValue(MaximumFrames), 1, "--maximum-frames"), progress, cancellation);
            progress?.Dispose();
            if (!quiet)
                foreach (var check in checks)
                    Print(check);
            return checks.Any(check => check.Result == PreflightResult.Fail) ? Unusable : 0;
        }));
        return command;
    }

    private static void Print(PreflightCheck check)
    {
        Console.WriteLine($"{check.Result.ToString().ToLowerInvariant(),-6}{check.Name,-14}{check.Message}");
        if (check.Advice.Length > 0)
            Console.WriteLine($"{"",20}{check.Advice}");
    }
}
