using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace FaceRecon.Tests;

/// <summary>Captures of a few pixels in a scratch folder, to read and to break.</summary>
internal sealed class TinyCapture : IDisposable
{
    internal const int Width = 16, Height = 12;
    internal const string Camera = """{"fx": 15, "fy": 15.5, "cx": 7.25, "cy": 5.5, "width": 16, "height": 12, "depth_scale": 8000}""";

    private readonly ScratchFolder _scratch = new();

    internal string Path => _scratch.Path;

    internal string Write(string name, ReadOnlySpan<byte> bytes) => _scratch.Write(name, bytes);
    internal string Write(string name, string text) => _scratch.Write(name, text);
    internal string At(string name) => System.IO.Path.Combine(Path, name);
    public void Dispose() => _scratch.Dispose();

    /// <summary>Colour of a frame: every pixel its number.</summary>
    internal static ColorImage Color(int frame, int width = Width, int height = Height)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i * 7 + frame * 31);
        return new ColorImage(width, height, pixels);
    }

    /// <summary>Depth of a frame, stored numbers: about half a metre at 8000 units, with a hole.</summary>
    internal static ushort[] Depth(int frame, int width = Width, int height = Height, double scale = 8000)
    {
        var depth = new ushort[width * height];
        for (var i = 1; i < depth.Length; i++)
            depth[i] = (ushort)(scale * (0.5 + 0.0005 * (i % 100) + 0.001 * frame));
        return depth;
    }

    internal static byte[] DepthPng(int frame, double scale = 8000) => ImageFile.EncodePng16(Width, Height, Depth(frame, scale: scale));

    /// <summary>A capture folder of so many frames.</summary>
    internal static TinyCapture CaptureFolder(int frames, string camera = Camera)
    {
        var capture = new TinyCapture();
        capture.Write("intrinsic.json", camera);
        for (var i = 0; i < frames; i++)
        {
            capture.Write($"color/{i:000000}.png", ImageFile.EncodePng(Color(i)));
            capture.Write($"depth/{i:000000}.png", DepthPng(i));
        }
        return capture;
    }

    /// <summary>The bytes of a BPLY frame.</summary>
    internal static byte[] Bply(int frame, double focalLength = 150, string lens = "")
    {
        var json = string.Create(CultureInfo.InvariantCulture, $$"""
            {"timestamp": {{100 + 0.1 * frame}}, "width": {{Width}}, "height": {{Height}}, "camera_intrinsics": {
             "intrinsic_matrix": [{{focalLength}}, 0, 0, 0, {{focalLength}}, 0, 77.5, 60, 1],
             "intrinsic_matrix_reference_dimensions_width": 160, "intrinsic_matrix_reference_dimensions_height": 120{{lens}}} }
            """);
        var file = new MemoryStream();
        file.Write(Encoding.ASCII.GetBytes(
            $"ply\nformat binary_little_endian 1.0\ncomment StandardCyborgFusionVersion 1.2.0\nelement metadata {Encoding.UTF8.GetByteCount(json)}\nproperty uchar char\n" +
            $"element color {Width * Height}\nproperty float r\nproperty float g\nproperty float b\nelement depth {Width * Height}\nproperty float d\nend_header\n"));
        file.Write(Encoding.UTF8.GetBytes(json));
        var number = new byte[4];
        foreach (var k in Color(frame).Pixels)
        {
            BinaryPrimitives.WriteSingleLittleEndian(number, MathF.Pow(k / 255f, 2.2f));
            file.Write(number);
        }
        foreach (var units in Depth(frame))
        {
            BinaryPrimitives.WriteSingleLittleEndian(number, units == 0 ? 9999 : units / 8000f);
            file.Write(number);
        }
        return file.ToArray();
    }
}
