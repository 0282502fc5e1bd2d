using System.Buffers.Binary;
using System.IO.Compression;

namespace FaceRecon.Tests;

/// <summary>Image files that the library itself does not write.</summary>
internal static unsafe class TestImages
{
    /// <summary>The file that one of libvips' save operations makes of the image.</summary>
    internal static byte[] Encode(ColorImage image, string saveOperation)
    {
        fixed (byte* data = image.Pixels)
        {
            var memory = Vips.NewImage(data, (nuint)image.Pixels.Length, image.Width, image.Height, 3, Vips.FormatUChar);
            using var save = new VipsOperation(saveOperation);
            save.Set("in", Vips.ImageType(), memory);
            Assert.True(save.Run(), Vips.TakeError());
            var bytes = save.CopyBytes("buffer");
            Vips.Release(memory);
            return bytes;
        }
    }

    /// <summary>An 8 bit greyscale PNG, all zero.</summary>
    internal static byte[] EncodeGrey8(int width, int height)
    {
        var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        WriteChunk(png, "IHDR"u8, header);
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(new byte[(width + 1) * height]);
        WriteChunk(png, "IDAT"u8, packed.ToArray());
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        var crc = 0xFFFFFFFFu;
        foreach (var b in (byte[])[.. type, .. data])
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
        }
        BinaryPrimitives.WriteUInt32BigEndian(number, ~crc);
        png.Write(number);
    }
}
