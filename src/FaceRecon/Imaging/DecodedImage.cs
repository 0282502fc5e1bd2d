namespace FaceRecon;

/// <summary>Pixels as libvips left them, in its memory, until disposed. Rows follow each other without padding.</summary>
internal sealed unsafe class DecodedImage(nint pixels, int width, int height, int bands, int bitsPerSample) : IDisposable
{
    private nint _pixels = pixels;

    internal int Width { get; } = width;
    internal int Height { get; } = height;
    /// <summary>Samples a pixel: 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha.</summary>
    internal int Bands { get; } = bands;
    /// <summary>8 or 16.</summary>
    internal int BitsPerSample { get; } = bitsPerSample;

    /// <summary>Every sample of an 8 bit image.</summary>
    internal ReadOnlySpan<byte> Bytes => new((void*)_pixels, Width * Height * Bands);
    /// <summary>Every sample of a 16 bit image.</summary>
    internal ReadOnlySpan<ushort> Words => new((void*)_pixels, Width * Height * Bands);

    public void Dispose()
    {
        Vips.Free(_pixels);
        _pixels = 0;
    }
}
