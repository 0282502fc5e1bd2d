using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>Means over squares of an image. Repeated, they come near a Gaussian: each pass adds the variance (side^2 - 1) / 12 along each axis.</summary>
internal static class BoxFilter
{
    /// <summary>Replaces every pixel by the mean of the square around it; beyond the border the border's values go on.</summary>
    /// <param name="values">The image, row by row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="radius">Half the side of the square, rounded down, pixels.</param>
    /// <param name="passes">How often.</param>
    public static void Blur(Span<float> values, int width, int radius, int passes)
    {
        var lines = new float[(2 * radius + 2) * width];
        for (var pass = 0; pass < passes; pass++)
        {
            Down(values, width, radius, lines);
            Across(values, width, radius, lines);
        }
    }

    // Down the columns, whole rows at a time. The rows that are overwritten are kept as long as they are needed.
    private static void Down(Span<float> values, int width, int radius, Span<float> lines)
    {
        var (height, kept) = (values.Length / width, 2 * radius + 1);
        var sum = lines.Slice(kept * width, width);
        sum.Clear();
        for (var row = -radius; row <= radius; row++)
            TensorPrimitives.Add(sum, values.Slice(Math.Clamp(row, 0, height - 1) * width, width), sum);
        for (var row = 0; row < height; row++)
        {
            var line = values.Slice(row * width, width);
            line.CopyTo(lines.Slice(row % kept * width, width));
            TensorPrimitives.Multiply(sum, 1f / kept, line);
            // The row that leaves the square is one of those kept, the one that comes has not been overwritten yet.
            TensorPrimitives.Subtract(sum, lines.Slice(Math.Max(row - radius, 0) % kept * width, width), sum);
            var next = Math.Min(row + radius + 1, height - 1);
            TensorPrimitives.Add(sum, next <= row ? lines.Slice(next % kept * width, width) : values.Slice(next * width, width), sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Across(Span<float> values, int width, int radius, Span<float> lines)
    {
        var source = lines[..width];
        var share = 1f / (2 * radius + 1);
        for (var start = 0; start < values.Length; start += width)
        {
            var line = values.Slice(start, width);
            line.CopyTo(source);
            var sum = 0f;
            for (var x = -radius; x <= radius; x++)
                sum += source[Math.Clamp(x, 0, width - 1)];
            for (var x = 0; x < width; x++)
            {
                line[x] = share * sum;
                sum += source[Math.Min(x + radius + 1, width - 1)] - source[Math.Max(x - radius, 0)];
            }
        }
    }
}
