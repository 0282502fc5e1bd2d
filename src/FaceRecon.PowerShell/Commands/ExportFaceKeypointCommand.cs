using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Writes the keypoints of all frames into one JSON file, which appears whole or not at all. Takes what Get-FaceKeypoint
/// emits, or keypoint sets by themselves.
/// </summary>
/// <example>
/// <code>Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint | Export-FaceKeypoint ./found.json</code>
/// The keypoints of all frames in one file.
/// </example>
/// <example>
/// <code>
/// $sets = Import-FaceKeypoint ./keypoints.json
/// $sets | Where-Object HasFace | Export-FaceKeypoint ./faces.json -PassThru
/// </code>
/// Only the frames with a face, of a file that is there.
/// </example>
[Cmdlet(VerbsData.Export, "FaceKeypoint", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportFaceKeypointCommand : FaceReconCommand
{
    private readonly List<KeypointSet> _sets = [];
    private OutputFile? _file;

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The .json file to write.")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>Keypoint sets, or anything that has one in Keypoints, as clouds and frames from Get-FaceKeypoint do.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Keypoint sets, or what Get-FaceKeypoint emits.")]
    [Alias("Keypoints")]
    [AllowNull]
    public KeypointSet?[]? InputObject { get; set; }

    /// <summary>Replaces a file that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the file that was written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    // Whether the file can be written is found out before the first frame and not after the last.
    private protected override void Begin()
    {
        var path = this.ResolveNewPath(Path);
        if (ShouldProcess(path, "Write keypoints"))
            _file = OutputFile.Create(path, Force);
    }

    private protected override void Process()
    {
        if (_file is null)
            return;
        foreach (var set in InputObject ?? [null])
            _sets.Add(set ?? throw new FaceReconException(ErrorId.InvalidOption,
                "A frame came without keypoints; put Get-FaceKeypoint before Export-FaceKeypoint."));
    }

    private protected override void End()
    {
        if (_file is null)
            return;
        var progress = new StageProgress(this, StageProgress.Writing, $"Writing {_file.Path}");
        var path = Offload(progress, cancellation =>
        {
            _file.Write(stream => KeypointFile.Write(stream, Unless(cancellation)));
            return _file.Commit();
        });
        progress.Complete();
        WriteVerbose($"keypoints of {_sets.Count} frames in {path}");
        if (PassThru)
            WriteObject(this.GetItem(path), enumerateCollection: true);
    }

    private IEnumerable<KeypointSet> Unless(CancellationToken cancellation)
    {
        foreach (var set in _sets)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return set;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _file?.Dispose();
        base.Dispose(disposing);
    }
}
