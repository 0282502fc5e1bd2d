namespace FaceRecon;

/// <summary>
/// What is kept of a frame once the frame itself is let go: the window of the head, as
/// <see cref="FramePointCloud"/> has it, with the colours cut to that window.
/// </summary>
internal sealed class Keyframe
{
    /// <summary>Keeps the cloud's arrays (which nobody changes) and a copy of the window's colours.</summary>
    public Keyframe(FramePointCloud cloud)
    {
        (Index, Timestamp, Camera) = (cloud.Index, cloud.Timestamp, cloud.Intrinsics);
        (Left, Top, Width, Height) = (cloud.Left, cloud.Top, cloud.Width, cloud.Height);
        (Z, NormalX, NormalY, NormalZ, Sigma) = (cloud.Z, cloud.NormalX, cloud.NormalY, cloud.NormalZ, cloud.Sigma);
        Count = cloud.Count;
        HeadCenter = cloud.Head?.Center ?? Centroid(cloud);
        Colors = new byte[3 * Width * Height];
        for (var row = 0; row < Height; row++)
            cloud.Frame.Color.Pixels.AsSpan(3 * ((Top + row) * cloud.Frame.Color.Width + Left), 3 * Width)
                .CopyTo(Colors.AsSpan(3 * row * Width));
    }

    public int Index { get; }
    public double Timestamp { get; }
    public CameraIntrinsics Camera { get; }
    public int Left { get; }
    public int Top { get; }
    public int Width { get; }
    public int Height { get; }
    public int Count { get; }
    public float[] Z { get; }
    public float[] NormalX { get; }
    public float[] NormalY { get; }
    public float[] NormalZ { get; }
    public float[] Sigma { get; }
    /// <summary>Red, green, blue of the window.</summary>
    public byte[] Colors { get; }
    /// <summary>Centre of the head, camera frame, metres.</summary>
    public Vector3d HeadCenter { get; }
    /// <summary>Camera-to-world, refined as merging goes on.</summary>
    public RigidTransform Pose { get; set; } = RigidTransform.Identity;

    /// <summary>
    /// Depth between pixels (u, v of the whole image), metres: bilinear where the four pixels are one
    /// surface, else the nearest one's, 0 where that has none. <paramref name="nearest"/> is the index
    /// of the nearest pixel in the window, for everything that need not be interpolated.
    /// </summary>
    public float DepthAt(double u, double v, float edge, out int nearest)
    {
        var (x, y) = (u - Left, v - Top);
        var (column, row) = ((int)(x + 0.5), (int)(y + 0.5));
        if (x < 0 || y < 0 || column >= Width || row >= Height)
        {
            nearest = -1;
            return 0;
        }
        nearest = row * Width + column;
        var z = Z[nearest];
        var (x0, y0) = ((int)x, (int)y);
        if (z <= 0 || x0 + 1 >= Width || y0 + 1 >= Height)
            return z;
        var i = y0 * Width + x0;
        float a = Z[i], b = Z[i + 1], c = Z[i + Width], d = Z[i + Width + 1];
        var low = MathF.Min(MathF.Min(a, b), MathF.Min(c, d));
        if (low <= 0 || MathF.Max(MathF.Max(a, b), MathF.Max(c, d)) - low > edge)
            return z;
        var (s, t) = ((float)(x - x0), (float)(y - y0));
        var upper = a + (b - a) * s;
        return upper + (c + (d - c) * s - upper) * t;
    }

    private static Vector3d Centroid(FramePointCloud cloud)
    {
        var sum = Vector3d.Zero;
        for (var row = 0; row < cloud.Height; row++)
        for (var column = 0; column < cloud.Width; column++)
            if (cloud.GetPoint(column, row) is { } point)
                sum += point;
        return cloud.Count > 0 ? sum / cloud.Count : sum;
    }
}
