using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Merges the clouds of all frames into one face with a pose for every frame. Frames that do not fit are left out,
/// each with its reason in the Frames of the result.
/// </summary>
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

    /// <summary>Threads to use; 0 for all cores. The result does not depend on it.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    public int MaxThreads { get; set; }

    private protected override void Begin()
    {
        _merger = new CloudMerger(Default with
        {
            Icp = Default.Icp with { MaximumNormalAngle = Angle.ToRadians(MaximumNormalAngle) },
            VoxelSize = VoxelSize,
            RegistrationVoxelSize = RegistrationVoxelSize,
            Truncation = Truncation,
            MinimumInlierRatio = MinimumInlierRatio,
            MaximumResidual = MaximumResidual,
            KeyframeAngle = Angle.ToRadians(KeyframeAngle),
            MaximumKeyframes = MaximumKeyframes,
            RefinementRounds = RefinementRounds,
            MaxThreads = MaxThreads,
        });
        _progress = new StageProgress(this, StageProgress.Merging, "Merging point clouds", StageProgress.Reading);
    }

    private protected override void Process()
    {
        foreach (var cloud in InputObject)
        {
            var pose = _merger.Add(cloud, Cancellation);
            _ = pose.Accepted ? _accepted++ : _rejected++;
            WriteVerbose(pose.ToString());
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
