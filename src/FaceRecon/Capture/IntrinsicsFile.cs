namespace FaceRecon;

/// <summary>
/// Reads the JSON that states a capture's camera: either fx, fy, cx, cy, width, height and depth_scale (units
/// per metre), with optional "distortion" and "apple_lens"; or Open3D's column-major "intrinsic_matrix" with
/// width and height.
/// </summary>
internal static class IntrinsicsFile
{
    private const int MaxBytes = 1 << 20;

    private static readonly string[] Fisheyes = ["fisheye", "kannala", "equidistant"];

    /// <summary>The names it may have, in order of preference.</summary>
    internal static readonly string[] Names = ["intrinsic.json", "intrinsics.json", "camera_intrinsic.json"];

    /// <summary>The intrinsics file of a folder; null where it has none.</summary>
    internal static string? Find(string folder) =>
        Names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Reads the file and checks what it says. <paramref name="isOpen3D"/> tells which of the two forms it has.</summary>
    /// <exception cref="FaceReconException">
    /// <see cref="ErrorId.IntrinsicsMissing"/>: a field is not there; <see cref="ErrorId.IntrinsicsInvalid"/> or
    /// <see cref="ErrorId.DepthScaleInvalid"/>: one makes no sense.
    /// </exception>
    internal static StatedCamera Read(string path, out bool isOpen3D)
    {
        using var file = BoundedFile.Read(path, MaxBytes, ErrorId.IntrinsicsMissing, ErrorId.IntrinsicsInvalid, ErrorId.IntrinsicsInvalid);
        var fields = JsonFields.Parse(file.Bytes, path);
        isOpen3D = fields.Has("intrinsic_matrix");
        int width = fields.Integer("width"), height = fields.Integer("height");
        var camera = isOpen3D
            ? FromMatrix(fields.Numbers("intrinsic_matrix", 9), width, height)
            : new CameraIntrinsics(width, height, fields.Number("fx"), fields.Number("fy"), fields.Number("cx"), fields.Number("cy"));
        var plain = new StatedCamera(path, camera, fields.Has("depth_scale") ? fields.Number("depth_scale") : null).Checked();
        return (plain with { Coefficients = Coefficients(fields, camera, path), Tables = Tables(fields, camera, path) }).Checked();
    }

    /// <summary>The pinhole camera of a column-major 3x3 matrix.</summary>
    internal static CameraIntrinsics FromMatrix(double[] columns, int width, int height) =>
        new(width, height, columns[0], columns[4], columns[6], columns[7]);

    private static BrownDistortion? Coefficients(JsonFields fields, CameraIntrinsics camera, string path)
    {
        BrownDistortion lens;
        if (fields.IsArray("distortion"))
        {
            // OpenCV's order: k1 k2 p1 p2 [k3 [k4 k5 k6]].
            var d = fields.Numbers("distortion", 0);
            if (d.Length is not (0 or 4 or 5 or 8))
                throw new FaceReconException(ErrorId.IntrinsicsInvalid, $"{path}: distortion has {d.Length} numbers, not 4, 5 or 8 in OpenCV's order.", path);
            Array.Resize(ref d, 8);
            lens = new BrownDistortion(camera, d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]);
        }
        else if (fields.Object("distortion") is { } stated)
        {
            var model = stated.String("model") ?? "brown";
            if (Fisheyes.Any(name => model.Contains(name, StringComparison.OrdinalIgnoreCase)))
                throw new FaceReconException(ErrorId.IntrinsicsInvalid,
                    $"{path}: the distortion model \"{model}\" is not supported; undistort the images first and leave it out.", path);
            lens = new BrownDistortion(camera,
                stated.Number("k1", 0), stated.Number("k2", 0), stated.Number("p1", 0), stated.Number("p2", 0),
                stated.Number("k3", 0), stated.Number("k4", 0), stated.Number("k5", 0), stated.Number("k6", 0));
        }
        else
        {
            return null;
        }
        return lens.IsZero ? null : lens;
    }

    private static RadialTableDistortion? Tables(JsonFields fields, CameraIntrinsics camera, string path)
    {
        if (fields.Object("apple_lens") is not { } stated)
            return null;
        var center = stated.Numbers("center_ref", 2);
        var reference = stated.Numbers("reference_size", 2);
        return Tables(stated, (center[0], center[1]), (reference[0], reference[1]), camera, path);
    }

    /// <summary>The lens of "lens_distortion_lookup_table" with its centre and reference size; null where the table is flat.</summary>
    internal static RadialTableDistortion? Tables(JsonFields fields, (double X, double Y) center, (double Width, double Height) reference,
        CameraIntrinsics camera, string path)
    {
        var table = fields.Numbers("lens_distortion_lookup_table", 2);
        var sameShape = reference.Width > 0 && Math.Abs(reference.Height * camera.Width / (reference.Width * camera.Height) - 1) < 0.02;
        if (!sameShape)
            throw new FaceReconException(ErrorId.IntrinsicsInvalid,
                $"{path}: the lens tables' reference image of {reference.Width}x{reference.Height} is not of the shape of {camera.Width}x{camera.Height}.", path);
        if (center.X < 0 || center.X > reference.Width || center.Y < 0 || center.Y > reference.Height)
            throw new FaceReconException(ErrorId.IntrinsicsInvalid, $"{path}: the lens distortion centre lies outside its reference image.", path);
        return table.All(m => m == 0) ? null : new RadialTableDistortion(table, center, reference, camera.Width, camera.Height);
    }
}
