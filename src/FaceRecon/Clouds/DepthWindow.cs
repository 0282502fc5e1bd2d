using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FaceRecon;

/// <summary>
/// A rectangle of a depth image with a border of empty pixels around it, so that a neighbourhood
/// can be read at every pixel of the rectangle without asking whether it lies inside.
/// </summary>
internal sealed class DepthWindow
{
    /// <summary>Width of the empty border, pixels; also what a vector may read beyond the last column.</summary>
    public const int Border = 8;

    public DepthWindow(int left, int top, int width, int height)
    {
        (Left, Top, Width, Height) = (left, top, width, height);
        Stride = width + 2 * Border;
        Depths = new float[Stride * (height + 2 * Border)];
    }

    /// <summary>First column of the image inside the rectangle.</summary>
    public int Left { get; }
    /// <summary>First row of the image inside the rectangle.</summary>
    public int Top { get; }
    /// <summary>Columns of the rectangle.</summary>
    public int Width { get; }
    /// <summary>Rows of the rectangle.</summary>
    public int Height { get; }
    /// <summary>Distance from one row to the next in <see cref="Depths"/>.</summary>
    public int Stride { get; }
    /// <summary>Metres; 0 where there is no depth and all over the border.</summary>
    public float[] Depths { get; }

    /// <summary>Where pixel (column, row) of the rectangle stands in <see cref="Depths"/>.</summary>
    public int IndexOf(int column, int row) => (row + Border) * Stride + column + Border;

    /// <summary>
    /// The part of the image, its depth corrected, within the depth range and, where a head was found, inside its ball: no larger than the
    /// rectangle around what is there.
    /// </summary>
    public static DepthWindow Crop(DepthImage depth, CameraIntrinsics camera, HeadRegion? head, PointCloudOptions options)
    {
        var (left, top, right, bottom) = Outline(depth, camera, head, options);
        var kept = ArrayPool<float>.Shared.Rent((right - left) * (bottom - top));
        try
        {
            var width = right - left;
            var (minColumn, maxColumn, minRow, maxRow) = (int.MaxValue, -1, int.MaxValue, -1);
            for (var row = top; row < bottom; row++)
            {
                var line = kept.AsSpan((row - top) * width, width);
                KeepRow(depth, camera, head, options, left, row, line);
                var first = line.IndexOfAnyExcept(0f);
                if (first < 0)
                    continue;
                minColumn = Math.Min(minColumn, first);
                maxColumn = Math.Max(maxColumn, line.LastIndexOfAnyExcept(0f));
                (minRow, maxRow) = (Math.Min(minRow, row), row);
            }
            if (maxRow < 0)
                return new DepthWindow(left, top, 1, 1);
            var window = new DepthWindow(left + minColumn, minRow, maxColumn - minColumn + 1, maxRow - minRow + 1);
            for (var row = 0; row < window.Height; row++)
                kept.AsSpan((minRow - top + row) * width + minColumn, window.Width)
                    .CopyTo(window.Depths.AsSpan(window.IndexOf(0, row)));
            return window;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(kept);
        }
    }

    // The rectangle that the ball's outline lies in: within r f / (z - r) of its centre's image.
    private static (int Left, int Top, int Right, int Bottom) Outline(
        DepthImage depth, CameraIntrinsics camera, HeadRegion? head, PointCloudOptions options)
    {
        if (head is not { } ball)
            return (0, 0, depth.Width, depth.Height);
        var nearest = Math.Max(ball.Center.Z - ball.Radius, options.MinimumDepth);
        var (u, v) = camera.Project(ball.Center);
        var (reachU, reachV) = (ball.Radius * camera.Fx / nearest, ball.Radius * camera.Fy / nearest);
        var left = Math.Clamp((int)(u - reachU), 0, depth.Width - 1);
        var top = Math.Clamp((int)(v - reachV), 0, depth.Height - 1);
        return (left, top,
            Math.Clamp((int)(u + reachU) + 2, left + 1, depth.Width),
            Math.Clamp((int)(v + reachV) + 2, top + 1, depth.Height));
    }

    // Depth of one row where it counts, else 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void KeepRow(
        DepthImage depth, CameraIntrinsics camera, HeadRegion? head, PointCloudOptions options, int left, int row, Span<float> line)
    {
        ReadOnlySpan<float> source = depth.Depths.AsSpan(row * depth.Width + left, line.Length);
        if (options.DepthCorrection is { } correction)
        {
            AddWhereMeasured(source, correction.SharedMap.AsSpan(row * depth.Width + left, line.Length), line);
            source = line;
        }
        var (low, high) = ((float)options.MinimumDepth, (float)options.MaximumDepth);
        var (centerX, centerY, centerZ, squared) = (0f, 0f, 0f, float.PositiveInfinity);
        if (head is { } ball)
        {
            (centerX, centerY, centerZ) = ((float)ball.Center.X, (float)ball.Center.Y, (float)ball.Center.Z);
            squared = (float)(ball.Radius * ball.Radius);
        }
        var (inverseFx, rayY) = ((float)(1 / camera.Fx), (float)((row - camera.Cy) / camera.Fy));
        var offset = (float)(left - camera.Cx);
        for (var column = 0; column < line.Length; column++)
        {
            var z = source[column];
            float x = (offset + column) * inverseFx * z - centerX, y = rayY * z - centerY, behind = z - centerZ;
            line[column] = z >= low && z <= high && x * x + y * y + behind * behind <= squared ? z : 0;
        }
    }

    // No depth stays no depth, whatever the correction of its pixel.
    private static void AddWhereMeasured(ReadOnlySpan<float> depths, ReadOnlySpan<float> corrections, Span<float> corrected)
    {
        var i = 0;
        ref var z = ref MemoryMarshal.GetReference(depths);
        ref var correction = ref MemoryMarshal.GetReference(corrections[..depths.Length]);
        ref var result = ref MemoryMarshal.GetReference(corrected[..depths.Length]);
        for (; i <= depths.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var measured = Vector.LoadUnsafe(ref z, (nuint)i);
            var sum = measured + Vector.LoadUnsafe(ref correction, (nuint)i);
            Vector.ConditionalSelect(Vector.GreaterThan(measured, Vector<float>.Zero), sum, Vector<float>.Zero).StoreUnsafe(ref result, (nuint)i);
        }
        for (; i < depths.Length; i++)
            corrected[i] = depths[i] > 0 ? depths[i] + corrections[i] : 0;
    }
}
