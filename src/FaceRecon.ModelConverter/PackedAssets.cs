namespace FaceRecon.ModelConverter;

/// <summary>
/// face_mesh_solution_packed_assets.data of npm's @mediapipe/face_mesh 0.4.1657299874: files end to end,
/// at the places that the package's loader script lists.
/// </summary>
internal static class PackedAssets
{
    private const int Length = 3_986_256;
    private static readonly Range FaceMeshRange = 2_495_952..3_737_848;
    private static readonly Range GeometryRange = 3_737_848..3_757_224;
    private static readonly Range FaceDetectionRange = 3_757_224..3_986_256;

    public static byte[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes.Length == Length ? bytes : throw new InvalidDataException($"{path} has {bytes.Length} bytes and not {Length}: another version of the package.");
    }

    public static TfliteModel FaceMesh(byte[] assets) => TfliteModel.Parse(assets[FaceMeshRange]);
    public static TfliteModel FaceDetection(byte[] assets) => TfliteModel.Parse(assets[FaceDetectionRange]);
    public static string CanonicalFace(byte[] assets) => FaceGeometry.ToObj(assets.AsSpan(GeometryRange));
}
