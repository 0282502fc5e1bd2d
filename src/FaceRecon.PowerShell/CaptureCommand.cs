using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>What the cmdlets that take captures have in common: which frames of them to use.</summary>
public abstract class CaptureCommand : PathCommand
{
    /// <summary>Most frames to use of each capture.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = int.MaxValue;

    /// <summary>Frames to pass over at the start.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    /// <summary>Takes one frame of this many.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Every { get; set; } = 1;

    /// <summary>Which frames to use.</summary>
    private protected FrameSelection Selection => new(Skip, First, Every);

    private protected sealed override FaceReconException NotFound(string path, Exception? cause) =>
        new(ErrorId.CaptureNotFound, $"There is no capture at '{path}'.", path, innerException: cause);
}
