using System.Diagnostics.CodeAnalysis;

namespace FaceRecon;

/// <summary>Where the build put what it bundles: beside this assembly, wherever that was loaded from.</summary>
internal static class BundledFiles
{
    /// <summary>The folder of this assembly, or of the program that it was compiled into.</summary>
    public static string Folder { get; } = FolderOfAssembly();

    /// <summary>BlazeFace, short range.</summary>
    public static string FaceDetection => Model("face_detection.onnx");
    /// <summary>Face Mesh, 468 landmarks.</summary>
    public static string FaceMesh => Model("face_mesh.onnx");
    /// <summary>The canonical face that Face Mesh's landmarks belong to.</summary>
    public static string CanonicalFace => Model("canonical_face.obj");

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Empty in a program of one file, which is what is asked here.")]
    private static string FolderOfAssembly() =>
        typeof(BundledFiles).Assembly.Location is { Length: > 0 } location ? Path.GetDirectoryName(location)! : AppContext.BaseDirectory;

    private static string Model(string name) => Path.Combine(Folder, "models", name);
}
