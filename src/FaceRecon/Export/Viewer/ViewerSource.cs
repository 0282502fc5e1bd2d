using System.Text.Json;

namespace FaceRecon;

/// <summary>Reads what a page shows from disk: the folder of a reconstruction, or a mesh of any format that is read.</summary>
public static class ViewerSource
{
    private const int MaximumReportBytes = 64 << 20;
    private const int MostLandmarks = 10_000;
    private const string MeshName = "face", ReportName = "report.json", TrajectoryName = "trajectory.txt";

    /// <summary>Reads a mesh, and, where it is a reconstruction's, its frames and landmarks from the files beside it.</summary>
    /// <param name="path">The folder of a reconstruction, or a mesh file.</param>
    /// <param name="title">What the page is called; null for the name of the capture, the folder or the file.</param>
    /// <exception cref="FaceReconException">
    /// <see cref="ErrorId.MeshNotFound"/>, <see cref="ErrorId.MeshInvalid"/>; <see cref="ErrorId.ReportInvalid"/> or
    /// <see cref="ErrorId.TrajectoryInvalid"/>: a file beside the mesh is damaged.
    /// </exception>
    public static ViewerScene Read(string path, string? title = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = MeshAt(path);
        return Around(file, MeshFile.Read(file), title);
    }

    /// <summary>The mesh file at a path: itself, or that of a reconstruction's folder.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.MeshNotFound"/>.</exception>
    internal static string MeshAt(string path)
    {
        if (!Path.Exists(path))
            throw new FaceReconException(ErrorId.MeshNotFound, $"There is no mesh and no folder '{path}'; check the path.", path);
        return Directory.Exists(path) ? MeshIn(path) : path;
    }

    /// <summary>A mesh, and, where its file is a reconstruction's, what lies beside that.</summary>
    internal static ViewerScene Around(string file, TriangleMesh mesh, string? title = null)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        // glTF has axes of its own, in which the frames and landmarks are not.
        var isGlb = Path.GetExtension(file).Equals(".glb", StringComparison.OrdinalIgnoreCase);
        var belongs = Path.GetFileNameWithoutExtension(file).Equals(MeshName, StringComparison.OrdinalIgnoreCase);
        var report = belongs ? ReadReport(Path.Combine(folder, ReportName)) : null;
        var scene = new ViewerScene
        {
            Mesh = mesh,
            Title = title ?? TitleOf(report) ?? Path.GetFileName(belongs ? folder : file),
            Upright = isGlb ? UprightFrame.Face : UprightFrame.Camera,
            Facts = report is null ? [new("file", Path.GetFileName(file))] : FactsOf(report),
        };
        if (report is null || isGlb)
            return scene;
        var landmarks = report.Landmarks.Take(MostLandmarks).Where(landmark => landmark.IsUsable)
            .Select(landmark => new FaceLandmark(landmark.Name!, new Vector3d(landmark.Position![0], landmark.Position[1], landmark.Position[2]), landmark.Views)).ToArray();
        var frames = FramesOf(report, Path.Combine(folder, TrajectoryName));
        return scene with
        {
            Landmarks = landmarks,
            Frames = frames,
            Camera = report.Intrinsics,
            Upright = FaceFrame.Locate(landmarks) is { } face ? UprightFrame.OfFace(face) : UprightFrame.OfCapture(frames),
        };
    }

    private static string MeshIn(string folder) =>
        new[] { ".ply", ".glb", ".obj", ".stl" }.Select(extension => Path.Combine(folder, MeshName + extension)).FirstOrDefault(File.Exists)
        ?? throw new FaceReconException(ErrorId.MeshNotFound, $"The folder '{folder}' has no face.ply, .glb, .obj or .stl; name the folder of a reconstruction, or a mesh.", folder);

    /// <summary>The accepted frames with their poses, which the trajectory has in the report's order.</summary>
    private static IReadOnlyList<FramePose> FramesOf(StoredReport report, string path)
    {
        if (!File.Exists(path))
            return [];
        var poses = TrajectoryReader.Read(path);
        var accepted = report.Frames.Where(frame => frame.Accepted).ToArray();
        // Poses of another run have no numbers here.
        return poses.Count != accepted.Length ? poses : [.. poses.Zip(accepted, (pose, frame) => pose with
        {
            Index = frame.Index, InlierRatio = frame.InlierRatio, ResidualRms = 0.001 * frame.ResidualRmsMillimetre,
        })];
    }

    private static StoredReport? ReadReport(string path)
    {
        if (!File.Exists(path))
            return null;
        using var file = BoundedFile.Read(path, MaximumReportBytes, ErrorId.ReportInvalid, ErrorId.ReportInvalid, ErrorId.ReportInvalid);
        try
        {
            return JsonSerializer.Deserialize(file.Bytes.Span, StoredReportJson.Default.StoredReport);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new FaceReconException(ErrorId.ReportInvalid, $"'{path}' is no report of a reconstruction ({e.Message.TrimEnd('.')}); reconstruct again, or show the mesh from another folder.", path, innerException: e);
        }
    }

    private static string? TitleOf(StoredReport? report) =>
        report?.Capture is { Length: > 0 } capture ? capture.TrimEnd('/', '\\').Split('/', '\\')[^1] : null;

    private static IReadOnlyList<KeyValuePair<string, string>> FactsOf(StoredReport report)
    {
        var facts = new List<KeyValuePair<string, string>>
        {
            new("made by", $"FaceRecon {report.Version}"),
            new("capture", report.Capture ?? ""),
            new("frames", $"{report.Accepted} used, {report.Rejected} left out"),
        };
        if (report.ResidualMedianMillimetre > 0)
            facts.Add(new("fit", FormattableString.Invariant($"{report.ResidualMedianMillimetre:0.00} mm from a frame to the model")));
        if (report.Optimization is { } optimization)
            facts.Add(new("depth error found", FormattableString.Invariant($"{optimization.DepthErrorMillimetre:0.00} mm")));
        return facts;
    }
}
