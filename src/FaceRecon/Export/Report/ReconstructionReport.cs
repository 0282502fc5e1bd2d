using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FaceRecon;

/// <summary>How far to trust a reconstruction: what was used, what was left out and why, how well it fits, how long it took.</summary>
public sealed class ReconstructionReport
{
    internal ReconstructionReport(FaceCloud face, TriangleMesh mesh)
    {
        Frames = face.Frames;
        Accepted = face.AcceptedCount;
        Rejected = face.RejectedCount;
        Points = face.Geometry.Count;
        Vertices = mesh.VertexCount;
        Triangles = mesh.TriangleCount;
        var residuals = face.Frames.Where(frame => frame.Accepted && frame.ResidualRms > 0).Select(frame => 1000 * frame.ResidualRms).Order().ToArray();
        ResidualMedianMillimetre = residuals.Length > 0 ? Math.Round(residuals[residuals.Length / 2], 4) : 0;
        TurnDegrees = Math.Round(face.Frames.Where(frame => frame.Accepted).Max(frame => frame.CameraToWorld.RotationAngle) * 180 / Math.PI, 2);
        var (area, filled) = Areas(mesh);
        (SurfaceAreaCm2, FilledAreaCm2) = (Math.Round(area * 1e4, 1), Math.Round(filled * 1e4, 1));
        Quality = FaceCloudQuality.Of(face);
        Optimization = face.Optimization;
        Landmarks = face.Landmarks;
        var region = FaceRegion.Find(mesh, face.Landmarks);
        Uncertainty = UncertaintyReport.Of(mesh, region?.Contains);
        Views = [.. face.Frames.Select(frame => frame.Accepted ? FaceView.Of(face, frame) : null)];
        Coverage = CoverageReport.Of(Views.OfType<FaceView>(), region?.Share, face.Landmarks.Count);
        Keyframes = [.. face.Keyframes.Select(frame => frame.Index)];
        Warnings = [.. ReportWarnings.Of(this)];
    }

    /// <summary>Version of the library that made it.</summary>
    public string Version { get; } = FaceExport.Version;
    /// <summary>When it was made, UTC.</summary>
    public string Created { get; } = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
    /// <summary>What it ran on.</summary>
    public RuntimeReport Runtime { get; } = new();
    /// <summary>What was typed to make it; empty where nothing was.</summary>
    public string Command { get; init; } = "";
    /// <summary>The options that it was made with, as far as they are known: of a face that was exported alone, those of the export.</summary>
    public JsonNode? Options { get; init; }
    /// <summary>The models that took part, as far as they are known.</summary>
    public IReadOnlyList<ModelFile> Models { get; init; } = [];
    /// <summary>The capture; empty for a cloud that was made otherwise.</summary>
    public string Capture { get; init; } = "";
    /// <summary>Its layout; empty for a cloud that was made otherwise.</summary>
    public string Layout { get; init; } = "";
    /// <summary>The camera; null for a cloud that was made otherwise.</summary>
    public CameraIntrinsics? Intrinsics { get; init; }
    /// <summary>
    /// One number for all that decides the result: contents of the capture, options, version of the library. A folder whose report
    /// has it needs no second run; null for a cloud that was made otherwise.
    /// </summary>
    public string? Fingerprint { get; init; }
    /// <summary>The files written with this report and their sizes in bytes, by name.</summary>
    public IReadOnlyDictionary<string, long> Files { get; internal set; } = new Dictionary<string, long>();
    /// <summary>Frames that are part of the result.</summary>
    public int Accepted { get; }
    /// <summary>Frames that were left out.</summary>
    public int Rejected { get; }
    /// <summary>Points of the merged cloud.</summary>
    public int Points { get; }
    /// <summary>Vertices of the mesh.</summary>
    public int Vertices { get; }
    /// <summary>Triangles of the mesh.</summary>
    public int Triangles { get; }
    /// <summary>Area of the mesh, square centimetres.</summary>
    public double SurfaceAreaCm2 { get; }
    /// <summary>Area of the mesh that closes gaps in the data and was not measured, square centimetres.</summary>
    public double FilledAreaCm2 { get; }
    /// <summary>Widest turn from the first accepted frame, degrees.</summary>
    public double TurnDegrees { get; }
    /// <summary>Median over the frames of the root mean square distance to the model, millimetres.</summary>
    public double ResidualMedianMillimetre { get; }
    /// <summary>How good the merged cloud is, told from itself.</summary>
    public FaceCloudQuality Quality { get; }
    /// <summary>From where the face was seen, and how much of it there is.</summary>
    public CoverageReport Coverage { get; }
    /// <summary>How sure the mesh's vertices are; null for a mesh without standard deviations.</summary>
    public UncertaintyReport? Uncertainty { get; }
    /// <summary>What the joint optimisation of poses and depth did; null where it was left out.</summary>
    public OptimizationReport? Optimization { get; }
    /// <summary>What a user should know before trusting the result.</summary>
    public IReadOnlyList<string> Warnings { get; }
    /// <summary>Seconds by stage, one after the other; reading, clouds, keypoints and merging overlap and are the stage "frames".</summary>
    public IReadOnlyDictionary<string, double> Seconds { get; internal set; } = new Dictionary<string, double>();
    /// <summary>Numbers of the frames whose depth is in the result; the other accepted ones added their pose only.</summary>
    public IReadOnlyList<int> Keyframes { get; }
    /// <summary>Every frame: its pose and fit, or why it was left out.</summary>
    [JsonIgnore]
    public IReadOnlyList<FramePose> Frames { get; }
    /// <summary>From where each frame saw the face; null for those that were left out.</summary>
    internal IReadOnlyList<FaceView?> Views { get; }
    /// <summary>The semantic landmarks, in the world of the trajectory, metres.</summary>
    [JsonIgnore]
    public IReadOnlyList<FaceLandmark> Landmarks { get; internal set; }

    /// <summary>Writes it as JSON.</summary>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Write(stream, ToJson());
    }

    /// <summary>Writes its JSON.</summary>
    internal static void Write(Stream stream, JsonObject json)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteTo(writer);
    }

    /// <summary>Adds the time of a stage, also to the JSON that is made already.</summary>
    internal void SetSeconds(string stage, double seconds, JsonObject json)
    {
        Seconds = new Dictionary<string, double>(Seconds) { [stage] = seconds };
        json["seconds"] = JsonSerializer.SerializeToNode(Seconds, ReportJson.Default.IReadOnlyDictionaryStringDouble);
    }

    /// <summary>Tells the files, also to the JSON that is made already.</summary>
    internal void SetFiles(IReadOnlyDictionary<string, long> files, JsonObject json)
    {
        Files = files;
        json["files"] = JsonSerializer.SerializeToNode(Files, ReportJson.Default.IReadOnlyDictionaryStringInt64);
    }

    /// <summary>All of it, as report.json has it and report.html shows it.</summary>
    internal JsonObject ToJson()
    {
        var node = (JsonObject)JsonSerializer.SerializeToNode(this, ReportJson.Default.ReconstructionReport)!;
        node["frames"] = JsonSerializer.SerializeToNode(Frames.Zip(Views, ReportedFrame.Of), ReportJson.Default.IEnumerableReportedFrame);
        node["landmarks"] = JsonSerializer.SerializeToNode(Landmarks.Select(ReportedLandmark.Of), ReportJson.Default.IEnumerableReportedLandmark);
        return node;
    }

    /// <summary>Area of the mesh and of that part of it that was filled in, each triangle by the share of its corners that were; square metres.</summary>
    private static (double All, double Filled) Areas(TriangleMesh mesh)
    {
        var (all, filled) = (0.0, 0.0);
        for (var i = 0; i < mesh.Triangles.Length; i += 3)
        {
            var (a, b, c) = (mesh.Triangles[i], mesh.Triangles[i + 1], mesh.Triangles[i + 2]);
            var area = 0.5 * System.Numerics.Vector3.Cross(mesh.Vertices[b] - mesh.Vertices[a], mesh.Vertices[c] - mesh.Vertices[a]).Length();
            all += area;
            if (mesh.Filled.Length > 0)
                filled += area / 3 * ((mesh.Filled[a] ? 1 : 0) + (mesh.Filled[b] ? 1 : 0) + (mesh.Filled[c] ? 1 : 0));
        }
        return (all, filled);
    }
}
