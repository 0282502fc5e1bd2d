namespace FaceRecon;

/// <summary>A model that took part in a reconstruction, known for sure by its hash.</summary>
/// <param name="Name">The name of its file.</param>
/// <param name="Sha256">SHA-256 of its bytes, in hexadecimal.</param>
public sealed record ModelFile(string Name, string Sha256)
{
    /// <summary>The models that these options use.</summary>
    internal static IReadOnlyList<ModelFile> UsedBy(FaceKeypointOptions? options)
    {
        var paths = new List<string>();
        if (options is { Semantic: true })
            paths.AddRange([BundledFiles.FaceDetection, options.SemanticModel ?? BundledFiles.FaceMesh]);
        if (options is { Structural: true, StructuralModel: { } structural })
            paths.Add(structural);
        return [.. paths.Select(path => new ModelFile(Path.GetFileName(path), Convert.ToHexStringLower(CaptureHash.OfFile(path))))];
    }
}
