using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Looks at a capture before it is reconstructed and says what to expect: whether intrinsics and depth scale can be right, whether a head is
/// in view with depth, light and landmarks on it, how far around it the frames go, and what is missing. Every check passes, warns or
/// fails, and says what to do.
/// </summary>
/// <example>
/// <code>Test-RgbdVideo ./capture</code>
/// All checks of a capture, as a table.
/// </example>
/// <example>
/// <code>Get-ChildItem ./captures | Test-RgbdVideo | Where-Object Result -ne Pass | Format-List</code>
/// Only what is not as it should be in a folder of captures, with what to do about it.
/// </example>
/// <example>
/// <code>Get-ChildItem ./captures | Where-Object { Test-RgbdVideo $_ -Quiet } | Invoke-FaceReconstruction -OutputFolder { "./faces/$($_.Name)" }</code>
/// Reconstructs only the captures that can be.
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "RgbdVideo", DefaultParameterSetName = PathSet)]
[OutputType(typeof(PreflightCheck), typeof(bool))]
public sealed class TestRgbdVideoCommand : PathCommand
{
    /// <summary>Most frames to look at, spread evenly over the capture.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int MaximumFrames { get; set; } = 24;

    /// <summary>Emits only whether the capture can be reconstructed: False if a check failed, True if all passed or warned.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override void Process(string capture)
    {
        var progress = new StageProgress(this, StageProgress.Reading, $"Testing {capture}");
        var checks = Offload<ReconstructionProgress, IReadOnlyList<PreflightCheck>>(progress,
            (reports, cancellation) => CapturePreflight.Run(capture, MaximumFrames, reports, cancellation),
            report => progress.Report($"{report.Done} of {report.Total} frames", report.Done, report.Total));
        progress.Complete();
        foreach (var check in checks)
            WriteVerbose($"{capture}: {check}");
        if (Quiet)
            WriteObject(checks.All(check => check.Result != PreflightResult.Fail));
        else
            WriteObject(checks, enumerateCollection: true);
    }

    // A capture that is not there is what this cmdlet is there to tell.
    private protected override FaceReconException NotFound(string path, Exception? cause) =>
        new(ErrorId.CaptureNotFound, $"There is no capture at '{path}'.", path, innerException: cause);

    private protected override void Fail(FaceReconException error)
    {
        WriteError(error.ToErrorRecord());
        if (Quiet)
            WriteObject(false);
    }
}
