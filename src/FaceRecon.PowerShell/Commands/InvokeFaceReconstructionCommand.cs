using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// The whole way from a capture to a face mesh, as Import-RgbdVideo, ConvertTo-PointCloud, Get-FaceKeypoint, Merge-PointCloud,
/// Optimize-FaceCloud and Export-FaceMesh one after the other, with the stages overlapping. One result a capture; a capture that fails is an
/// error and does not stop the others.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "FaceReconstruction", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(ReconstructionResult))]
public sealed class InvokeFaceReconstructionCommand : CaptureCommand
{
    private static readonly ReconstructionOptions Default = new();
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <summary>The folder to write into; nothing is written without it. For several captures a script block names one for each.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? OutputFolder { get; set; }

    /// <summary>Formats of the mesh.</summary>
    [Parameter]
    public MeshFormats Format { get; set; } = Default.Export.Formats;

    /// <summary>Unit of PLY, OBJ and STL; GLB is always metres.</summary>
    [Parameter]
    public LengthUnit Unit { get; set; } = Default.Export.Unit;

    /// <summary>Writes PLY as text.</summary>
    [Parameter]
    public SwitchParameter Ascii { get; set; }

    /// <summary>Uses everything within the depth range, not only the head.</summary>
    [Parameter]
    public SwitchParameter WholeFrame { get; set; }

    /// <summary>Looks for no keypoints: faster, but lost frames are found by their shape alone, and no blink or word is noticed.</summary>
    [Parameter]
    public SwitchParameter NoKeypoint { get; set; }

    /// <summary>Finds semantic keypoints, as Get-FaceKeypoint does: Default, None, or the path of a model.</summary>
    [Parameter(HelpMessage = "Default, None, or the path of a model (.onnx, .dat).")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SemanticModelCompleter))]
    public string SemanticModel { get; set; } = ModelChoice.Default;

    /// <summary>Finds structural keypoints, as Get-FaceKeypoint does: Default, None, or the path of a model.</summary>
    [Parameter(HelpMessage = "Default, None, or the path of a model (.onnx).")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StructuralModelCompleter))]
    public string StructuralModel { get; set; } = ModelChoice.Default;

    /// <summary>What registration minimises.</summary>
    [Parameter]
    public IcpMethod Method { get; set; } = Default.Merge.Icp.Method;

    /// <summary>
    /// A trajectory file (TUM: timestamp tx ty tz qx qy qz qw, camera-to-world, in any world) to start each frame's
    /// registration from, by its timestamp. For several captures a script block names one for each.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The path of a trajectory.")]
    [ValidateNotNullOrEmpty]
    public string? InitialPose { get; set; }

    /// <summary>Leaves poses and depth as merging has them.</summary>
    [Parameter]
    public SwitchParameter NoOptimization { get; set; }

    /// <summary>Optimises poses only and leaves the depth as measured.</summary>
    [Parameter]
    public SwitchParameter NoDepthCorrection { get; set; }

    /// <summary>Corrects the focal length too, for cameras that state a wrong one.</summary>
    [Parameter]
    public SwitchParameter RefineIntrinsics { get; set; }

    /// <summary>Weight of the differences between semantic keypoints.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    public double SemanticWeight { get; set; } = Default.Optimize!.SemanticWeight;

    /// <summary>Weight of the differences between structural keypoints.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    public double StructuralWeight { get; set; } = Default.Optimize!.StructuralWeight;

    /// <summary>Weight of the differences between overlapping surfaces.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    public double DenseWeight { get; set; } = Default.Optimize!.DenseWeight;

    /// <summary>A correction that another capture of the same camera gave, from Import-DepthCorrection; applied before all else.</summary>
    [Parameter]
    [ValidateNotNull]
    public DepthCorrection? DepthCorrection { get; set; }

    /// <summary>Edge of a voxel of the merged cloud, about the spacing of its points, metres.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateRange(0.0002, 0.05)]
    public double VoxelSize { get; set; } = Default.Merge.VoxelSize;

    /// <summary>Closes holes in the data up to this diameter, metres.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateRange(0.0, 1.0)]
    public double MaximumHole { get; set; } = Default.Export.Surface.MaximumHole;

    /// <summary>Threads to use; 0 for all cores. The result does not depend on it.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    public int MaxThreads { get; set; }

    /// <summary>Writes into a folder that has contents, replacing files of the same names.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process(string capture)
    {
        var folder = OutputFolder is null ? null : this.ResolveNewPath(OutputFolder);
        if (folder is not null && !ShouldProcess(folder, $"Write the reconstruction of {capture}"))
            return;
        if (folder is not null && !_written.Add(folder))
            throw new FaceReconException(ErrorId.InvalidOption,
                $"'{folder}' is the output of another capture already; name a folder for each, as in -OutputFolder {{ \"out/$($_.Name)\" }}.", folder);
        WriteObject(Reconstruct(capture, folder));
    }

    private protected override void Fail(FaceReconException error) => WriteError(error.ToErrorRecord());

    private FaceKeypointOptions? KeypointOptions()
    {
        var (semantic, structural) = (ModelChoice.Parse(SemanticModel), ModelChoice.Parse(StructuralModel));
        return NoKeypoint || (!semantic.Wanted && !structural.Wanted) ? null : new FaceKeypointOptions
        {
            Semantic = semantic.Wanted,
            SemanticModel = semantic.Path is null ? null : this.ResolveNewPath(semantic.Path),
            Structural = structural.Wanted,
            StructuralModel = structural.Path is null ? null : this.ResolveNewPath(structural.Path),
        };
    }

    private ReconstructionResult Reconstruct(string capture, string? folder)
    {
        var options = Default with
        {
            Frames = Selection,
            Cloud = Default.Cloud with { HeadOnly = !WholeFrame, DepthCorrection = DepthCorrection?.WithoutFrames() },
            Keypoints = KeypointOptions(),
            Merge = Default.Merge with
            {
                Icp = Default.Merge.Icp with { Method = Method },
                InitialPoses = InitialPose is null ? null : TrajectoryReader.Read(this.ResolveNewPath(InitialPose)),
                VoxelSize = VoxelSize,
            },
            Optimize = NoOptimization ? null : Default.Optimize! with
            {
                CorrectDepth = !NoDepthCorrection,
                RefineIntrinsics = RefineIntrinsics,
                SemanticWeight = SemanticWeight,
                StructuralWeight = StructuralWeight,
                DenseWeight = DenseWeight,
            },
            Export = Default.Export with
            {
                Formats = Format,
                Unit = Unit,
                Ascii = Ascii,
                Force = Force,
                Surface = Default.Export.Surface with { MaximumHole = MaximumHole },
            },
            MaxThreads = MaxThreads,
        };
        var progress = new StageProgress(this, StageProgress.Reconstructing, $"Reconstructing {capture}");
        var result = Offload<ReconstructionProgress, ReconstructionResult>(progress,
            (reports, cancellation) => FaceReconstruction.Run(capture, folder, options, reports, cancellation),
            report =>
            {
                // What comes after the last frame is not counted in frames.
                if (report.Done < report.Total)
                    progress.Report($"{report.Stage}: {report.Done} of {report.Total}", report.Done, report.Total);
                else
                    progress.Report(report.Stage);
            });
        progress.Complete();
        foreach (var warning in result.Face.Optimization?.Warnings ?? [])
            WriteWarning($"{capture}: {warning}");
        WriteVerbose($"{capture}: {result.Face}, {result.Mesh}");
        return result;
    }
}
