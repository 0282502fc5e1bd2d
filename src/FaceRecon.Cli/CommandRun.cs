using System.CommandLine;

namespace FaceRecon.Cli;

/// <summary>What all commands share: exit codes, one-line errors, Ctrl-C.</summary>
internal static class CommandRun
{
    private const int BadUsage = 2;
    private const int Interrupted = 130;

    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The body of a command. On another thread, because the library heeds Ctrl-C only while it waits for the
    /// command, and would otherwise end the process before anything is cleaned up.
    /// </summary>
    public static Task<int> OffThread(Action body) => Task.Run(() =>
    {
        body();
        return 0;
    });

    public static async Task<int> InvokeAsync(Command root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                Console.Error.WriteLine($"facerecon: {error.Message}");
            Console.Error.WriteLine("facerecon: try --help.");
            return BadUsage;
        }
        // Errors are ours to show, in one line; a stack trace would mean a defect.
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeToStop };
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (FaceReconException error)
        {
            Console.Error.WriteLine($"facerecon: {error.Message} [{error.ErrorId}]");
            return error.ExitCode;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("facerecon: interrupted; nothing was written.");
            return Interrupted;
        }
    }
}
