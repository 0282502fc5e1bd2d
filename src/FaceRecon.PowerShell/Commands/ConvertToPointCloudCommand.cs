using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Makes the point cloud of each frame: background and torso cut away, flying pixels and spikes removed, a normal and a
/// standard deviation for every point. A frame without a head costs that frame only.
/// Keypoints that a frame brings are lifted to the surface and stay with the cloud.
/// </summary>
/// <example>
/// <code>Import-RgbdVideo ./capture | ConvertTo-PointCloud</code>
/// The head in every frame as points.
/// </example>
/// <example>
/// <code>Import-RgbdVideo ./capture | ConvertTo-PointCloud -MaximumDepth 0.8 -MaximumIncidenceAngle 60</code>
/// Only what is nearer than 80 cm and seen no more grazingly than at 60 degrees.
/// </example>
/// <example>
/// <code>Import-RgbdVideo ./capture | Where-Object Index -ne 3 | ConvertTo-PointCloud -DepthCorrection (Import-DepthCorrection ./camera.json)</code>
/// Leaves a frame out, and corrects the depth of the others by what another capture of the same camera gave.
/// </example>
[Cmdlet(VerbsData.ConvertTo, "PointCloud")]
[OutputType(typeof(FramePointCloud))]
public sealed class ConvertToPointCloudCommand : FaceReconCommand
{
    private static readonly PointCloudOptions Default = new();
    private PointCloudOptions _options = Default;

    /// <summary>The frame, from Import-RgbdVideo.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "A frame from Import-RgbdVideo.")]
    [ValidateNotNull]
    public RgbdFrame InputObject { get; set; } = null!;

    /// <summary>Nearest depth that counts, metres.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateRange(0.01, 100.0)]
    public double MinimumDepth { get; set; } = Default.MinimumDepth;

    /// <summary>Farthest depth that counts, metres.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateRange(0.01, 100.0)]
    public double MaximumDepth { get; set; } = Default.MaximumDepth;

    /// <summary>Largest angle between the surface and the ray that sees it, degrees; what is seen more grazingly is dropped.</summary>
    [Parameter(HelpMessage = "Degrees.")]
    [ValidateRange(1.0, 90.0)]
    public double MaximumIncidenceAngle { get; set; } = Angle.ToDegrees(Default.MaximumIncidence);

    /// <summary>Radius of the ball around the centre of the head that is kept, metres.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateRange(0.01, 10.0)]
    public double HeadRadius { get; set; } = Default.HeadRadius;

    /// <summary>Keeps everything within the depth range, not only the head.</summary>
    [Parameter]
    public SwitchParameter WholeFrame { get; set; }

    /// <summary>
    /// Smooths depth along the surface, for clouds that are looked at one by one. Not for merging: the mean of many frames is as
    /// smooth, and keeps the detail. Without it points are the exact back-projection of depth as it was read.
    /// </summary>
    [Parameter]
    public SwitchParameter Smooth { get; set; }

    /// <summary>Keeps the points that hang between a depth edge's two surfaces, and those that stand off the surface around them.</summary>
    [Parameter]
    public SwitchParameter KeepFlyingPixels { get; set; }

    /// <summary>
    /// What is wrong with this camera's depth, from Import-DepthCorrection or the DepthCorrection of an optimised face: the part
    /// that all frames share is added to every depth, and the focal length is scaled.
    /// </summary>
    [Parameter(HelpMessage = "From Import-DepthCorrection, or the DepthCorrection of an optimised face.")]
    [ValidateNotNull]
    public DepthCorrection? DepthCorrection { get; set; }

    private protected override void Begin()
    {
        if (MinimumDepth >= MaximumDepth)
            throw new FaceReconException(ErrorId.InvalidOption,
                FormattableString.Invariant($"-MinimumDepth {MinimumDepth} m leaves nothing below -MaximumDepth {MaximumDepth} m."));
        _options = Default with
        {
            MinimumDepth = MinimumDepth,
            MaximumDepth = MaximumDepth,
            MaximumIncidence = Angle.ToRadians(MaximumIncidenceAngle),
            HeadRadius = HeadRadius,
            HeadOnly = !WholeFrame,
            Smooth = Smooth,
            RemoveFlyingPixels = !KeepFlyingPixels,
            DepthCorrection = DepthCorrection,
        };
    }

    private protected override void Process()
    {
        FramePointCloud cloud;
        try
        {
            cloud = FramePointCloud.FromFrame(InputObject, _options, Cancellation);
            if (InputObject.Keypoints is { } keypoints)
                cloud = cloud.WithKeypoints(KeypointLifter.Lift(keypoints, cloud));
        }
        // A correction for another camera is wrong for all frames and not for this one only.
        catch (FaceReconException e) when (e.ErrorId != ErrorId.DepthCorrectionInvalid)
        {
            WriteError(e.ToErrorRecord());
            return;
        }
        WriteVerbose(cloud.ToString());
        WriteDebug(FormattableString.Invariant(
            $"frame {cloud.Index}: window {cloud.Width}x{cloud.Height} at ({cloud.Left}, {cloud.Top}), head {cloud.Head}, noise at 0.4 m {1000 * cloud.Noise.Sigma(0.4):0.000} mm"));
        WriteObject(cloud);
    }
}
