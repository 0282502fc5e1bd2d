using System.CommandLine;

namespace FaceRecon.Cli;

/// <summary>facerecon sample: a synthetic capture with exact ground truth.</summary>
internal static class SampleCommand
{
    private static readonly Argument<string> Folder = new("folder") { Description = "Folder to write the capture into." };
    private static readonly Option<int> Frames = new("--frames") { Description = "Number of frames.", DefaultValueFactory = _ => 60 };
    private static readonly Option<int> Width = new("--width") { Description = "Columns.", DefaultValueFactory = _ => 640 };
    private static readonly Option<int> Height = new("--height") { Description = "Rows.", DefaultValueFactory = _ => 480 };
    private static readonly Option<NoiseLevel> Noise = new("--noise") { Description = "Sensor error.", DefaultValueFactory = _ => NoiseLevel.Light };
    private static readonly Option<HeadMotion> Motion = new("--motion") { Description = "What moves.", DefaultValueFactory = _ => HeadMotion.CameraOrbit };
    private static readonly Option<int> Seed = new("--seed") { Description = "Another seed is another person, path and noise.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Force = new("--force", "-f") { Description = "Replace a folder that exists." };

    public static Command Create()
    {
        var command = new Command("sample", "Make a synthetic capture of a head, with exact ground truth beside it.") { Folder, Frames, Width, Height, Noise, Motion, Seed, Force };
        command.SetAction((arguments, cancellation) => CommandRun.OffThread(() =>
        {
            var folder = arguments.GetRequiredValue(Folder);
            var options = new SyntheticCaptureOptions
            {
                Frames = arguments.GetValue(Frames),
                Width = arguments.GetValue(Width),
                Height = arguments.GetValue(Height),
                Noise = arguments.GetValue(Noise),
                Motion = arguments.GetValue(Motion),
                Seed = arguments.GetValue(Seed),
            };
            SyntheticRgbdVideo.Write(folder, options, arguments.GetValue(Force), null, cancellation);
            Console.WriteLine($"wrote   {Path.GetFullPath(folder)}: {options.Frames} frames, {options.Width}x{options.Height}, truth in groundtruth/");
        }));
        return command;
    }
}
