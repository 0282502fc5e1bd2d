using System.Reflection;

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
        using var output = OutputFolder.Create(folder, options.Force);
        var mesh = FaceSurface.Reconstruct(face, options.Surface, cancellation);
        var report = new ReconstructionReport(face, mesh);
        return new ExportResult(mesh, Write(output, face, mesh, report, options, cancellation));
    }

    internal static IReadOnlyList<string> Write(
        OutputFolder output, FaceCloud face, TriangleMesh mesh, ReconstructionReport report, ExportOptions options, CancellationToken cancellation)
    {
        var frame = OutputFrame.Of(face, mesh, options.Orientation);
        mesh = frame.Mesh;
        var file = new MeshFileOptions { Unit = options.Unit, Ascii = options.Ascii, Provenance = Provenance(face, frame) };
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
            Add("face.obj", stream => ObjWriter.Write(stream, mesh, file));
        if (options.Formats.HasFlag(MeshFormats.Stl))
            Add("face.stl", stream => StlWriter.Write(stream, mesh, file));
        Add("cloud.ply", stream => PlyWriter.WriteCloud(stream, frame.Points, file));
        Add("trajectory.txt", stream => TrajectoryWriter.Write(stream, frame.Frames));
        var preview = PreviewImage.Render(mesh, frame.Upright, maxThreads: options.Surface.MaxThreads, cancellation: cancellation);
        Add("preview.png", stream => stream.Write(ImageFile.EncodePng(preview)));
        if (face.DepthCorrection is { } correction)
        {
            Add("depth_correction.json", stream => DepthCorrectionFile.Write(stream, correction));
            Add("depth_correction.png", stream => stream.Write(ImageFile.EncodePng(correction.Draw())));
        }
        report.Files = output.Written;
        Add(ReportName, report.Write);
        return output.Commit();
    }

    /// <summary>The file that tells how far to trust the others.</summary>
    internal const string ReportName = "report.json";

    /// <summary>The version of the library, as it is written into files.</summary>
    public static string Version { get; } =
        typeof(FaceExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    // Nothing here may differ between two runs on the same input: no dates, no machine.
    private static KeyValuePair<string, string>[] Provenance(FaceCloud face, OutputFrame frame) =>
    [
        new("generator", $"FaceRecon {Version}"),
        new("frames", $"{face.AcceptedCount} of {face.Frames.Count}"),
        new("coordinates", frame.Description),
    ];
}
