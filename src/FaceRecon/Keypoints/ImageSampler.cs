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
    public static unsafe void Sample(
        ColorImage image, OrientedSquare square, int side, ReadOnlySpan<float> scale, ReadOnlySpan<float> offset, Span<float> planes)
    {
        var samples = Math.Clamp((int)Math.Round(square.Size / side), 1, MaxSamples);
        var (sin, cos) = Math.SinCos(square.Angle);
        var step = square.Size / (side * samples);
        var (stepU, stepV) = ((float)(cos * step), (float)(sin * step));
        var (startU, startV) = square.ToImage(0.5 / (side * samples), 0.5 / (side * samples));
        var (originU, originV) = ((float)startU, (float)startV);
        var (width, height) = (image.Width, image.Height);
        var area = side * side;
        var weight = 1f / (samples * samples);
        fixed (byte* pixels = image.Pixels)
        {
            for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
            {
                // The first of this pixel's samples.
                var (firstU, firstV) = (originU + samples * (x * stepU - y * stepV), originV + samples * (x * stepV + y * stepU));
                float red = 0, green = 0, blue = 0;
                for (var dy = 0; dy < samples; dy++)
                {
                    var (u, v) = (firstU - dy * stepV, firstV + dy * stepU);
                    for (var dx = 0; dx < samples; dx++, u += stepU, v += stepV)
                    {
                        if (u >= 0 && v >= 0 && u < width - 1 && v < height - 1)
                        {
                            var (column, row) = ((int)u, (int)v);
                            float s = u - column, t = v - row;
                            float topLeft = (1 - s) * (1 - t), topRight = s * (1 - t), bottomLeft = (1 - s) * t, bottomRight = s * t;
                            var top = pixels + 3 * ((nint)row * width + column);
                            var bottom = top + 3 * width;
                            red += topLeft * top[0] + topRight * top[3] + bottomLeft * bottom[0] + bottomRight * bottom[3];
                            green += topLeft * top[1] + topRight * top[4] + bottomLeft * bottom[1] + bottomRight * bottom[4];
                            blue += topLeft * top[2] + topRight * top[5] + bottomLeft * bottom[2] + bottomRight * bottom[5];
                        }
                        else if (u >= -0.5f && v >= -0.5f && u < width - 0.5f && v < height - 0.5f)
                        {
                            // The half pixel of rim around the outermost centres.
                            var rim = pixels + 3 * ((nint)(v + 0.5f) * width + (nint)(u + 0.5f));
                            (red, green, blue) = (red + rim[0], green + rim[1], blue + rim[2]);
                        }
                    }
                }
                var i = y * side + x;
                planes[i] = red * weight * scale[0] + offset[0];
                planes[area + i] = green * weight * scale[1] + offset[1];
                planes[2 * area + i] = blue * weight * scale[2] + offset[2];
            }
        }
    }
}
