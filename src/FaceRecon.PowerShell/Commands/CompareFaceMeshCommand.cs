using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Compares a face with a reference, which is a mesh, a cloud, another reconstruction, or a capture with its ground truth: how far it lies from
/// the reference (accuracy), how much of that it has (completeness), F-scores, how directions differ; on request a heat map and a coloured mesh.
/// </summary>
/// <remarks>
/// The face is first aligned to the reference, wherever it lies. Of a ground truth only the face counts, and of that only what frames have seen.
/// What comes out has the mesh and the error of each vertex, and Show-FaceMesh takes it.
/// </remarks>
/// <example>
/// <code>
/// Invoke-FaceReconstruction ./capture ./result
/// Compare-FaceMesh ./result ./capture
/// </code>
/// How far a reconstruction lies from the truth, of a capture that New-SyntheticRgbdVideo made.
/// </example>
/// <example>
/// <code>
/// Invoke-FaceReconstruction ./capture ./first
/// Invoke-FaceReconstruction ./capture ./second -NoOptimization
/// Compare-FaceMesh ./second -Reference ./first/face.ply -OutputFolder ./difference | Format-List
/// </code>
/// Two results of the same face; comparison.png and comparison.ply in ./difference show where they differ.
/// </example>
/// <example>
/// <code>Invoke-FaceReconstruction ./capture | Compare-FaceMesh -Reference ./capture -Alignment Similarity | Show-FaceMesh -NoOpen</code>
/// Scaled, too, as for a reference in an unknown unit; the page shows the error in colours.
/// </example>
[Cmdlet(VerbsData.Compare, "FaceMesh", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(ComparisonResult))]
public sealed class CompareFaceMeshCommand : FaceReconCommand
{
    private const string PathSet = "Path", LiteralPathSet = "LiteralPath", MeshSet = "Mesh";
    private static readonly ComparisonOptions Default = new();

    /// <summary>What is compared: the folder of a reconstruction, a mesh or a cloud; wildcards may name several.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, HelpMessage = "The folder of a reconstruction, a mesh or a cloud.")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>What is compared, exactly as it is typed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true, HelpMessage = "The folder of a reconstruction, a mesh or a cloud.")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A mesh, from whatever has one.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = MeshSet, HelpMessage = "A mesh.")]
    [ValidateNotNull]
    public TriangleMesh Mesh { get; set; } = null!;

    /// <summary>What it is compared with: the folder of a reconstruction, a mesh or a cloud, or a capture with its ground truth.</summary>
    [Parameter(Mandatory = true, Position = 1, HelpMessage = "The folder of a reconstruction, a mesh or a cloud, or a capture with its ground truth.")]
    [ValidateNotNullOrEmpty]
    public string Reference { get; set; } = null!;

    /// <summary>What is done to the face first.</summary>
    [Parameter]
    public ComparisonAlignment Alignment { get; set; } = Default.Alignment;

    /// <summary>Distances for shares and F-scores, metres.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateNotNullOrEmpty]
    [ValidateRange(1e-9, 1.0)]
    public double[] Threshold { get; set; } = [.. Default.Thresholds];

    /// <summary>What of the face lies further from the reference than this is left out of the accuracy, metres; not used with a ground truth.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateRange(1e-9, 1.0)]
    public double Reach { get; set; } = Default.Reach;

    /// <summary>Unit of the face's file, where it states none.</summary>
    [Parameter]
    public LengthUnit Unit { get; set; }

    /// <summary>Unit of the reference's file, where it states none.</summary>
    [Parameter]
    public LengthUnit ReferenceUnit { get; set; }

    /// <summary>The folder for comparison.ply, comparison.png and comparison.json; nothing is written without it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputFolder { get; set; }

    /// <summary>Threads to use; 0 for all cores. The result does not depend on it.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    public int MaxThreads { get; set; }

    /// <summary>Writes into a folder with contents; files of the same names are replaced.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        var reference = this.ResolveNewPath(Reference);
        if (ParameterSetName == MeshSet)
        {
            Compare($"{Mesh}", (output, options, cancellation) => FaceComparison.Run(Mesh, reference, output, options, cancellation));
            return;
        }
        foreach (var path in ParameterSetName == LiteralPathSet ? LiteralPath.Select(this.ResolveNewPath) : Path.SelectMany(path => this.ResolveWildcards(path, NotFound)))
            Compare(path, (output, options, cancellation) => FaceComparison.Run(path, reference, output, options, cancellation));
    }

    private void Compare(string what, Func<string?, ComparisonOptions, CancellationToken, ComparisonResult> run)
    {
        var output = OutputFolder is null ? null : this.ResolveNewPath(OutputFolder);
        if (output is not null && !ShouldProcess(output, $"Write the comparison of {what}"))
            return;
        var options = new ComparisonOptions
        {
            Alignment = Alignment,
            Thresholds = Threshold,
            Reach = Reach,
            Unit = MyInvocation.BoundParameters.ContainsKey(nameof(Unit)) ? Unit : null,
            ReferenceUnit = MyInvocation.BoundParameters.ContainsKey(nameof(ReferenceUnit)) ? ReferenceUnit : null,
            MaxThreads = MaxThreads,
            Force = Force,
        };
        var progress = new StageProgress(this, StageProgress.Writing, $"Comparing {what}");
        var comparison = Offload(progress, cancellation => run(output, options, cancellation));
        progress.Complete();
        WriteVerbose($"{what}: {comparison}");
        WriteObject(comparison);
    }

    private static FaceReconException NotFound(string path, Exception? cause) =>
        new(ErrorId.MeshNotFound, $"There is no mesh or folder at '{path}'.", path, innerException: cause);
}
