using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>What the cmdlets that read from disk have in common: paths with wildcards, and paths taken literally.</summary>
public abstract class PathCommand : FaceReconCommand
{
    /// <summary>Name of the default parameter set.</summary>
    private protected const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>What to read; wildcards may name several.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The path to read; wildcards may name several.")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>What to read, exactly as it is typed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The path to read, exactly as it is typed.")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>What the cmdlet does with what is at a path.</summary>
    private protected abstract void Process(string path);

    /// <summary>The error that nothing is at a path.</summary>
    private protected abstract FaceReconException NotFound(string path, Exception? cause);

    /// <summary>What the cmdlet does about a path that cannot be used; by default it ends there.</summary>
    private protected virtual void Fail(FaceReconException error) => ThrowTerminatingError(error.ToErrorRecord());

    private protected sealed override void Process()
    {
        if (ParameterSetName == PathSet)
        {
            foreach (var path in Path)
                Attempt(() =>
                {
                    foreach (var match in this.ResolveWildcards(path, NotFound))
                        Attempt(() => Process(match));
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
