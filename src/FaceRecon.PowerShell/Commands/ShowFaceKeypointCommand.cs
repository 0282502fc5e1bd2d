using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Draws the keypoints of each frame over its image, for a person to judge, as PNG files named after the frame's number, and
/// emits the files. All of them appear, or none.
/// </summary>
/// <example>
/// <code>Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint | Show-FaceKeypoint ./overlay</code>
/// A picture of every frame with its keypoints.
/// </example>
/// <example>
/// <code>Import-RgbdVideo ./capture -First 2 | Get-FaceKeypoint | Show-FaceKeypoint ./overlay -Force | Select-Object -First 1</code>
/// Without clouds: semantic keypoints only, over pictures of an earlier run; the first of the files.
/// </example>
[Cmdlet(VerbsCommon.Show, "FaceKeypoint", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ShowFaceKeypointCommand : FaceReconCommand
{
    private readonly HashSet<int> _drawn = [];
    private OutputFolder? _output;
    private StageProgress _progress = null!;

    /// <summary>The folder to write into.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The folder to write into.")]
    [Alias("OutputFolder")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The frame to draw on. Clouds and frames from Get-FaceKeypoint bring it and its keypoints.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "What Get-FaceKeypoint emits.")]
    [ValidateNotNull]
    public RgbdFrame Frame { get; set; } = null!;

    /// <summary>The keypoints to draw, where they are not the frame's own.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Keypoints")]
    [AllowNull]
    public KeypointSet? Keypoint { get; set; }

    /// <summary>Writes into a folder that has contents, replacing files of the same names.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Begin()
    {
        var folder = this.ResolveNewPath(Path);
        if (ShouldProcess(folder, "Write images of keypoints"))
            _output = OutputFolder.Create(folder, Force);
        _progress = new StageProgress(this, StageProgress.Writing, $"Drawing into {folder}", StageProgress.Reading);
    }

    private protected override void Process()
    {
        if (_output is null)
            return;
        if (Keypoint is null)
            throw new FaceReconException(ErrorId.InvalidOption,
                $"Frame {Frame.Index} has no keypoints; put Get-FaceKeypoint before Show-FaceKeypoint.", frameIndex: Frame.Index);
        if (!_drawn.Add(Frame.Index))
            throw new FaceReconException(ErrorId.InvalidOption,
                $"Frame {Frame.Index} came twice, and its image can show one only; give each capture a folder of its own.", frameIndex: Frame.Index);
        Cancellation.ThrowIfCancellationRequested();
        _output.Write(FormattableString.Invariant($"{Frame.Index:000000}.png"), stream => stream.Write(ImageFile.EncodePng(KeypointOverlay.Draw(Frame.Color, Keypoint))));
        _progress.Report($"{_drawn.Count} frames");
    }

    private protected override void End()
    {
        _progress.Complete();
        if (_output is not null && _drawn.Count > 0)
            WriteObject(_output.Commit().SelectMany(this.GetItem), enumerateCollection: true);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _output?.Dispose();
        base.Dispose(disposing);
    }
}
