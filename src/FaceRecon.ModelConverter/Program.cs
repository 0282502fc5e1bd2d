using FaceRecon.ModelConverter;

// Usage: FaceRecon.ModelConverter <packed assets> <output folder>
if (args is not [var source, var folder])
{
    Console.Error.WriteLine("usage: FaceRecon.ModelConverter <face_mesh_solution_packed_assets.data> <output folder>");
    return 2;
}
try
{
    var assets = PackedAssets.Read(source);
    Directory.CreateDirectory(folder);
    File.WriteAllBytes(Path.Combine(folder, "face_detection.onnx"), TfliteToOnnx.Convert(PackedAssets.FaceDetection(assets), "face_detection"));
    File.WriteAllBytes(Path.Combine(folder, "face_mesh.onnx"), TfliteToOnnx.Convert(PackedAssets.FaceMesh(assets), "face_mesh"));
    File.WriteAllText(Path.Combine(folder, "canonical_face.obj"), PackedAssets.CanonicalFace(assets));
    return 0;
}
catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
