using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// The whole way from a capture to a face mesh, as Import-RgbdVideo, ConvertTo-PointCloud, Get-FaceKeypoint, Merge-PointCloud,
/// Optimize-FaceCloud and Export-FaceMesh one after the other, with the stages overlapping. Takes many captures: each gives an object that
/// says what became of it, and one that fails is an error, too, and does not stop the others. Ctrl-C leaves whole what is done and nothing of what is not.
/// </summary>
/// <remarks>
/// A face that was written is not kept in the object, so that a night's list stays small; -PassThru keeps it. Captures that run at a time (-ThrottleLimit)
/// take several hundred megabytes each and share the cores. With -Resume the contents of a capture, the options and the version decide whether
/// a result is there already, and neither names nor dates.
/// </remarks>
/// <example>
/// <code>Invoke-FaceReconstruction ./capture ./face</code>
/// Reconstructs a capture and writes all files into ./face.
/// </example>
/// <example>
/// <code>
/// $result = Invoke-FaceReconstruction ./capture
/// $result.Face | Measure-FaceCloud
/// </code>
/// Writes nothing and keeps the face to look at.
/// </example>
/// <example>
/// <code>Get-ChildItem ./captures | Invoke-FaceReconstruction -OutputFolder { "./faces/$($_.Name)" } -ThrottleLimit 2 -Resume</code>
/// A folder of captures, two at a time. Run again, it does only what is new or has changed.
/// </example>
/// <example>
/// <code>
/// Get-ChildItem ./captures | Invoke-FaceReconstruction -OutputFolder { "./checked/$($_.Name)" } -Every 2 |
///     Where-Object Status -eq Failed | Format-List Capture, Reason
/// </code>
/// What failed, and why.
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "FaceReconstruction", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(ReconstructionOutcome))]
public sealed class InvokeFaceReconstructionCommand : CaptureCommand
{
    private static readonly ReconstructionOptions Default = new();
    private ReconstructionBatch _batch = null!;
    private BatchProgress _progress = null!;

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

    /// <summary>Gives the mesh a texture: a picture inside GLB, and beside OBJ, that shows the skin finer than the vertices' colours do.</summary>
    [Parameter]
    public SwitchParameter Texture { get; set; }

    /// <summary>Texels along the texture's sides.</summary>
    [Parameter]
    [ValidateSet("256", "512", "1024", "2048", "4096")]
    public int TextureSize { get; set; } = Default.Export.TextureSize;

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

    /// <summary>Finds the focal length too, within about 1 %, for cameras that state a wrong one.</summary>
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

    /// <summary>How the surface is made: of the merged points, smooth (Poisson), or the fused distances as they are (Tsdf).</summary>
    [Parameter]
    public SurfaceMethod SurfaceMethod { get; set; } = Default.Export.Surface.Method;

    /// <summary>Depth of the Poisson reconstruction, 4 to 10: each level halves the cells. 0 for cells that suit the points.</summary>
    [Parameter]
    [ValidateRange(0, 10)]
    public int OctreeDepth { get; set; } = Default.Export.Surface.Poisson.Depth;

    /// <summary>How strongly the Poisson surface is pulled to the points, against agreeing with their normals.</summary>
    [Parameter]
    [ValidateRange(0.0, 1000.0)]
    public double PointWeight { get; set; } = Default.Export.Surface.Poisson.PointWeight;

    /// <summary>Cuts the surface away where points lie less densely than this share of the typical density.</summary>
    [Parameter]
    [ValidateRange(0.0, 0.99)]
    public double MinimumDensity { get; set; } = Default.Export.Surface.MinimumDensity;

    /// <summary>Closes gaps in the data up to this width, metres; face.ply marks the vertices that do.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateRange(0.0, 1.0)]
    public double MaximumHole { get; set; } = Default.Export.Surface.MaximumHole;

    /// <summary>Triangles of the mesh at most; 0 for all.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int TriangleCount { get; set; } = Default.Export.Surface.TriangleCount;

    /// <summary>Frame of mesh, cloud and trajectory: the first accepted frame's camera, or the face's own.</summary>
    [Parameter]
    public MeshOrientation Orientation { get; set; } = Default.Export.Orientation;

    /// <summary>Threads to use; 0 for all cores. The result does not depend on it.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    public int MaxThreads { get; set; }

    /// <summary>Captures that are reconstructed at a time. One keeps two cores busy most of the time; each takes several hundred megabytes.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = new ReconstructionBatchOptions().ThrottleLimit;

    /// <summary>Skips captures whose result is there already: same contents, same options, same version, all files whole. A folder that holds anything else is an error, or written over with -Force.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>Writes into a folder that has contents, replacing files of the same names.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Keeps face and mesh in the object although they are written. Without a folder they always are.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Begin()
    {
        _batch = new ReconstructionBatch(new ReconstructionBatchOptions { ThrottleLimit = ThrottleLimit, Resume = Resume, KeepResults = PassThru }, Cancellation);
        _progress = new BatchProgress(this, _batch);
    }

    private protected override void Process(string capture)
    {
        var folder = OutputFolder is null ? null : this.ResolveNewPath(OutputFolder);
        if (Resume && folder is null)
            ThrowTerminatingError(new FaceReconException(ErrorId.InvalidOption, "-Resume looks for what is there already, and without -OutputFolder nothing is; name a folder for each capture.").ToErrorRecord());
        if (folder is not null && !ShouldProcess(folder, $"Write the reconstruction of {capture}"))
            return;
        try
        {
            _batch.Start(capture, folder, Options(CommandText.Of(this, ("Path", null), ("LiteralPath", capture), ("OutputFolder", folder))));
        }
        catch (FaceReconException e)
        {
            Emit(ReconstructionBatch.Failed(capture, folder, e));
        }
        while (_batch.IsFull)
            EmitNext();
    }

    private protected override void End()
    {
        while (_batch.Running.Count > 0)
            EmitNext();
        _progress.Complete();
        // A shell lives on for days; what the frames took is given back to the system, not kept for the next time.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    // What never came so far as to run is an outcome like any other.
    private protected override void Fail(FaceReconException error) => Emit(ReconstructionBatch.Failed(error.Path ?? "", null, error));

    private void EmitNext()
    {
        var outcome = _batch.WaitForOne(StageProgress.Interval);
        _progress.Refresh(outcome);
        if (outcome is not null)
            Emit(outcome);
    }

    private void Emit(ReconstructionOutcome outcome)
    {
        if (outcome.Error is { } error)
            WriteError(error is FaceReconException ours ? ours.ToErrorRecord() : new ErrorRecord(error, "Unexpected", ErrorCategory.NotSpecified, outcome.Capture));
        foreach (var warning in outcome.Report?.Optimization?.Warnings ?? [])
            WriteWarning($"{outcome.Capture}: {warning}");
        WriteVerbose(outcome.Report is { } report
            ? $"{outcome.Capture}: {report.Quality}, {report.Vertices} vertices, {report.Triangles} triangles"
            : $"{outcome}");
        foreach (var (stage, seconds) in outcome.Report?.Seconds ?? new Dictionary<string, double>())
            WriteDebug(FormattableString.Invariant($"{outcome.Capture}: {stage} {seconds:0.000} s"));
        WriteObject(outcome);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _batch?.Dispose();
        base.Dispose(disposing);
    }

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

    private ReconstructionOptions Options(string command) => Default with
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
            Texture = Texture,
            TextureSize = TextureSize,
            Force = Force,
            Command = command,
            Orientation = Orientation,
            Surface = Default.Export.Surface with
            {
                Method = SurfaceMethod,
                Poisson = Default.Export.Surface.Poisson with { Depth = OctreeDepth, PointWeight = PointWeight },
                MinimumDensity = MinimumDensity,
                MaximumHole = MaximumHole,
                TriangleCount = TriangleCount,
            },
        },
        MaxThreads = MaxThreads,
    };
}
