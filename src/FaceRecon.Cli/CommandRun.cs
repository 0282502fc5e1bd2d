using System.CommandLine;

namespace FaceRecon.Cli;

/// <summary>What all commands share: exit codes, one-line errors, Ctrl-C.</summary>
internal static class CommandRun
{
    private const int BadUsage = 2;
    private const int Interrupted = 130;

    public static async Task<int> InvokeAsync(RootCommand root, string[] args)
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
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
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
