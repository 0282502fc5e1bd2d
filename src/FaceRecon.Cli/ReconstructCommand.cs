using System.CommandLine;
using static FaceRecon.Cli.CaptureOptions;
using static FaceRecon.Cli.KeypointModelOptions;
using static FaceRecon.Cli.MeshOptions;
using static FaceRecon.Cli.OptimizationOptions;

namespace FaceRecon.Cli;

/// <summary>facerecon reconstruct: a capture to a face mesh.</summary>
internal static class ReconstructCommand
{
    internal static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "Folder to write face.ply, face.glb, cloud.ply, trajectory.txt, keypoints.json, depth_correction.json and .png, report.html and .json and preview.png into.",
        Required = true,
    };
    private static readonly Option<string[]> Formats = new("--format")
    {
        Description = "Mesh formats: ply, glb, obj, stl, separated by commas.",
        DefaultValueFactory = _ => ["ply", "glb"],
        AllowMultipleArgumentsPerToken = true,
    };
    private static readonly Option<LengthUnit> Unit = new("--unit") { Description = "Unit of PLY, OBJ and STL: metre or millimetre. GLB is always metres." };
    private static readonly Option<bool> Ascii = new("--ascii") { Description = "Write PLY as text." };
    private static readonly Option<bool> Texture = new("--texture") { Description = "Give the mesh a texture: a picture inside GLB, and beside OBJ, finer than the vertices' colours." };
    private static readonly Option<int> TextureSize = new("--texture-size") { Description = "Texels along the texture's sides: 256, 512, 1024, 2048 or 4096.", DefaultValueFactory = _ => 2048 };
    private static readonly Option<double> VoxelSize = new("--voxel-size") { Description = "Spacing of the merged points, millimetres.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> NoKeypoints = new("--no-keypoints") { Description = "Look for no keypoints: faster, but lost frames are found by their shape alone, and no blink or word is noticed." };
    private static readonly Option<IcpMethod> IcpMethod = new("--icp-method") { Description = "How frames are registered: pointtoplane, pointtopoint, generalized or colored." };
    private static readonly Option<string?> InitialPose = new("--initial-pose") { Description = "Trajectory (TUM: timestamp tx ty tz qx qy qz qw, camera-to-world) to start registration from, by timestamp." };
    private static readonly Option<bool> PoseGraph = new("--pose-graph") { Description = "Bring the poses into agreement by a pose graph with loop closures, too." };

    public static Command Create()
    {
        var command = new Command("reconstruct", "Reconstruct the face that a capture shows.")
        {
            Capture, Output, Force, Formats, Unit, Ascii, Texture, TextureSize, Skip, First, Every, WholeScene,
            NoKeypoints, SemanticModel, StructuralModel, MinimumAngle, IcpMethod, InitialPose, PoseGraph,
            NoOptimize, NoDepthCorrection, RefineIntrinsics, SemanticWeight, StructuralWeight, DenseWeight, Pairing, CorrectionFile, VoxelSize,
            MeshOptions.Method, OctreeDepth, PointWeight, MinimumDensity, MaximumHole, TriangleCount, Orientation, Threads, Quiet,
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

    internal static ReconstructionOptions OptionsFrom(ParseResult arguments) => new()
    {
        Frames = SelectionFrom(arguments),
        Cloud = CloudFrom(arguments) with { DepthCorrection = arguments.GetValue(CorrectionFile) is { } correction ? DepthCorrectionFile.Read(correction).WithoutFrames() : null },
        Keypoints = arguments.GetValue(NoKeypoints) ? null : KeypointsFrom(arguments),
        Merge = new MergeOptions
        {
            Icp = new IcpOptions { Method = arguments.GetValue(IcpMethod) },
            InitialPoses = arguments.GetValue(InitialPose) is { } path ? TrajectoryReader.Read(path) : null,
            PoseGraph = arguments.GetValue(PoseGraph),
            VoxelSize = 0.001 * Require(arguments.GetValue(VoxelSize), 0.25, "--voxel-size"),
        },
        Optimize = OptimizationFrom(arguments),
        Export = new ExportOptions
        {
            Formats = FormatsFrom(arguments.GetValue(Formats)!),
            Unit = arguments.GetValue(Unit),
            Ascii = arguments.GetValue(Ascii),
            Texture = arguments.GetValue(Texture),
            TextureSize = arguments.GetValue(TextureSize),
            Force = arguments.GetValue(Force),
            Command = CommandText.OfThisProcess(),
            Surface = SurfaceFrom(arguments),
            Orientation = arguments.GetValue(Orientation),
        },
        MaxThreads = ThreadsFrom(arguments),
    };

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
