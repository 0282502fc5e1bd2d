using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Reads the frames of an RGB-D capture, each as soon as the next stage is ready for it: the whole video is never in
/// memory. A frame that cannot be read costs that frame; a capture that cannot be read ends the pipeline.
/// </summary>
/// <example>
/// <code>Import-RgbdVideo ./capture</code>
/// Reads every frame of a capture.
/// </example>
/// <example>
/// <code>Import-RgbdVideo ./capture -Skip 1 -Every 2 -First 2 | Format-List</code>
/// Two frames: the second and the fourth, with all that is known of them.
/// </example>
/// <example>
/// <code>Get-ChildItem ./captures | Import-RgbdVideo -First 1 | Format-Table ColorPath, Intrinsics</code>
/// The first frame of each capture in a folder.
/// </example>
[Cmdlet(VerbsData.Import, "RgbdVideo", DefaultParameterSetName = PathSet)]
[OutputType(typeof(RgbdFrame))]
public sealed class ImportRgbdVideoCommand : CaptureCommand
{
    /// <summary>Which lens model is used to remove distortion.</summary>
    [Parameter]
    public LensCorrection LensCorrection { get; set; }

    /// <summary>Frames decoded at a time, ahead of the next stage; 0 for one a core, at most 4.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    public int MaxThreads { get; set; }

    private protected override void Process(string capture)
    {
        var video = RgbdVideo.Open(capture, new RgbdVideoOptions(MaxThreads, LensCorrection));
        WriteVerbose($"{capture}: {video.Layout}, {video.FrameCount} frames, {video.Intrinsics}");
        var total = Selection.Count(video.FrameCount);
        var progress = new StageProgress(this, StageProgress.Reading, $"Reading {capture}");
        var done = 0;
        void CountBadFrame(FaceReconException error)
        {
            done++;
            WriteError(error.ToErrorRecord());
        }
        foreach (var frame in video.ReadFrames(Selection, CountBadFrame, Cancellation))
        {
            WriteDebug($"{frame}: {frame.ColorPath}, {frame.DepthPath}");
            WriteObject(frame);
            progress.Report($"{++done} of {total} frames", done, total);
        }
        progress.Complete();
    }
}
