using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// What is kept of a frame once the frame itself is let go: the window of the head, as
/// <see cref="FramePointCloud"/> has it, with the colours cut to that window.
/// </summary>
internal sealed partial class Keyframe
{
    // Up to 75 degrees of incidence a measurement still tells where the surface is.
    private const float LeastCosine = 0.25f;

    /// <summary>Keeps the cloud's arrays (which nobody changes) and a copy of the window's colours.</summary>
    public Keyframe(FramePointCloud cloud)
    {
        (Index, Timestamp, Camera) = (cloud.Index, cloud.Timestamp, cloud.Intrinsics);
        (Left, Top, Width, Height) = (cloud.Left, cloud.Top, cloud.Width, cloud.Height);
        (Z, NormalX, NormalY, NormalZ, Sigma) = (cloud.Z, cloud.NormalX, cloud.NormalY, cloud.NormalZ, cloud.Sigma);
        Count = cloud.Count;
        Keypoints = cloud.Keypoints;
        HeadCenter = cloud.Head?.Center ?? Centroid(cloud);
        Facing = new float[Z.Length];
        Weight = new float[Z.Length];
        WeighPixels();
        OutlineDistance = OutlineDistances();
        ColorTrust = Array.ConvertAll(OutlineDistance, distance => TrustByDistance[distance]);
        Colors = new byte[3 * Width * Height];
        for (var row = 0; row < Height; row++)
            cloud.Frame.Color.Pixels.AsSpan(3 * ((Top + row) * cloud.Frame.Color.Width + Left), 3 * Width)
                .CopyTo(Colors.AsSpan(3 * row * Width));
    }

    /// <summary>The same frame with another depth and camera; <paramref name="systematic"/> is the smooth error that this depth still has, metres.</summary>
    public Keyframe(
        Keyframe other, float[] z, float[] normalX, float[] normalY, float[] normalZ, CameraIntrinsics camera, double systematic = DepthNoise.Systematic)
    {
        (Index, Timestamp, Camera) = (other.Index, other.Timestamp, camera);
        (Left, Top, Width, Height) = (other.Left, other.Top, other.Width, other.Height);
        (Z, NormalX, NormalY, NormalZ, Sigma) = (z, normalX, normalY, normalZ, other.Sigma);
        (Count, HeadCenter, Keypoints) = (other.Count, other.HeadCenter, other.Keypoints);
        (OutlineDistance, ColorTrust, Colors, Pose) = (other.OutlineDistance, other.ColorTrust, other.Colors, other.Pose);
        Facing = new float[Z.Length];
        Weight = new float[Z.Length];
        WeighPixels(systematic);
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
    /// <summary>
    /// Minus normal . (x/z, y/z, 1): a difference of depths along the pixel's ray times this is the distance to
    /// the pixel's tangent plane. 0 where there is no point.
    /// </summary>
    public float[] Facing { get; }
    /// <summary>Inverse variance of the surface along its normal, 1/mm^2; 0 where there is no point or it is seen at too flat an angle.</summary>
    public float[] Weight { get; }
    /// <summary>Steps to the next outline of each pixel, at most <see cref="FarthestOutline"/>: the edge of the closed head, or a step in depth.</summary>
    public byte[] OutlineDistance { get; }
    /// <summary>
    /// How far the colour of a pixel may be trusted to be its own surface's: 1 inside, little at an outline, where
    /// blur, sharpening and a camera a little off mix it with what lies behind.
    /// </summary>
    public float[] ColorTrust { get; }
    /// <summary>Red, green, blue of the window.</summary>
    public byte[] Colors { get; }
    /// <summary>Centre of the head, camera frame, metres.</summary>
    public Vector3d HeadCenter { get; }
    /// <summary>The frame's keypoints; null where none were looked for.</summary>
    public KeypointSet? Keypoints { get; }
    /// <summary>Camera-to-world, refined as merging goes on.</summary>
    public RigidTransform Pose { get; set; } = RigidTransform.Identity;

    /// <summary>Luminance of a pixel of the window, 0 to 1.</summary>
    public float LuminanceAt(int i) => ChannelWeights.Luminance.Of(Colors[3 * i], Colors[3 * i + 1], Colors[3 * i + 2]) / 255;

    /// <summary>
    /// Depth between pixels (u, v of the whole image), metres: bilinear where the four pixels are one
    /// surface, else the nearest one's, 0 where that has none. <paramref name="nearest"/> is the index
    /// of the nearest pixel in the window, for everything that need not be interpolated.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float DepthAt(float u, float v, out int nearest)
    {
        var (x, y) = (u - Left, v - Top);
        var (column, row) = ((int)(x + 0.5f), (int)(y + 0.5f));
        if (x < 0 || y < 0 || column >= Width || row >= Height)
        {
            nearest = -1;
            return 0;
        }
        nearest = row * Width + column;
        var z = Z[nearest];
        return z > 0 ? Interpolate(x, y, z) : z;
    }

    /// <summary>
    /// Depth at (x, y) pixels of the window, both at least 0: bilinear where the four pixels around are one surface,
    /// else <paramref name="z"/>, the nearest one's.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Interpolate(float x, float y, float z)
    {
        var (x0, y0) = ((int)x, (int)y);
        if (x0 + 1 >= Width || y0 + 1 >= Height)
            return z;
        var i = y0 * Width + x0;
        float a = Z[i], b = Z[i + 1], c = Z[i + Width], d = Z[i + Width + 1];
        var low = MathF.Min(MathF.Min(a, b), MathF.Min(c, d));
        if (low <= 0 || MathF.Max(MathF.Max(a, b), MathF.Max(c, d)) - low > SurfaceStep)
            return z;
        var (s, t) = (x - x0, y - y0);
        var upper = a + (b - a) * s;
        return upper + (c + (d - c) * s - upper) * t;
    }

    // Four pixels further apart than this in depth are not one surface and are not interpolated, metres.
    private const float SurfaceStep = 0.006f;
    // By the distance to the next outline in pixels.
    private static ReadOnlySpan<float> TrustByDistance => [0.0001f, 0.0002f, 0.0005f, 0.001f, 0.01f, 0.3f, 1f];
    private const float OutlineStep = 0.008f;
    /// <summary>Outlines further away than this do not matter, pixels.</summary>
    public const byte FarthestOutline = 6;

    // Gaps in the depth up to twice this wide are dark or wet skin that the sensor could not see, not an outline.
    private const byte GapRadius = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private byte[] OutlineDistances()
    {
        // The closing of the seen pixels: all within the radius of one, less all within it of the rest.
        const byte nowhere = GapRadius + 1, farOutside = GapRadius + FarthestOutline;
        var toSeen = new byte[Z.Length];
        for (var i = 0; i < toSeen.Length; i++)
            toSeen[i] = Z[i] > 0 ? (byte)0 : nowhere;
        SpreadDistances(toSeen, nowhere);
        var toOutside = toSeen;
        for (var i = 0; i < toOutside.Length; i++)
            toOutside[i] = toSeen[i] > GapRadius ? (byte)0 : farOutside;
        toOutside.AsSpan(0, Width).Clear();
        toOutside.AsSpan(toOutside.Length - Width).Clear();
        for (var row = 0; row < Height; row++)
            toOutside[row * Width] = toOutside[(row + 1) * Width - 1] = 0;
        SpreadDistances(toOutside, farOutside);
        var toOutline = new byte[Z.Length];
        Array.Fill(toOutline, FarthestOutline);
        MarkSteps(toOutline);
        SpreadDistances(toOutline, FarthestOutline);
        for (var i = 0; i < toOutline.Length; i++)
            toOutline[i] = (byte)Math.Min(toOutline[i], Math.Max(toOutside[i] - GapRadius, 0));
        return toOutline;
    }

    /// <summary>Puts 0 on both sides of every step in depth along rows and columns, also of those whose middle the sensor could not see.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MarkSteps(byte[] distances)
    {
        // The last pixel with depth above each pixel of the row.
        var above = new int[Width];
        Array.Fill(above, -1);
        for (var row = 0; row < Height; row++)
        {
            var left = -1;
            for (int column = 0, i = row * Width; column < Width; column++, i++)
            {
                if (Z[i] <= 0)
                    continue;
                if (left >= 0 && IsStep(i, left, i - left))
                    distances[i] = distances[left] = 0;
                if (above[column] >= 0 && IsStep(i, above[column], (i - above[column]) / Width))
                    distances[i] = distances[above[column]] = 0;
                left = above[column] = i;
            }
        }
    }

    /// <summary>Gives every pixel the distance to the next one that has 0, in steps along rows and columns; the others have <paramref name="cap"/>, the most that counts.</summary>
    private void SpreadDistances(byte[] distances, byte cap)
    {
        // Steps along columns and steps along rows add up, so one direction can be done after the other.
        Span<byte> Row(int row) => distances.AsSpan(row * Width, Width);
        for (var row = 1; row < Height; row++)
            StepFrom(Row(row - 1), Row(row));
        for (var row = Height - 2; row >= 0; row--)
            StepFrom(Row(row + 1), Row(row));
        // Along a row by 1, 2, 4 and 8 pixels at a time, with room beside it.
        const int reach = 8;
        var wide = new byte[reach + Width + Vector<byte>.Count + reach];
        for (var row = 0; row < Height; row++)
        {
            Array.Fill(wide, cap);
            Row(row).CopyTo(wide.AsSpan(reach));
            for (var step = 1; step <= Math.Min((int)cap, reach); step *= 2)
            {
                var far = new Vector<byte>((byte)step);
                for (var i = reach; i < reach + Width; i += Vector<byte>.Count)
                    Vector.Min(new Vector<byte>(wide, i), Vector.Min(new Vector<byte>(wide, i - step), new Vector<byte>(wide, i + step)) + far).CopyTo(wide, i);
            }
            wide.AsSpan(reach, Width).CopyTo(Row(row));
        }
    }

    // Each pixel is one step further from what its neighbour in another row is near.
    private static void StepFrom(ReadOnlySpan<byte> other, Span<byte> line)
    {
        var i = 0;
        for (; i <= line.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            Vector.Min(new Vector<byte>(line[i..]), new Vector<byte>(other[i..]) + Vector<byte>.One).CopyTo(line[i..]);
        for (; i < line.Length; i++)
            line[i] = (byte)Math.Min(line[i], other[i] + 1);
    }

    // Over a gap a surface may fall by what one at 70 degrees to the ray does.
    private bool IsStep(int i, int j, int gap) =>
        gap <= 2 * GapRadius && MathF.Abs(Z[i] - Z[j]) > OutlineStep + (gap > 1 ? (gap - 1) * 2.75f * Z[i] / (float)Camera.Fx : 0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WeighPixels(double systematic = DepthNoise.Systematic)
    {
        var (inverseFx, inverseFy) = (1 / Camera.Fx, 1 / Camera.Fy);
        for (int row = 0, i = 0; row < Height; row++)
        for (var column = 0; column < Width; column++, i++)
        {
            if (Z[i] <= 0)
                continue;
            var rayX = (Left + column - Camera.Cx) * inverseFx;
            var rayY = (Top + row - Camera.Cy) * inverseFy;
            var facing = -(NormalX[i] * rayX + NormalY[i] * rayY + NormalZ[i]);
            var squaredCosine = facing * facing / (rayX * rayX + rayY * rayY + 1);
            if (facing < 0 || squaredCosine < LeastCosine * LeastCosine)
                continue;
            Facing[i] = (float)facing;
            Weight[i] = (float)(1e-6 / DepthNoise.VarianceBySquaredCosine(Sigma[i], squaredCosine, systematic));
        }
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
