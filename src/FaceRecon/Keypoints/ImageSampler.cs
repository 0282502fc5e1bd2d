namespace FaceRecon;

/// <summary>Cuts an <see cref="OrientedSquare"/> out of an image for a network: three planes of side x side floats.</summary>
internal static class ImageSampler
{
    // Beyond this many samples across a pixel the gain is not worth their time.
    private const int MaxSamples = 4;

    /// <summary>
    /// Bilinear samples, averaged where the square is shrunk so that nothing aliases: an aliased crop makes
    /// landmarks shiver. Black outside the image.
    /// </summary>
    /// <param name="image">Where from.</param>
    /// <param name="square">What of it.</param>
    /// <param name="side">Rows and columns of the result.</param>
    /// <param name="scale">A value v of 0 to 255 becomes v * scale[channel] + offset[channel].</param>
    /// <param name="offset">See <paramref name="scale"/>.</param>
    /// <param name="planes">The result: 3 * side * side values, channel by channel, row-major.</param>
    public static void Sample(
        ColorImage image, OrientedSquare square, int side, ReadOnlySpan<float> scale, ReadOnlySpan<float> offset, Span<float> planes)
    {
        var samples = Math.Clamp((int)Math.Round(square.Size / side), 1, MaxSamples);
        var (sin, cos) = Math.SinCos(square.Angle);
        var step = square.Size / (side * samples);
        var (stepU, stepV) = ((float)(cos * step), (float)(sin * step));
        var (width, height, pixels) = (image.Width, image.Height, image.Pixels);
        var area = side * side;
        var weight = 1f / (samples * samples);
        for (var y = 0; y < side; y++)
        for (var x = 0; x < side; x++)
        {
            float red = 0, green = 0, blue = 0;
            for (var dy = 0; dy < samples; dy++)
            {
                var (startU, startV) = square.ToImage((x + 0.5 / samples) / side, (y + (dy + 0.5) / samples) / side);
                var (u, v) = ((float)startU, (float)startV);
                for (var dx = 0; dx < samples; dx++, u += stepU, v += stepV)
                {
                    if (!(u > -1 && v > -1 && u < width && v < height))
                        continue;
                    int column = (int)MathF.Floor(u), row = (int)MathF.Floor(v);
                    float s = u - column, t = v - row;
                    if (column < 0 || row < 0 || column + 1 >= width || row + 1 >= height)
                    {
                        // The half pixel of rim: the nearest pixel.
                        var rim = 3 * (Math.Clamp(row + (t > 0.5f ? 1 : 0), 0, height - 1) * width + Math.Clamp(column + (s > 0.5f ? 1 : 0), 0, width - 1));
                        (red, green, blue) = (red + pixels[rim], green + pixels[rim + 1], blue + pixels[rim + 2]);
                        continue;
                    }
                    var top = pixels.AsSpan(3 * (row * width + column), 6);
                    var bottom = pixels.AsSpan(3 * ((row + 1) * width + column), 6);
                    float topLeft = (1 - s) * (1 - t), topRight = s * (1 - t), bottomLeft = (1 - s) * t, bottomRight = s * t;
                    red += topLeft * top[0] + topRight * top[3] + bottomLeft * bottom[0] + bottomRight * bottom[3];
                    green += topLeft * top[1] + topRight * top[4] + bottomLeft * bottom[1] + bottomRight * bottom[4];
                    blue += topLeft * top[2] + topRight * top[5] + bottomLeft * bottom[2] + bottomRight * bottom[5];
                }
            }
            var i = y * side + x;
            planes[i] = red * weight * scale[0] + offset[0];
            planes[area + i] = green * weight * scale[1] + offset[1];
            planes[2 * area + i] = blue * weight * scale[2] + offset[2];
        }
    }
}
