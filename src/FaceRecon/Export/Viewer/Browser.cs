using System.ComponentModel;
using System.Diagnostics;

namespace FaceRecon;

/// <summary>Opens a page in the user's browser.</summary>
public static class Browser
{
    /// <summary>Asks the system to open a file with the program for its kind. Never fails: where there is no screen or no such program, nothing happens.</summary>
    /// <param name="path">The page.</param>
    /// <returns>Whether a program was started.</returns>
    public static bool TryOpen(string path) => TryOpen(path, Environment.GetEnvironmentVariable);

    internal static bool TryOpen(string path, Func<string, string?> environment)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (OperatingSystem.IsWindows())
                return Start(new ProcessStartInfo(path) { UseShellExecute = true });
            if (OperatingSystem.IsMacOS())
                return Start(new ProcessStartInfo("/usr/bin/open", [path]));
            // Without a display the opener would try terminal browsers, or wait for ever.
            var hasDisplay = !string.IsNullOrEmpty(environment("DISPLAY")) || !string.IsNullOrEmpty(environment("WAYLAND_DISPLAY"));
            if (!hasDisplay || Find("xdg-open", environment("PATH")) is not { } opener)
                return false;
            // The shell parts it from us: what it prints goes nowhere, and it lives on when we end.
            return Start(new ProcessStartInfo("/bin/sh", ["-c", "\"$0\" \"$1\" > /dev/null 2>&1 < /dev/null &", opener, path]));
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException or IOException)
        {
            return false;
        }
    }

    private static bool Start(ProcessStartInfo start)
    {
        using var process = Process.Start(start);
        return true;
    }

    private static string? Find(string program, string? searchPath) => (searchPath ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
