using System.Buffers.Binary;

namespace FaceRecon;

/// <summary>
/// What the first bytes of an image file say, read by us before any decoder sees the file: which
/// decoder may have it, and for PNG the size, so that a header that promises gigapixels costs nothing.
/// </summary>
/// <param name="Loader">The libvips operation that decodes this format.</param>
/// <param name="Width">Columns; 0 where only the decoder knows.</param>
/// <param name="Height">Rows; 0 where only the decoder knows.</param>
internal readonly record struct ImageHeader(string Loader, long Width, long Height)
{
    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private static ReadOnlySpan<byte> JpegSignature => [0xFF, 0xD8, 0xFF];

    /// <summary>The header of <paramref name="file"/>; null for what is no PNG, JPEG, TIFF or WebP.</summary>
    internal static ImageHeader? Read(ReadOnlySpan<byte> file)
    {
        // Signature, then the chunk that must come first: length 13, "IHDR", width, height (PNG 1.2, section 11.2.2).
        if (file.Length >= 33 && file.StartsWith(PngSignature) && file[12..].StartsWith("IHDR"u8))
            return new("pngload_source", BinaryPrimitives.ReadUInt32BigEndian(file[16..]), BinaryPrimitives.ReadUInt32BigEndian(file[20..]));
        if (file.StartsWith(JpegSignature))
            return new("jpegload_source", 0, 0);
        if (file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8))
            return new("tiffload_source", 0, 0);
        if (file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8))
            return new("webpload_source", 0, 0);
        return null;
    }
}
