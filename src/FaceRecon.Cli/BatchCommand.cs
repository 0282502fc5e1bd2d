using System.CommandLine;
using static FaceRecon.Cli.CaptureOptions;

namespace FaceRecon.Cli;

/// <summary>facerecon batch: many captures, each into a folder of its own name.</summary>
internal static class BatchCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private static readonly Argument<string[]> Captures = new("captures") { Description = "Folders of captures.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<int> Parallel = new("--parallel")
    {
        Description = "Captures at a time. One keeps two cores busy most of the time; each takes several hundred megabytes.",
        DefaultValueFactory = _ => new ReconstructionBatchOptions().ThrottleLimit,
    };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Skip captures whose result is there already: same contents, options and version." };

    public static Command Create()
    {
        var command = new Command("batch", "Reconstruct many captures, each into a folder of its name below the output. One that fails does not stop the rest; the exit code is that of the first that failed.")
        {
            Captures, Parallel, Resume,
        };
        foreach (var option in ReconstructCommand.Create().Options)
            command.Add(option);
        command.SetAction((arguments, cancellation) => Task.Run(() => Run(arguments, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var (quiet, exitCode) = (arguments.GetValue(Quiet), 0);
        var options = ReconstructCommand.OptionsFrom(arguments);
        using var progress = quiet ? null : ConsoleProgress.ToTerminal();
        using var batch = new ReconstructionBatch(
            new ReconstructionBatchOptions { ThrottleLimit = Require(arguments.GetValue(Parallel), 1, "--parallel"), Resume = arguments.GetValue(Resume) }, cancellation);
        void TakeOne()
        {
            if (batch.WaitForOne(Interval) is { } outcome)
            {
                progress?.Dispose();
                Tell(outcome, quiet);
                if (exitCode == 0 && outcome.Error is { } error)
                    exitCode = error is FaceReconException ours ? ours.ExitCode : 1;
            }
            else if (batch.Running.FirstOrDefault() is { } running)
            {
                progress?.Report(running.Progress);
            }
        }
        foreach (var capture in arguments.GetRequiredValue(Captures))
        {
            batch.Start(capture, Path.Combine(arguments.GetRequiredValue(ReconstructCommand.Output), Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(capture)))), options);
            while (batch.IsFull)
                TakeOne();
        }
        while (batch.Running.Count > 0)
            TakeOne();
        return exitCode;
    }

    private static void Tell(ReconstructionOutcome outcome, bool quiet)
    {
        if (outcome.Error is { } error)
            Console.Error.WriteLine($"facerecon: {outcome.Capture}: {error.Message}{(error is FaceReconException ours ? $" [{ours.ErrorId}]" : "")}");
        else if (!quiet)
            Summary.Line(Console.Out, outcome.Status == ReconstructionStatus.Skipped ? "skipped" : "done",
                $"{outcome.Capture}: {(outcome.Report is { } report ? $"{report.Quality}, {outcome.Seconds:0.0} s" : outcome.Reason)}");
    }
}
