using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Makes a mesh of the merged face and writes it, with the cloud, the trajectory, a preview and a report, into a
/// folder. All files appear, or none.
/// </summary>
/// <example>
/// <code>Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint | Merge-PointCloud | Export-FaceMesh ./face</code>
/// Mesh, cloud, trajectory, preview and report into a folder.
/// </example>
/// <example>
/// <code>
/// $face = Import-RgbdVideo ./capture | ConvertTo-PointCloud | Merge-PointCloud
/// $face | Export-FaceMesh ./print -Format Stl, Obj -Unit Millimetre -PassThru
/// </code>
/// For a printer: STL and OBJ in millimetres, and the files that were written.
/// </example>
/// <example>
/// <code>
/// $face = Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint | Merge-PointCloud
/// $face | Export-FaceMesh ./light -Orientation Face -TriangleCount 20000
/// $face | Export-FaceMesh ./open -MaximumHole 0
/// $face | Export-FaceMesh ./raw -Method Tsdf
/// </code>
/// A light mesh in the face's own frame; one in which every gap in the data stays open; the fused distances as they are, not smoothed.
/// </example>
/// <example>
/// <code>Import-RgbdVideo ./capture | ConvertTo-PointCloud | Merge-PointCloud | Export-FaceMesh ./model -Format Glb, Obj -Texture -TextureSize 4096</code>
/// For a 3D program: the skin as a picture, inside face.glb, and as face_texture.png beside face.obj.
/// </example>
[Cmdlet(VerbsData.Export, "FaceMesh", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportFaceMeshCommand : FaceReconCommand
{
    private static readonly ExportOptions Default = new();

    /// <summary>The folder to write into.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The folder to write into.")]
    [Alias("OutputFolder")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The face, from Merge-PointCloud.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, HelpMessage = "A face from Merge-PointCloud.")]
    [ValidateNotNull]
    public FaceCloud InputObject { get; set; } = null!;

    /// <summary>Formats of the mesh.</summary>
    [Parameter]
    public MeshFormats Format { get; set; } = Default.Formats;

    /// <summary>Unit of PLY, OBJ and STL; GLB is always metres.</summary>
    [Parameter]
    public LengthUnit Unit { get; set; } = Default.Unit;

    /// <summary>Writes PLY as text.</summary>
    [Parameter]
    public SwitchParameter Ascii { get; set; }

    /// <summary>Gives the mesh a texture: a picture inside GLB, and beside OBJ, that shows the skin finer than the vertices' colours do.</summary>
    [Parameter]
    public SwitchParameter Texture { get; set; }

    /// <summary>Texels along the texture's sides.</summary>
    [Parameter]
    [ValidateSet("256", "512", "1024", "2048", "4096")]
    public int TextureSize { get; set; } = Default.TextureSize;

    /// <summary>How the surface is made: of the merged points, smooth (Poisson), or the fused distances as they are (Tsdf).</summary>
    [Parameter]
    public SurfaceMethod Method { get; set; } = Default.Surface.Method;

    /// <summary>Depth of the Poisson reconstruction, 4 to 10: each level halves the cells. 0 for cells that suit the points.</summary>
    [Parameter]
    [Alias("Depth")]
    [ValidateRange(0, 10)]
    public int OctreeDepth { get; set; } = Default.Surface.Poisson.Depth;

    /// <summary>How strongly the Poisson surface is pulled to the points, against agreeing with their normals.</summary>
    [Parameter]
    [ValidateRange(0.0, 1000.0)]
    public double PointWeight { get; set; } = Default.Surface.Poisson.PointWeight;

    /// <summary>Cuts the surface away where points lie less densely than this share of the typical density.</summary>
    [Parameter]
    [ValidateRange(0.0, 0.99)]
    public double MinimumDensity { get; set; } = Default.Surface.MinimumDensity;

    /// <summary>Closes gaps in the data up to this width, metres; face.ply marks the vertices that do.</summary>
    [Parameter(HelpMessage = "Metres.")]
    [ValidateRange(0.0, 1.0)]
    public double MaximumHole { get; set; } = Default.Surface.MaximumHole;

    /// <summary>Triangles of the mesh at most; 0 for all.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int TriangleCount { get; set; } = Default.Surface.TriangleCount;

    /// <summary>Frame of mesh, cloud and trajectory: the first accepted frame's camera, or the face's own.</summary>
    [Parameter]
    public MeshOrientation Orientation { get; set; } = Default.Orientation;

    /// <summary>Threads to use; 0 for all cores. The result does not depend on it.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    public int MaxThreads { get; set; }

    /// <summary>Writes into a folder that has contents, replacing files of the same names.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the files that were written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process()
    {
        var folder = this.ResolveNewPath(Path);
        if (!ShouldProcess(folder, $"Write the mesh of {InputObject}"))
            return;
        var progress = new StageProgress(this, StageProgress.Writing, $"Writing {folder}", StageProgress.Reading);
        progress.Report("Making the surface");
        var options = Default with
        {
            Formats = Format,
            Unit = Unit,
            Ascii = Ascii,
            Texture = Texture,
            TextureSize = TextureSize,
            Force = Force,
            Command = MyInvocation.Line.Trim(),
            Orientation = Orientation,
            Surface = Default.Surface with
            {
                Method = Method,
                Poisson = Default.Surface.Poisson with { Depth = OctreeDepth, PointWeight = PointWeight },
                MinimumDensity = MinimumDensity,
                MaximumHole = MaximumHole,
                TriangleCount = TriangleCount,
                MaxThreads = MaxThreads,
            },
        };
        var result = Offload(progress, cancellation => FaceExport.Write(InputObject, folder, options, cancellation));
        progress.Complete();
        WriteVerbose($"{result.Mesh}: {string.Join(", ", result.Files.Select(System.IO.Path.GetFileName))} in {folder}");
        foreach (var file in result.Files)
            WriteDebug($"{file}: {new FileInfo(file).Length} bytes");
        if (PassThru)
            WriteObject(result.Files.SelectMany(this.GetItem), enumerateCollection: true);
    }
}
