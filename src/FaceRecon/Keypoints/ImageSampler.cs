using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
                Vector256<float> upper = Vector256<float>.Zero, lower = Vector256<float>.Zero;
                for (var dy = 0; dy < samples; dy++)
                {
                    var (u, v) = (firstU - dy * stepV, firstV + dy * stepU);
                    for (var dx = 0; dx < samples; dx++, u += stepU, v += stepV)
                    {
                        if (u >= 0 && v >= 0 && u < width - 1 && v < height - 1)
                        {
                            var (column, row) = ((int)u, (int)v);
                            float s = u - column, t = v - row;
                            // Two neighbours in one vector, of which each takes its share of the width, and of the height together.
                            var top = pixels + 3 * ((nint)row * width + column);
                            upper += (1 - t) * (First + s * FromFirst) * Eight(top);
                            // Two bytes earlier, as there may be nothing behind the last pixel.
                            lower += t * (FirstLater + s * FromFirstLater) * Eight(top + 3 * width - 2);
                        }
                        else if (u >= -0.5f && v >= -0.5f && u < width - 0.5f && v < height - 0.5f)
                        {
                            // The half pixel of rim around the outermost centres.
                            var rim = pixels + 3 * ((nint)(v + 0.5f) * width + (nint)(u + 0.5f));
                            (red, green, blue) = (red + rim[0], green + rim[1], blue + rim[2]);
                        }
                    }
                }
                red += upper[0] + upper[3] + lower[2] + lower[5];
                green += upper[1] + upper[4] + lower[3] + lower[6];
                blue += upper[2] + upper[5] + lower[4] + lower[7];
                var i = y * side + x;
                planes[i] = red * weight * scale[0] + offset[0];
                planes[area + i] = green * weight * scale[1] + offset[1];
                planes[2 * area + i] = blue * weight * scale[2] + offset[2];
            }
        }
    }

    private static readonly Vector256<float> First = Vector256.Create(1f, 1, 1, 0, 0, 0, 0, 0);
    private static readonly Vector256<float> FromFirst = Vector256.Create(-1f, -1, -1, 1, 1, 1, 0, 0);
    private static readonly Vector256<float> FirstLater = Vector256.Create(0f, 0, 1, 1, 1, 0, 0, 0);
    private static readonly Vector256<float> FromFirstLater = Vector256.Create(0f, 0, -1, -1, -1, 1, 1, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<float> Eight(byte* bytes) => Vector256.ConvertToSingle(
        Vector256.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)bytes).AsByte()).ToVector256Unsafe()).AsInt32());
}
