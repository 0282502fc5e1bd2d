using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Makes a synthetic capture with its ground truth: a head of our own making, filmed by a camera with a stated
/// error. The same parameters give the same bytes.
/// </summary>
/// <example>
/// <code>New-SyntheticRgbdVideo ./sample -Frames 3 -Width 320 -Height 240</code>
/// A synthetic head, filmed from ear to ear, with its ground truth beside it.
/// </example>
/// <example>
/// <code>1..2 | ForEach-Object { New-SyntheticRgbdVideo "./people/$_" -Seed $_ -Frames 2 -Width 160 -Height 120 -Noise Heavy -PassThru }</code>
/// Another person for every seed, by a bad camera.
/// </example>
[Cmdlet(VerbsCommon.New, "SyntheticRgbdVideo", SupportsShouldProcess = true)]
[OutputType(typeof(DirectoryInfo))]
public sealed class NewSyntheticRgbdVideoCommand : FaceReconCommand
{
    private static readonly SyntheticCaptureOptions Default = new();

    /// <summary>The capture folder to make.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The capture folder to make.")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>Number of frames, 30 a second.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int Frames { get; set; } = Default.Frames;

    /// <summary>Columns of colour and depth, pixels.</summary>
    [Parameter(HelpMessage = "Pixels.")]
    [ValidateRange(64, 4096)]
    public int Width { get; set; } = Default.Width;

    /// <summary>Rows of colour and depth, pixels.</summary>
    [Parameter(HelpMessage = "Pixels.")]
    [ValidateRange(64, 4096)]
    public int Height { get; set; } = Default.Height;

    /// <summary>How wrong the sensor is.</summary>
    [Parameter]
    public NoiseLevel Noise { get; set; } = Default.Noise;

    /// <summary>Factor on every error of the noise level.</summary>
    [Parameter]
    [ValidateRange(0.0, 10.0)]
    public double NoiseScale { get; set; } = Default.NoiseScale;

    /// <summary>What moves, the camera or the head.</summary>
    [Parameter]
    public HeadMotion Motion { get; set; } = Default.Motion;

    /// <summary>Draws the person, the room, the path and the noise.</summary>
    [Parameter]
    public int Seed { get; set; } = Default.Seed;

    /// <summary>Replaces a synthetic capture that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the folder, for Import-RgbdVideo.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void End()
    {
        var folder = this.ResolveNewPath(Path);
        if (!ShouldProcess(folder, $"Make a synthetic capture of {Frames} frames"))
            return;
        var options = Default with { Frames = Frames, Width = Width, Height = Height, Noise = Noise, NoiseScale = NoiseScale, Motion = Motion, Seed = Seed };
        var progress = new StageProgress(this, StageProgress.Writing, $"Making {folder}");
        var done = 0;
        Offload<int, bool>(progress,
            (reports, cancellation) =>
            {
                SyntheticRgbdVideo.Write(folder, options, Force, reports, cancellation);
                return true;
            },
            _ => progress.Report($"{++done} of {Frames} frames", done, Frames));
        progress.Complete();
        if (PassThru)
            WriteObject(this.GetItem(folder), enumerateCollection: true);
    }
}
