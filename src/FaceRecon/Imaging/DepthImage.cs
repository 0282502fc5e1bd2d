namespace FaceRecon;

/// <summary>Depth along the optical axis (z, not ray length) in metres, row-major; 0 where there is none.</summary>
public sealed class DepthImage
{
    /// <summary>An image over <paramref name="depths"/>, which it keeps and does not copy.</summary>
    /// <exception cref="ArgumentException">The array is not width * height long.</exception>
    public DepthImage(int width, int height, float[] depths)
    {
        ArgumentNullException.ThrowIfNull(depths);
        if (width <= 0 || height <= 0 || depths.LongLength != (long)width * height)
            throw new ArgumentException($"A {width}x{height} depth image needs {(long)width * height} values, not {depths.LongLength}.");
        Width = width;
        Height = height;
        Depths = depths;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }
    /// <summary>Rows.</summary>
    public int Height { get; }
    /// <summary>Metres, row-major; 0 where there is no depth.</summary>
    public float[] Depths { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Width}x{Height} depth";
}
