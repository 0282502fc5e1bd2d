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
    /// The part of the image within the depth range and, where a head was found, inside its ball.
    /// </summary>
    public static DepthWindow Crop(DepthImage depth, CameraIntrinsics camera, HeadRegion? head, PointCloudOptions options)
    {
        var (left, top, right, bottom) = (0, 0, depth.Width, depth.Height);
        if (head is { } ball)
        {
            var nearest = Math.Max(ball.Center.Z - ball.Radius, options.MinimumDepth);
            var (u, v) = camera.Project(ball.Center);
            // The outline of a sphere lies within r f / (z - r) of its centre's image.
            var (reachU, reachV) = (ball.Radius * camera.Fx / nearest, ball.Radius * camera.Fy / nearest);
            left = Math.Clamp((int)(u - reachU), 0, depth.Width - 1);
            right = Math.Clamp((int)(u + reachU) + 2, left + 1, depth.Width);
            top = Math.Clamp((int)(v - reachV), 0, depth.Height - 1);
            bottom = Math.Clamp((int)(v + reachV) + 2, top + 1, depth.Height);
        }
        var window = new DepthWindow(left, top, right - left, bottom - top);
        var (low, high) = ((float)options.MinimumDepth, (float)options.MaximumDepth);
        for (var row = 0; row < window.Height; row++)
        {
            var source = depth.Depths.AsSpan((top + row) * depth.Width + left, window.Width);
            var target = window.Depths.AsSpan(window.IndexOf(0, row), window.Width);
            for (var column = 0; column < source.Length; column++)
            {
                var z = source[column];
                if (!(z >= low && z <= high))
                    continue;
                if (head is { } region &&
                    (camera.BackProject(left + column, top + row, z) - region.Center).LengthSquared > region.Radius * region.Radius)
                    continue;
                target[column] = z;
            }
        }
        return window;
    }
}
