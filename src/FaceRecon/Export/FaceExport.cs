using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace FaceRecon;

/// <summary>Writes a reconstruction into a folder: mesh, cloud, trajectory, preview, report; the depth correction where there is one.</summary>
public static class FaceExport
{
    /// <summary>Makes the mesh and writes everything; all files appear, or none.</summary>
    /// <param name="face">The merged face.</param>
    /// <param name="folder">Output folder.</param>
    /// <param name="options">What and how; null for the defaults.</param>
    /// <param name="cancellation">Stops the work, leaving nothing.</param>
    /// <exception cref="FaceReconException">Surface or output errors.</exception>
    public static ExportResult Write(FaceCloud face, string folder, ExportOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(face);
        options ??= new ExportOptions();
        options.Check();
        using var output = OutputFolder.Create(folder, options.Force);
        var mesh = MakeMesh(face, options, cancellation);
        using var report = new Background<ReconstructionReport>(() => new ReconstructionReport(face, mesh)
        {
            Command = options.Command,
            Options = new JsonObject { ["export"] = ReportOptions.Of(options) },
        });
        return new ExportResult(mesh, Write(output, face, mesh, report, options, cancellation));
    }

    /// <summary>The surface of a face in its colours and, if asked for, with a texture.</summary>
    internal static TriangleMesh MakeMesh(FaceCloud face, ExportOptions options, CancellationToken cancellation)
    {
        // Which frame colours what, while the surface is made.
        using var color = new Background<SurfaceColor?>(() => face.Keyframes.Count > 0 ? face.Color : null);
        var mesh = FaceSurface.Reconstruct(face, options.Surface, cancellation);
        var loop = new PartitionedLoop(options.Surface.MaxThreads, cancellation);
        return options.Texture ? TextureBaking.Bake(mesh, face.Color, face.Upright.ToYUp(), options.TextureSize, loop, cancellation) : mesh;
    }

    internal static IReadOnlyList<string> Write(
        OutputFolder output, FaceCloud face, TriangleMesh mesh, Background<ReconstructionReport> reporting, ExportOptions options, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var frame = OutputFrame.Of(face, options.Orientation);
        mesh = frame.Turned(mesh);
        // Described and drawn while the mesh is written.
        using var json = new Background<JsonObject>(() =>
        {
            reporting.Value.Landmarks = frame.Turned(face.Landmarks);
            return reporting.Value.ToJson();
        });
        var preview = Task.Run(() => PreviewImage.Render(mesh, frame.Upright, maxThreads: options.Surface.MaxThreads, cancellation: cancellation), cancellation);
        var file = new MeshFileOptions { Unit = options.Unit, Ascii = options.Ascii, Provenance = [.. Provenance(face, frame), SurfaceNote(options.Surface)] };
        void Add(string name, Action<Stream> write)
        {
            cancellation.ThrowIfCancellationRequested();
            output.Write(name, write);
        }
        if (options.Formats.HasFlag(MeshFormats.Ply))
            Add("face.ply", stream => PlyWriter.WriteMesh(stream, mesh, file));
        if (options.Formats.HasFlag(MeshFormats.Glb))
            Add("face.glb", stream => GlbWriter.Write(stream, mesh, frame.Upright, file));
        if (options.Formats.HasFlag(MeshFormats.Obj))
            AddObj(mesh, file, Add);
        if (options.Formats.HasFlag(MeshFormats.Stl))
            Add("face.stl", stream => StlWriter.Write(stream, mesh, file));
        Add("cloud.ply", stream => PlyWriter.WriteCloud(stream, frame.Turned(face.Points), file));
        Add("trajectory.txt", stream => TrajectoryWriter.Write(stream, frame.Turned(face.Frames)));
        var picture = preview.GetAwaiter().GetResult();
        // Packed while the page is written, which has it as JPEG: a quarter of the PNG beside it.
        var png = Task.Run(() => ImageFile.EncodePng(picture), cancellation);
        byte[]? map = null;
        if (face.DepthCorrection is { } correction)
        {
            map = ImageFile.EncodePng(correction.Draw(ReportPage.MapRange));
            Add("depth_correction.json", stream => DepthCorrectionFile.Write(stream, correction));
            Add("depth_correction.png", stream => stream.Write(map));
        }
        var report = reporting.Value;
        report.SetSeconds("files", Math.Round(clock.Elapsed.TotalSeconds, 3), json.Value);
        Add("report.html", stream => ReportPage.Write(stream, json.Value, new ReportPictures(ImageFile.EncodeJpeg(picture, PreviewQuality), map)));
        Add("preview.png", stream => stream.Write(png.GetAwaiter().GetResult()));
        report.SetFiles(output.Written, json.Value);
        Add(ReportName, stream => ReconstructionReport.Write(stream, json.Value));
        return output.Commit();
    }

    private const int PreviewQuality = 88;

    /// <summary>The file that tells how far to trust the others.</summary>
    internal const string ReportName = "report.json";

    /// <summary>The version of the library, as it is written into files.</summary>
    public static string Version { get; } =
        typeof(FaceExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private static void AddObj(TriangleMesh mesh, MeshFileOptions file, Action<string, Action<Stream>> add)
    {
        const string materialName = "face.mtl", pictureName = "face_texture.png";
        add("face.obj", stream => ObjWriter.Write(stream, mesh, file, mesh.Texture is null ? null : materialName));
        if (mesh.Texture is not { } texture)
            return;
        add(materialName, stream => ObjWriter.WriteMaterial(stream, pictureName));
        add(pictureName, stream => stream.Write(ImageFile.EncodePng(texture.Image)));
    }

    // Nothing here may differ between two runs on the same input: no dates, no machine.
    internal static List<KeyValuePair<string, string>> Provenance(FaceCloud face, OutputFrame frame)
    {
        var provenance = new List<KeyValuePair<string, string>> { new("generator", $"FaceRecon {Version}") };
        if (face.Capture.Length > 0)
            provenance.Add(new("capture", face.Capture));
        provenance.Add(new("frames", $"{face.AcceptedCount} of {face.Frames.Count}"));
        provenance.Add(new("coordinates", frame.Description));
        return provenance;
    }

    private static KeyValuePair<string, string> SurfaceNote(SurfaceOptions options)
    {
        var method = options.Method == SurfaceMethod.Tsdf ? "zero set of the fused distances"
            : FormattableString.Invariant($"screened Poisson, point weight {options.Poisson.PointWeight}");
        return new("surface", FormattableString.Invariant($"{method}, gaps closed up to {1000 * options.MaximumHole} mm"));
    }
}
