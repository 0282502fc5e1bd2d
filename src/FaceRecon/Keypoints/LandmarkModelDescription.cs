using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaceRecon;

/// <summary>
/// What a landmark network's .onnx does not say about itself, from the .json beside it:
/// <code>
/// { "name": "Points106", "landmarks": ["RightEyeOuterCorner", ...],
///   "size": 192, "margin": 1.5, "channels": "RGB", "layout": "NCHW",
///   "scale": 0.00392157, "mean": [0, 0, 0], "std": [1, 1, 1],
///   "output": "fc1", "components": 2, "range": "Unit", "scoreOutput": null }
/// </code>
/// A channel's byte b becomes (b scale - mean) / std.
/// </summary>
internal sealed record LandmarkModelDescription
{
    private const int MaxFileBytes = 1 << 20;
    private const int MaxSize = 1024;

    /// <summary>Name of the scheme.</summary>
    public required string Name { get; init; }
    /// <summary>Names of the landmarks in the network's order; those of Face Mesh mean what they mean there.</summary>
    public required string[] Landmarks { get; init; }
    /// <summary>Rows and columns of the input, pixels.</summary>
    public required int Size { get; init; }
    // What may be left out has a setter: the generated reader gives a missing init-only value null or 0, and not its default.
    /// <summary>Side of the crop over that of the face's box.</summary>
    public double Margin { get; set; } = 1.5;
    /// <summary>Order of the colours.</summary>
    public ChannelOrder Channels { get; set; } = ChannelOrder.RGB;
    /// <summary>Order of the input's axes.</summary>
    public InputLayout Layout { get; set; } = InputLayout.NCHW;
    /// <summary>Factor of a byte, before mean and std.</summary>
    public double Scale { get; set; } = 1 / 255.0;
    /// <summary>Mean of each channel in the network's order.</summary>
    public double[] Mean { get; set; } = [0, 0, 0];
    /// <summary>Standard deviation of each channel.</summary>
    public double[] Std { get; set; } = [1, 1, 1];
    /// <summary>Name of the output with the landmarks; null for the first that has the right number of values.</summary>
    public string? Output { get; set; }
    /// <summary>Values a landmark: 2 (x, y) or 3 (x, y, depth).</summary>
    public int Components { get; set; } = 2;
    /// <summary>What x and y are measured in.</summary>
    public CoordinateRange Range { get; set; } = CoordinateRange.Unit;
    /// <summary>Name of an output with one value, the logit of there being a face; null where there is none.</summary>
    public string? ScoreOutput { get; set; }

    public enum ChannelOrder { RGB, BGR, Gray }

    public enum InputLayout { NCHW, NHWC }

    /// <summary>Unit: 0 to 1 over the crop. Signed: -1 to 1. Pixel: 0 to the size.</summary>
    public enum CoordinateRange { Unit, Signed, Pixel }

    /// <summary>Reads the file that belongs to a model.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ModelNotFound"/> or <see cref="ErrorId.ModelInvalid"/>.</exception>
    public static LandmarkModelDescription Read(string modelPath)
    {
        var path = Path.ChangeExtension(modelPath, ".json");
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new FaceReconException(ErrorId.ModelNotFound, $"The landmark model {modelPath} needs its scheme beside it, {path}; see the help of -SemanticModel for its fields.", path);
        try
        {
            var description = file.Length <= MaxFileBytes
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), LandmarkModelJson.Default.LandmarkModelDescription) ?? throw new JsonException("it is empty")
                : throw new JsonException($"it has {file.Length} bytes");
            return description.Problem is { } problem ? throw new JsonException(problem) : description;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new FaceReconException(ErrorId.ModelInvalid, $"{path} is not the scheme of a landmark model: {e.Message.TrimEnd('.')}.", path, innerException: e);
        }
    }

    private int ChannelCount => Channels == ChannelOrder.Gray ? 1 : 3;

    private string? Problem =>
        string.IsNullOrEmpty(Name) ? "it has no 'name'"
        : Landmarks is not { Length: > 0 and <= 10_000 } || Landmarks.Any(string.IsNullOrEmpty) || Landmarks.Distinct(StringComparer.OrdinalIgnoreCase).Count() != Landmarks.Length ? "'landmarks' must be names, no two alike"
        : Size is < 16 or > MaxSize ? $"'size' must be 16 to {MaxSize}"
        : !(Margin is >= 0.5 and <= 4) ? "'margin' must be 0.5 to 4"
        : Components is not (2 or 3) ? "'components' must be 2 or 3"
        : !(double.IsFinite(Scale) && Scale > 0) ? "'scale' must be above 0"
        : Mean is null || Std is null || Mean.Length < ChannelCount || Std.Length < ChannelCount ? "'mean' and 'std' need a number for each channel"
        : Mean.Any(value => !double.IsFinite(value)) || Std.Any(value => !(value > 0)) ? "'mean' must be finite and 'std' above 0"
        : null;
}

/// <summary>How it is read, as the compiler works it out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LandmarkModelDescription))]
internal sealed partial class LandmarkModelJson : JsonSerializerContext;
