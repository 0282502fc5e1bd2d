using System.CommandLine;

namespace FaceRecon.Cli;

/// <summary>facerecon reconstruct: a capture to a face mesh.</summary>
internal static class ReconstructCommand
{
    private static readonly Argument<string> Capture = new("capture")
    {
        Description = "Folder of the capture: color/ and depth/ with intrinsic.json, an Open3D or TUM folder, or a StandardCyborg folder of .ply frames.",
    };
    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "Folder to write face.ply, face.glb, cloud.ply, trajectory.txt, report.json and preview.png into.",
        Required = true,
    };
    private static readonly Option<bool> Force = new("--force", "-f") { Description = "Write into a folder that has contents, replacing files of the same names." };
    private static readonly Option<string[]> Formats = new("--format")
    {
        Description = "Mesh formats: ply, glb, obj, stl, separated by commas.",
        DefaultValueFactory = _ => ["ply", "glb"],
        AllowMultipleArgumentsPerToken = true,
    };
    private static readonly Option<LengthUnit> Unit = new("--unit") { Description = "Unit of PLY, OBJ and STL: metre or millimetre. GLB is always metres." };
    private static readonly Option<bool> Ascii = new("--ascii") { Description = "Write PLY as text." };
    private static readonly Option<int> Skip = new("--skip") { Description = "Frames to leave out at the start." };
    private static readonly Option<int?> First = new("--first") { Description = "Most frames to use." };
    private static readonly Option<int> Every = new("--every") { Description = "Use every n-th frame only.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> WholeScene = new("--no-head-search") { Description = "Use everything within the depth range, not only the head." };
    private static readonly Option<double> VoxelSize = new("--voxel-size") { Description = "Spacing of the merged points, millimetres.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> MaximumHole = new("--maximum-hole") { Description = "Close holes in the data up to this diameter, millimetres.", DefaultValueFactory = _ => 5 };
    private static readonly Option<int> Threads = new("--threads") { Description = "Threads to use; 0 for all cores. The result does not depend on it." };
    private static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "No summary and no progress; errors only." };

    public static Command Create()
    {
        var command = new Command("reconstruct", "Reconstruct the face that a capture shows.")
        {
            Capture, Output, Force, Formats, Unit, Ascii, Skip, First, Every, WholeScene, VoxelSize, MaximumHole, Threads, Quiet,
        };
        command.SetAction((arguments, cancellation) => CommandRun.OffThread(() =>
        {
            var quiet = arguments.GetValue(Quiet);
            using var progress = quiet ? null : ConsoleProgress.ToTerminal();
            var result = FaceReconstruction.Run(arguments.GetRequiredValue(Capture), arguments.GetRequiredValue(Output), OptionsFrom(arguments), progress, cancellation);
            progress?.Dispose();
            if (!quiet)
                Summary.Print(Console.Out, result);
        }));
        return command;
    }

    private static ReconstructionOptions OptionsFrom(ParseResult arguments) => new()
    {
        Frames = new FrameSelection(
            Require(arguments.GetValue(Skip), 0, "--skip"),
            arguments.GetValue(First) is { } first ? Require(first, 1, "--first") : null,
            Require(arguments.GetValue(Every), 1, "--every")),
        Cloud = new PointCloudOptions { HeadOnly = !arguments.GetValue(WholeScene) },
        Merge = new MergeOptions { VoxelSize = 0.001 * Require(arguments.GetValue(VoxelSize), 0.25, "--voxel-size") },
        Export = new ExportOptions
        {
            Formats = FormatsFrom(arguments.GetValue(Formats)!),
            Unit = arguments.GetValue(Unit),
            Ascii = arguments.GetValue(Ascii),
            Force = arguments.GetValue(Force),
            Surface = new SurfaceOptions { MaximumHole = 0.001 * Require(arguments.GetValue(MaximumHole), 0, "--maximum-hole") },
        },
        MaxThreads = Require(arguments.GetValue(Threads), 0, "--threads"),
    };

    private static T Require<T>(T value, T least, string option) where T : IComparable<T> => value.CompareTo(least) >= 0
        ? value
        : throw new FaceReconException(ErrorId.InvalidOption, FormattableString.Invariant($"{option} is {value}; it must be at least {least}."));

    private static MeshFormats FormatsFrom(IEnumerable<string> names)
    {
        var formats = MeshFormats.None;
        foreach (var name in names.SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
            formats |= Enum.TryParse<MeshFormats>(name, ignoreCase: true, out var format) && !char.IsDigit(name[0])
                ? format
                : throw new FaceReconException(ErrorId.InvalidOption, $"--format knows ply, glb, obj and stl, not '{name}'.");
        return formats;
    }
}
