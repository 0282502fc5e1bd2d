using System.Text.Json.Nodes;

namespace FaceRecon;

/// <summary>What a reconstruction is made from, as its report tells it.</summary>
/// <param name="Models">The models that take part.</param>
/// <param name="Options">The options by name.</param>
/// <param name="Fingerprint">As <see cref="ReconstructionReport.Fingerprint"/>; null where nothing is written.</param>
internal sealed record ReconstructionSource(IReadOnlyList<ModelFile> Models, JsonNode Options, string? Fingerprint)
{
    /// <summary>Describes a run: reads the models and, for the fingerprint, the whole capture.</summary>
    public static ReconstructionSource Of(RgbdVideo video, ReconstructionOptions options, bool withFingerprint, CancellationToken cancellation) => new(
        ModelFile.UsedBy(options.Keypoints), ReportOptions.Of(options), withFingerprint ? ReconstructionFingerprint.Of(video, options, cancellation) : null);
}
