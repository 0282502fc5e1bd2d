using System.Diagnostics;

namespace FaceRecon.Cli;

/// <summary>One line on standard error that is written over and over, on a terminal only.</summary>
internal sealed class ConsoleProgress : IProgress<ReconstructionProgress>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _last;
    private string _stage = "";
    private int _width;

    /// <summary>Progress, or null where standard error is a file or a pipe.</summary>
    public static ConsoleProgress? ToTerminal() => Console.IsErrorRedirected ? null : new ConsoleProgress();

    public void Report(ReconstructionProgress value)
    {
        if (value.Stage == _stage && value.Done < value.Total && _watch.Elapsed - _last < Interval)
            return;
        (_stage, _last) = (value.Stage, _watch.Elapsed);
        var text = value.Done < value.Total ? $"{value.Stage} {value.Done}/{value.Total}" : value.Stage;
        Console.Error.Write("\r" + text.PadRight(_width));
        _width = text.Length;
    }

    public void Dispose()
    {
        if (_width > 0)
            Console.Error.Write("\r" + new string(' ', _width) + "\r");
        _width = 0;
    }
}
