using System.Security.Cryptography;

namespace FaceRecon;

/// <summary>A model that comes with FaceRecon: what it is for, under which terms, and whether it is where the build put it.</summary>
public sealed record InstalledModel
{
    private InstalledModel(string name, string purpose, string path)
    {
        (Name, Purpose, Path) = (name, purpose, path);
        if (!File.Exists(path))
            return;
        using var stream = File.OpenRead(path);
        Bytes = stream.Length;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }
    /// <summary>What it is for.</summary>
    public string Purpose { get; }
    /// <summary>Its file.</summary>
    public string Path { get; }
    /// <summary>Whether the file is there.</summary>
    public bool IsInstalled => Sha256 is not null;
    /// <summary>Size of the file; 0 where it is missing.</summary>
    public long Bytes { get; }
    /// <summary>SHA-256 of the file, 64 hexadecimal digits; null where it is missing.</summary>
    public string? Sha256 { get; }
    /// <summary>The licence that it comes under, as SPDX names it.</summary>
    public string Licence { get; } = "Apache-2.0";
    /// <summary>Whose it is.</summary>
    public string Source { get; } = "MediaPipe, Google (npm package @mediapipe/face_mesh), converted to ONNX by the build";

    /// <summary>All models that come with FaceRecon. Others are named by their path and belong to whoever brings them.</summary>
    public static IReadOnlyList<InstalledModel> All() =>
    [
        new("FaceDetection", "Finds faces: BlazeFace, short range.", BundledFiles.FaceDetection),
        new("FaceMesh", "Finds 468 landmarks of a face: Face Mesh.", BundledFiles.FaceMesh),
        new("CanonicalFace", "Where the average face has those landmarks.", BundledFiles.CanonicalFace),
    ];

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {(IsInstalled ? $"{Bytes} bytes, {Licence}" : $"missing at {Path}")}";
}
