using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FaceRecon;

/// <summary>
/// Tells whether a result is already there: one number for all that decides it, which are the contents of the capture, the options,
/// and the version of the library. It stands in report.json, beside the names and sizes of the files written with it.
/// </summary>
internal static class ReconstructionFingerprint
{
    private const int MaximumReportBytes = 256 << 20;
    // How, and not what: the result does not depend on them.
    private static readonly string[] WithoutEffect = [nameof(ReconstructionOptions.MaxThreads), nameof(FaceKeypointOptions.Threads)];

    /// <summary>The fingerprint of what a capture becomes with these options.</summary>
    public static string Of(RgbdVideo video, ReconstructionOptions options, CancellationToken cancellation)
    {
        if (options.Keypoints is { } keypoints)
            options = options with { Keypoints = keypoints with { SemanticModel = ModelHash(keypoints.SemanticModel), StructuralModel = ModelHash(keypoints.StructuralModel) } };
        var version = typeof(ReconstructionFingerprint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var all = new JsonObject
        {
            ["capture"] = video.ContentHash(cancellation),
            ["options"] = ReportOptions.Of(options, WithoutEffect),
            ["correction"] = options.Cloud.DepthCorrection is { } correction ? HashOf(correction) : null,
            ["poses"] = options.Merge.InitialPoses is { } poses ? Hash(JsonSerializer.SerializeToUtf8Bytes(poses, PosesJson.Default.IReadOnlyListFramePose)) : null,
            ["version"] = version,
        };
        return Hash(Encoding.UTF8.GetBytes(all.ToJsonString()));
    }

    /// <summary>Whether a folder holds, whole, the result of this fingerprint: its report says so, and all files that the report lists are there in their sizes.</summary>
    public static bool IsCompleteIn(string folder, string fingerprint)
    {
        try
        {
            var report = new FileInfo(Path.Combine(folder, FaceExport.ReportName));
            if (!report.Exists || report.Length > MaximumReportBytes)
                return false;
            using var json = JsonDocument.Parse(File.ReadAllBytes(report.FullName));
            return json.RootElement.TryGetProperty("fingerprint", out var stated) && stated.ValueEquals(fingerprint) &&
                json.RootElement.TryGetProperty("files", out var files) &&
                files.EnumerateObject().All(file => new FileInfo(Path.Combine(folder, file.Name)) is { Exists: true } there && there.Length == file.Value.GetInt64());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            // Whatever it is, it is none of ours.
            return false;
        }
    }

    // A model is what is in its file, and in the description beside it.
    private static string? ModelHash(string? path) => path is null ? null
        : Hash([.. CaptureHash.OfFile(path), .. CaptureHash.OfFile(Path.ChangeExtension(path, ".json"))]);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    // A correction is what its file would hold.
    private static string HashOf(DepthCorrection correction)
    {
        using var bytes = new MemoryStream();
        DepthCorrectionFile.Write(bytes, correction);
        return Hash(bytes.ToArray());
    }
}

/// <summary>Poses as bytes, whatever their numbers.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(IReadOnlyList<FramePose>))]
internal sealed partial class PosesJson : JsonSerializerContext;
