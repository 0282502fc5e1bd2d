using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Writes what Optimize-FaceCloud found wrong with the depth into a file, which appears whole or not at all: as JSON, for
/// Import-DepthCorrection, or, where the name ends in .png, as a picture of the part that all frames share.
/// </summary>
/// <example>
/// <code>
/// $face = Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint | Merge-PointCloud | Optimize-FaceCloud -WarningAction SilentlyContinue
/// $face | Export-DepthCorrection ./mine.json
/// $face | Export-DepthCorrection ./mine.png
/// </code>
/// What was wrong with the depth, for other captures of the camera, and as a picture.
/// </example>
/// <example>
/// <code>Import-DepthCorrection ./camera.json | Export-DepthCorrection ./camera.png -Force -PassThru</code>
/// Draws a correction that is there.
/// </example>
[Cmdlet(VerbsData.Export, "DepthCorrection", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDepthCorrectionCommand : FaceReconCommand
{
    private OutputFile? _file;
    private DepthCorrection? _correction;

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The .json or .png file to write.")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>A depth correction, or a face that has one from Optimize-FaceCloud.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "A depth correction, or a face from Optimize-FaceCloud.")]
    [Alias("DepthCorrection")]
    [AllowNull]
    public DepthCorrection? InputObject { get; set; }

    /// <summary>Replaces a file that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the file that was written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    // Whether the file can be written is found out before the frames are read and not after.
    private protected override void Begin()
    {
        var path = this.ResolveNewPath(Path);
        if (ShouldProcess(path, "Write depth correction"))
            _file = OutputFile.Create(path, Force);
    }

    private protected override void Process()
    {
        if (_correction is not null)
            throw new FaceReconException(ErrorId.InvalidOption, $"'{Path}' can hold one depth correction, and more than one came; give each a file of its own.");
        _correction = InputObject ?? throw new FaceReconException(ErrorId.InvalidOption,
            "A face came without a depth correction; put Optimize-FaceCloud before Export-DepthCorrection.");
    }

    private protected override void End()
    {
        if (_file is null || _correction is not { } correction)
            return;
        if (System.IO.Path.GetExtension(_file.Path).Equals(".png", StringComparison.OrdinalIgnoreCase))
            _file.Write(stream => stream.Write(ImageFile.EncodePng(correction.Draw())));
        else
            _file.Write(stream => DepthCorrectionFile.Write(stream, correction));
        Cancellation.ThrowIfCancellationRequested();
        var path = _file.Commit();
        WriteVerbose($"depth correction {correction} in {path}");
        if (PassThru)
            WriteObject(this.GetItem(path), enumerateCollection: true);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _file?.Dispose();
        base.Dispose(disposing);
    }
}
