using System.Text.Json.Serialization;

namespace FaceRecon;

/// <summary>
/// What a page needs of a report.json. Its values have setters: the generated reader gives a missing init-only value null or 0,
/// and not its default.
/// </summary>
internal sealed record StoredReport
{
    public string? Version { get; set; }
    public string? Capture { get; set; }
    public CameraIntrinsics? Intrinsics { get; set; }
    public int Accepted { get; set; }
    public int Rejected { get; set; }
    public double ResidualMedianMillimetre { get; set; }
    public StoredOptimization? Optimization { get; set; }
    public IReadOnlyList<StoredFrame> Frames { get; set; } = [];
    public IReadOnlyList<StoredLandmark> Landmarks { get; set; } = [];
}

internal sealed record StoredOptimization(double DepthErrorMillimetre);

internal sealed record StoredFrame(int Index, bool Accepted, double InlierRatio, double ResidualRmsMillimetre);

internal sealed record StoredLandmark(string? Name, int Views, double[]? Position)
{
    public bool IsUsable => Name is not null && Position is { Length: 3 } && Array.TrueForAll(Position, double.IsFinite);
}

/// <summary>How it is read, as the compiler works it out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = 32)]
[JsonSerializable(typeof(StoredReport))]
internal sealed partial class StoredReportJson : JsonSerializerContext;
