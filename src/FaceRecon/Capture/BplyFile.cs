using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace FaceRecon;

/// <summary>
/// One frame in StandardCyborg's BPLY container: a PLY header in ASCII, then as binary little endian a JSON
/// document (element "metadata", one byte an entry), linear colour (element "color", 3 floats a pixel) and
/// depth in metres (element "depth", 1 float a pixel), both row-major.
/// </summary>
internal sealed class BplyFile
{
    private const int MaxHeaderBytes = 4096;
    private const int MaxMetadataBytes = 1 << 20;
    /// <summary>What stands for no depth is 9999; nothing real is farther than this.</summary>
    private const float FarthestDepth = 9998;
    /// <summary>Colour is stored as (k/255)^2.2.</summary>
    private const float Gamma = 2.2f;

    // Colour, then depth: 3 + 1 floats a pixel.
    private readonly float[] _samples;
    private readonly int _width, _height;

    private static ReadOnlySpan<byte> EndOfHeader => "\nend_header\n"u8;

    /// <summary>The JSON document.</summary>
    internal JsonFields Metadata { get; }

    /// <summary>Takes the container apart.</summary>
    /// <param name="file">All of it.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ContainerCorrupt"/>, or an error of the intrinsics in it.</exception>
    internal BplyFile(ReadOnlyMemory<byte> file, string path)
    {
        var headerEnd = file.Span[..Math.Min(file.Length, MaxHeaderBytes)].IndexOf(EndOfHeader);
        if (headerEnd < 0)
            throw Corrupt(path, "has no PLY header");
        var lines = Encoding.ASCII.GetString(file.Span[..headerEnd]).Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("comment", StringComparison.Ordinal)).ToArray();
        string[] expected = ["ply", "format binary_little_endian 1.0",
            "element metadata ", "property uchar char",
            "element color ", "property float r", "property float g", "property float b",
            "element depth ", "property float d"];
        if (lines.Length != expected.Length || !lines.Zip(expected).All(pair => pair.First.StartsWith(pair.Second, StringComparison.Ordinal)))
            throw Corrupt(path, "is not a frame of a StandardCyborg video: its header lists other elements than metadata, color and depth");

        int metadataBytes = Count(lines[2], path), pixels = Count(lines[4], path);
        if (metadataBytes > MaxMetadataBytes || pixels > ImageFile.MaxPixels)
            throw Corrupt(path, $"states {metadataBytes} bytes of metadata and {pixels} pixels, more than are read");
        var metadataStart = headerEnd + EndOfHeader.Length;
        var colorStart = metadataStart + metadataBytes;
        var stated = colorStart + 4L * sizeof(float) * pixels;
        if (pixels != Count(lines[8], path) || file.Length != stated)
            throw Corrupt(path, $"has {file.Length} bytes where its header promises {stated}");

        Metadata = JsonFields.Parse(file.Slice(metadataStart, metadataBytes), path);
        (_width, _height) = (Metadata.Integer("width"), Metadata.Integer("height"));
        if (_width <= 0 || _height <= 0 || (long)_width * _height != pixels)
            throw Corrupt(path, $"states an image of {_width}x{_height} but holds {pixels} pixels");
        _samples = new float[4 * pixels];
        file.Span[colorStart..].CopyTo(MemoryMarshal.AsBytes(_samples.AsSpan()));
    }

    /// <summary>Seconds on the capture's clock.</summary>
    internal double Timestamp => Metadata.Number("timestamp");

    /// <summary>The camera, at the size of the images.</summary>
    /// <exception cref="FaceReconException">It is not stated, or makes no sense.</exception>
    internal StatedCamera Camera(string path)
    {
        var stated = Metadata.Object("camera_intrinsics") ??
            throw new FaceReconException(ErrorId.IntrinsicsMissing, $"{path} states no camera_intrinsics.", path);
        var matrix = stated.Numbers("intrinsic_matrix", 9);
        var reference = (Width: stated.Number("intrinsic_matrix_reference_dimensions_width"), Height: stated.Number("intrinsic_matrix_reference_dimensions_height"));
        double scaleX = _width / reference.Width, scaleY = _height / reference.Height;
        // Apple measures the principal point from the image's corner, we from the centre of its first pixel.
        var camera = new StatedCamera(path, new CameraIntrinsics(_width, _height,
            matrix[0] * scaleX, matrix[4] * scaleY, matrix[6] * scaleX - 0.5, matrix[7] * scaleY - 0.5)).Checked();
        if (!stated.Has("lens_distortion_lookup_table"))
            return camera;
        var center = (stated.Number("lens_distortion_center_x"), stated.Number("lens_distortion_center_y"));
        return (camera with { Tables = IntrinsicsFile.Tables(stated, center, reference, camera.Intrinsics, path) }).Checked();
    }

    /// <summary>The colour as 8-bit sRGB.</summary>
    internal ColorImage DecodeColor()
    {
        var pixels = new byte[3 * _width * _height];
        for (var i = 0; i < pixels.Length; i++)
            // Clamp lets NaN through, of which the cast makes 0.
            pixels[i] = (byte)(255 * MathF.Pow(Math.Clamp(_samples[i], 0, 1), 1 / Gamma) + 0.5f);
        return new ColorImage(_width, _height, pixels);
    }

    /// <summary>The depth in metres.</summary>
    internal DepthImage DecodeDepth()
    {
        var stored = _samples.AsSpan(3 * _width * _height);
        var depths = new float[stored.Length];
        for (var i = 0; i < depths.Length; i++)
            depths[i] = stored[i] is > 0 and < FarthestDepth ? stored[i] : 0;
        return new DepthImage(_width, _height, depths);
    }

    private static int Count(string element, string path) =>
        int.TryParse(element.AsSpan(element.LastIndexOf(' ') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw Corrupt(path, $"has a header with \"{element}\"");

    private static FaceReconException Corrupt(string path, string what) => new(ErrorId.ContainerCorrupt, $"{path} {what}.", path);
}
