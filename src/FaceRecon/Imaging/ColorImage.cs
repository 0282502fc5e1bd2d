namespace FaceRecon;

/// <summary>An 8-bit sRGB image, row-major, 3 bytes a pixel. Pixel (0,0) is the centre of the top left pixel.</summary>
public sealed class ColorImage
{
    /// <summary>An image over <paramref name="pixels"/>, which it keeps and does not copy.</summary>
    /// <exception cref="ArgumentException">The array is not 3 * width * height long.</exception>
    public ColorImage(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (width <= 0 || height <= 0 || pixels.LongLength != 3L * width * height)
            throw new ArgumentException($"A {width}x{height} colour image needs {3L * width * height} bytes, not {pixels.LongLength}.");
        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }
    /// <summary>Rows.</summary>
    public int Height { get; }
    /// <summary>Red, green, blue; row-major.</summary>
    public byte[] Pixels { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Width}x{Height} colour";
}
