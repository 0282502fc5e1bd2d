using System.Diagnostics;

namespace FaceRecon.Tests;

/// <summary>A Chromium that draws pages without a screen, where one is installed.</summary>
internal static class HeadlessBrowser
{
    internal const string Missing = "No Chromium or Chrome is on the PATH.";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

    /// <summary>The program; null where there is none.</summary>
    internal static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name + (OperatingSystem.IsWindows() ? ".exe" : ""))))
        .FirstOrDefault(File.Exists);

    /// <summary>Opens a page with a part, and gives its picture and what it said to the console.</summary>
    internal static (ColorImage Picture, string Console) Photograph(string page, string part, ScratchFolder scratch, int width, int height)
    {
        var picture = Path.Combine(scratch.Path, "page.png");
        var (_, console) = Run(page, part, scratch, $"--window-size={width},{height}", $"--screenshot={picture}");
        Assert.True(File.Exists(picture), $"no picture: {console}");
        return (ImageFile.ReadColor(picture), console);
    }

    /// <summary>Opens a page with a part, and gives its document as it is once its scripts have run.</summary>
    internal static string Document(string page, string part, ScratchFolder scratch) => Run(page, part, scratch, "--dump-dom").Output;

    private static (string Output, string Console) Run(string page, string part, ScratchFolder scratch, params string[] what)
    {
        var start = new ProcessStartInfo(Program!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--hide-scrollbars", "--force-device-scale-factor=1",
            "--virtual-time-budget=20000", "--enable-logging=stderr", "--log-level=0", $"--user-data-dir={Path.Combine(scratch.Path, "profile")}",
            .. what, new Uri(page).AbsoluteUri + part,
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var console = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"the browser took more than {Patience.TotalMinutes:0} minutes");
        }
        return (output.Result, console.Result);
    }
}
