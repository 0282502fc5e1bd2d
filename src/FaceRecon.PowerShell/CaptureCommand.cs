using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>What the cmdlets that take captures have in common: where the captures are, and which frames of them to use.</summary>
public abstract class CaptureCommand : FaceReconCommand
{
    /// <summary>Name of the default parameter set.</summary>
    private protected const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>The capture, a folder in any layout that is read; wildcards may name several.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The folder of a capture.")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The capture, exactly as it is typed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

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

    /// <summary>What the cmdlet does with a capture.</summary>
    private protected abstract void Process(string capture);

    /// <summary>What the cmdlet does about a capture that cannot be used; by default it ends there.</summary>
    private protected virtual void Fail(FaceReconException error) => ThrowTerminatingError(error.ToErrorRecord());

    private protected sealed override void Process()
    {
        if (ParameterSetName == PathSet)
        {
            foreach (var path in Path)
                Attempt(() =>
                {
                    foreach (var capture in this.ResolveWildcards(path))
                        Attempt(() => Process(capture));
                });
        }
        else
        {
            foreach (var path in LiteralPath)
                Attempt(() => Process(this.ResolveNewPath(path)));
        }
    }

    private void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (FaceReconException e)
        {
            Fail(e);
        }
    }
}
