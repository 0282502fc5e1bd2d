using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Shows a face in the browser: writes one page that holds everything and needs no network, with the surface in colour, shaded, by
/// uncertainty or by error, keypoints by name and the way of the camera, and opens it.
/// </summary>
/// <remarks>
/// The page turns with the mouse, a finger or the arrow keys. What is shown first may be asked for behind its address:
/// <c>face.html#sigma&amp;keypoints&amp;cameras&amp;left</c>.
/// </remarks>
/// <example>
/// <code>Invoke-FaceReconstruction ./capture ./face -Force | Show-FaceMesh -OutputPath ./face.html -NoOpen</code>
/// A page of the face beside its folder, to keep or to send. Without -NoOpen it opens in the browser.
/// </example>
/// <example>
/// <code>Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint | Merge-PointCloud | Show-FaceMesh -Title 'Merged only' -NoOpen</code>
/// A look at a face between two stages; the page lies in a temporary folder and is emitted.
/// </example>
/// <example>
/// <code>Show-FaceMesh ./face -OutputPath ./again.html -NoOpen -Force -PassThru</code>
/// The same from the files of an earlier run.
/// </example>
[Cmdlet(VerbsCommon.Show, "FaceMesh", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ShowFaceMeshCommand : FaceReconCommand
{
    private const string PathSet = "Path", LiteralPathSet = "LiteralPath", FaceSet = "Face", MeshSet = "Mesh", OutcomeSet = "Outcome";
    private static readonly SurfaceOptions DefaultSurface = new();
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <summary>The folder of a reconstruction, or a mesh: .ply, .glb, .obj or .stl.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, HelpMessage = "The folder of a reconstruction, or a mesh.")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The folder or mesh, exactly as it is typed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true, HelpMessage = "The folder of a reconstruction, or a mesh.")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The face, from Merge-PointCloud or Optimize-FaceCloud; its mesh is made first.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = FaceSet, HelpMessage = "A face from Merge-PointCloud or Optimize-FaceCloud.")]
    [ValidateNotNull]
    public FaceCloud InputObject { get; set; } = null!;

    /// <summary>What Invoke-FaceReconstruction gives: its mesh, or, where that was not kept, the files it wrote.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = OutcomeSet, HelpMessage = "What Invoke-FaceReconstruction gives.")]
    [ValidateNotNull]
    public ReconstructionOutcome Outcome { get; set; } = null!;

    /// <summary>A mesh, from whatever has one.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = MeshSet, HelpMessage = "A mesh.")]
    [ValidateNotNull]
    public TriangleMesh Mesh { get; set; } = null!;

    /// <summary>The face that the mesh was made of, for its keypoints and camera path.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = MeshSet)]
    [AllowNull]
    public FaceCloud? Face { get; set; }

    /// <summary>How far each vertex of the mesh is from a reference, signed, metres; NaN where that is not known.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = MeshSet, HelpMessage = "Metres, one for each vertex.")]
    [AllowNull]
    [AllowEmptyCollection]
    public float[]? VertexError { get; set; }

    /// <summary>What the page is called; by default as the capture, the folder or the file is.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>The page to write; by default one in a temporary folder.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>Closes gaps in the data up to this width, metres.</summary>
    [Parameter(ParameterSetName = FaceSet, HelpMessage = "Metres.")]
    [ValidateRange(0.0, 1.0)]
    public double MaximumHole { get; set; } = DefaultSurface.MaximumHole;

    /// <summary>Threads to use; 0 for all cores. The result does not depend on it.</summary>
    [Parameter(ParameterSetName = FaceSet)]
    [ValidateRange(0, 1024)]
    public int MaxThreads { get; set; }

    /// <summary>Writes the page and opens no browser.</summary>
    [Parameter]
    public SwitchParameter NoOpen { get; set; }

    /// <summary>Replaces a page that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the page that was written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process()
    {
        switch (ParameterSetName)
        {
            case FaceSet:
                Show($"{InputObject}", MakeScene);
                break;
            case OutcomeSet:
                Show(Outcome.Capture, SceneOfOutcome);
                break;
            case MeshSet:
                Show($"{Mesh}", () => (Face is null ? new ViewerScene { Mesh = Mesh, Title = PageTitle } : ViewerScene.Of(Face, Mesh, PageTitle)) with { Error = CheckedError() });
                break;
            case LiteralPathSet:
                foreach (var path in LiteralPath)
                    ShowFile(this.ResolveNewPath(path));
                break;
            default:
                foreach (var path in Path.SelectMany(path => this.ResolveWildcards(path, NotFound)))
                    ShowFile(path);
                break;
        }
    }

    private string PageTitle => Title ?? "Face";

    private ViewerScene SceneOfOutcome()
    {
        if (Outcome is { Face: { } face, Mesh: { } mesh })
            return ViewerScene.Of(face, mesh, Title ?? System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Outcome.Capture)));
        return Outcome is { Status: not ReconstructionStatus.Failed, OutputFolder: { } folder } ? ViewerSource.Read(folder, Title)
            : throw new FaceReconException(ErrorId.MeshNotFound, $"There is no mesh of '{Outcome.Capture}' to show: {Outcome}.", Outcome.Capture);
    }

    private void ShowFile(string path) => Show(path, () => ViewerSource.Read(path, Title));

    private void Show(string what, Func<ViewerScene> makeScene)
    {
        var page = OutputPath is null ? null : this.ResolveNewPath(OutputPath);
        if (!ShouldProcess(page ?? "a page in a temporary folder", $"Show {what}"))
            return;
        if (page is not null && !_written.Add(page))
            throw new FaceReconException(ErrorId.InvalidOption, $"'{page}' shows another face already; name a page for each, as in -OutputPath {{ \"$($_.Name).html\" }}.", page);
        Cancellation.ThrowIfCancellationRequested();
        var shown = FaceViewer.Show(makeScene(), page, open: !NoOpen, Force);
        WriteVerbose($"{what} in {shown.Path}");
        if (!NoOpen && !shown.Opened)
            WriteWarning($"No browser could be started here; open '{shown.Path}' in one.");
        // A page that nobody named and nothing opened would be lost.
        if (PassThru || (NoOpen && page is null))
            WriteObject(this.GetItem(shown.Path), enumerateCollection: true);
    }

    private ViewerScene MakeScene()
    {
        var progress = new StageProgress(this, StageProgress.Writing, "Showing the face");
        progress.Report("Making the surface");
        var options = DefaultSurface with { MaximumHole = MaximumHole, MaxThreads = MaxThreads };
        var mesh = Offload(progress, cancellation => FaceSurface.Reconstruct(InputObject, options, cancellation));
        progress.Complete();
        return ViewerScene.Of(InputObject, mesh, PageTitle);
    }

    private float[] CheckedError() => VertexError is null || VertexError.Length == 0 || VertexError.Length == Mesh.VertexCount
        ? VertexError ?? []
        : throw new FaceReconException(ErrorId.InvalidOption, $"VertexError has {VertexError.Length} numbers, and the mesh {Mesh.VertexCount} vertices; give one for each.");

    private static FaceReconException NotFound(string path, Exception? cause) =>
        new(ErrorId.MeshNotFound, $"There is no mesh or folder at '{path}'.", path, innerException: cause);
}
