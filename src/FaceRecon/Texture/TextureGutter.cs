namespace FaceRecon;

/// <summary>
/// Fills what lies between charts with the colours around, by pulling means into ever smaller copies and pushing them back into the gaps
/// (Gortler et al. 1996): smaller copies of the texture, as renderers make them, then have no foreign colour in their edges.
/// </summary>
internal static class TextureGutter
{
    /// <summary>Fills in place.</summary>
    /// <param name="pixels">Red, green, blue; row-major.</param>
    /// <param name="isCovered">Whether a texel has a colour.</param>
    /// <param name="size">Texels along the texture's sides.</param>
    public static void Fill(byte[] pixels, Func<int, bool> isCovered, int size)
    {
        var known = new bool[size * size];
        for (var i = 0; i < known.Length; i++)
            known[i] = isCovered(i);
        Fill(pixels, known, size);
    }

    private static void Fill(byte[] pixels, bool[] known, int size)
    {
        if (size <= 1)
            return;
        var half = (size + 1) / 2;
        var (means, any) = (new byte[3 * half * half], new bool[half * half]);
        for (var y = 0; y < half; y++)
        for (var x = 0; x < half; x++)
            any[y * half + x] = Mean(pixels, known, size, 2 * x, 2 * y, means.AsSpan(3 * (y * half + x)));
        Fill(means, any, half);
        for (var i = 0; i < known.Length; i++)
        {
            if (!known[i])
                means.AsSpan(3 * (i / size / 2 * half + i % size / 2), 3).CopyTo(pixels.AsSpan(3 * i));
        }
    }

    /// <summary>The mean of those of two by two texels that are known.</summary>
    private static bool Mean(byte[] pixels, bool[] known, int size, int x, int y, Span<byte> mean)
    {
        var (red, green, blue, count) = (0, 0, 0, 0);
        for (var row = y; row < Math.Min(y + 2, size); row++)
        for (var column = x; column < Math.Min(x + 2, size); column++)
        {
            var i = row * size + column;
            if (!known[i])
                continue;
            (red, green, blue, count) = (red + pixels[3 * i], green + pixels[3 * i + 1], blue + pixels[3 * i + 2], count + 1);
        }
        if (count > 0)
            (mean[0], mean[1], mean[2]) = ((byte)((red + count / 2) / count), (byte)((green + count / 2) / count), (byte)((blue + count / 2) / count));
        return count > 0;
    }
}
