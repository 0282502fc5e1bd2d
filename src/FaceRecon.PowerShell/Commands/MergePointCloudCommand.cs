using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Merges the clouds of all frames into one face with a pose for every frame. Frames that do not fit are left out,
/// each with its reason in the Frames of the result.
/// </summary>
/// <example>
/// <code>Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint | Merge-PointCloud</code>
/// One face of all frames.
/// </example>
/// <example>
/// <code>
/// $face = Import-RgbdVideo ./capture | ConvertTo-PointCloud | Merge-PointCloud -VoxelSize 0.002 -Method Colored
/// $face.Frames | Format-Table Index, Accepted, Rejection
/// </code>
/// Registers by shape and colour, twice as coarse, and tells what became of every frame.
/// </example>
/// <example>
/// <code>
/// $clouds = Import-RgbdVideo ./capture | ConvertTo-PointCloud
/// $first = $clouds | Merge-PointCloud -VoxelSize 0.004
/// $clouds | Merge-PointCloud -InitialPose ($first.Frames | Where-Object Accepted)
/// </code>
/// Poses of your own to start from; here those of a coarser run.
/// </example>
[Cmdlet(VerbsData.Merge, "PointCloud")]
[OutputType(typeof(FaceCloud))]
public sealed class MergePointCloudCommand : FaceReconCommand
{
    private static readonly MergeOptions Default = new();
    private CloudMerger _merger = null!;
    private StageProgress _progress = null!;
    private int _accepted, _rejected;

    /// <summary>The cloud of a frame, from ConvertTo-PointCloud, in the order of the video.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "The cloud of a frame, from ConvertTo-PointCloud.")]
    [ValidateNotNull]
    public FramePointCloud[] InputObject { get; set; } = null!;

    /// <summary>What registration minimises.</summary>
    [Parameter]
    public IcpMethod Method { get; set; } = Default.Icp.Method;

    /// <summary>
    /// Poses to start each frame's registration from, by its timestamp: the path of a trajectory file (TUM: timestamp tx ty tz qx qy
    /// qz qw, camera-to-world, in any world), or FramePose objects of your own, [FaceRecon.FramePose]::new($index, $seconds, $cameraToWorld).
    /// </summary>
    [Parameter(HelpMessage = "The path of a trajectory, or FaceRecon.FramePose objects.")]
    [ValidateNotNullOrEmpty]
    public object[]? InitialPose { get; set; }

    /// <summary>Frames less sharp than this share of those before are left out as blurred, 0 to 1; 0 keeps them.</summary>
    [Parameter(HelpMessage = "A share, 0 to 1.")]
    [ValidateRange(0.0, 1.0)]
    public double MinimumSharpness { get; set; } = Default.MinimumSharpness;

    /// <summary>Frames with something in front of more than this share of the head are left out, 0 to 1; 1 keeps them.</summary>
    [Parameter(HelpMessage = "A share, 0 to 1.")]
    [ValidateRange(0.0, 1.0)]
    public double MaximumCovered { get; set; } = Default.MaximumCovered;

    /// <summary>Frames in which an eye or the mouth fits so many times worse than the rest of the face are left out as a blink or a word.</summary>
    [Parameter]
    [ValidateRange(1.0, double.PositiveInfinity)]
    public double MaximumChange { get; set; } = Default.MaximumChange;

    /// <summary>Edge of a voxel of the merged cloud, about the spacing of its points, metres.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateRange(0.0002, 0.05)]
    public double VoxelSize { get; set; } = Default.VoxelSize;

    /// <summary>Edge of a voxel of the model that frames are registered to, metres.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateRange(0.0002, 0.05)]
    public double RegistrationVoxelSize { get; set; } = Default.RegistrationVoxelSize;

    /// <summary>Distance from the surface within which measurements are averaged, metres.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateRange(0.0005, 0.1)]
    public double Truncation { get; set; } = Default.Truncation;

    /// <summary>Frames of which a smaller share of the visible model matches are left out, 0 to 1.</summary>
    [Parameter(HelpMessage = "A share, 0 to 1.")]
    [ValidateRange(0.0, 1.0)]
    public double MinimumInlierRatio { get; set; } = Default.MinimumInlierRatio;

    /// <summary>Frames that fit the model worse than this (root mean square) are left out, metres.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateRange(0.0001, 0.1)]
    public double MaximumResidual { get; set; } = Default.MaximumResidual;

    /// <summary>Largest angle between the normals of two points that are taken for the same, degrees.</summary>
    [Parameter(HelpMessage = "Degrees.")]
    [ValidateRange(1.0, 90.0)]
    public double MaximumNormalAngle { get; set; } = Angle.ToDegrees(Default.Icp.MaximumNormalAngle);

    /// <summary>A frame whose view turns by less than this from a kept one adds its pose only, degrees.</summary>
    [Parameter(HelpMessage = "Degrees.")]
    [ValidateRange(0.0, 90.0)]
    public double KeyframeAngle { get; set; } = Angle.ToDegrees(Default.KeyframeAngle);

    /// <summary>Most frames kept for the refinement; this bounds memory, however long the video.</summary>
    [Parameter]
    [ValidateRange(2, 10000)]
    public int MaximumKeyframes { get; set; } = Default.MaximumKeyframes;

    /// <summary>Rounds in which every kept frame is registered anew to the model made of all.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int RefinementRounds { get; set; } = Default.RefinementRounds;

    /// <summary>Brings the kept frames' poses into agreement by a pose graph with loop closures, too.</summary>
    [Parameter]
    public SwitchParameter PoseGraph { get; set; }

    /// <summary>Threads to use; 0 for all cores. The result does not depend on it.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    public int MaxThreads { get; set; }

    private protected override void Begin()
    {
        _merger = new CloudMerger(Default with
        {
            InitialPoses = InitialPoses(),
            MinimumSharpness = MinimumSharpness,
            MaximumCovered = MaximumCovered,
            MaximumChange = MaximumChange,
            Icp = Default.Icp with { Method = Method, MaximumNormalAngle = Angle.ToRadians(MaximumNormalAngle) },
            VoxelSize = VoxelSize,
            RegistrationVoxelSize = RegistrationVoxelSize,
            Truncation = Truncation,
            MinimumInlierRatio = MinimumInlierRatio,
            MaximumResidual = MaximumResidual,
            KeyframeAngle = Angle.ToRadians(KeyframeAngle),
            MaximumKeyframes = MaximumKeyframes,
            RefinementRounds = RefinementRounds,
            PoseGraph = PoseGraph,
            MaxThreads = MaxThreads,
        });
        _progress = new StageProgress(this, StageProgress.Merging, "Merging point clouds", StageProgress.Reading);
    }

    private IReadOnlyList<FramePose>? InitialPoses()
    {
        var given = InitialPose?.Select(item => item is PSObject wrapped ? wrapped.BaseObject : item).ToArray();
        return given switch
        {
            null => null,
            [string path] => TrajectoryReader.Read(this.ResolveNewPath(path)),
            [FileInfo file] => TrajectoryReader.Read(file.FullName),
            _ when given.All(item => item is FramePose) => [.. given.Cast<FramePose>()],
            _ => throw new FaceReconException(ErrorId.InvalidOption, "-InitialPose takes the path of one trajectory file, or FaceRecon.FramePose objects and nothing else."),
        };
    }

    private protected override void Process()
    {
        foreach (var cloud in InputObject)
        {
            var pose = _merger.Add(cloud, Cancellation);
            _ = pose.Accepted ? _accepted++ : _rejected++;
            WriteVerbose(pose.ToString());
            WriteDebug(FormattableString.Invariant(
                $"frame {pose.Index}: inliers {pose.InlierRatio:0.0000}, rms {1000 * pose.ResidualRms:0.0000} mm, observability {pose.Observability:0.0000}"));
            _progress.Report($"{_accepted} frames registered, {_rejected} left out");
        }
    }

    private protected override void End()
    {
        _progress.Report("Refining the poses");
        var face = Offload(_progress, _merger.Complete);
        _progress.Complete();
        WriteVerbose(face.ToString());
        WriteObject(face);
    }
}
