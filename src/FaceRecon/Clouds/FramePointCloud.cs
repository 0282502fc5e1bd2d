using System.Numerics;

namespace FaceRecon;

/// <summary>
/// The points of one frame, organised as the image is: a window of Width x Height pixels whose top
/// left is pixel (Left, Top) of the frame. Entry row * Width + column of each array belongs to that
/// pixel. Camera frame, metres.
/// </summary>
public sealed partial class FramePointCloud
{
    internal FramePointCloud(RgbdFrame frame, DepthWindow window, HeadRegion? head, DepthNoise noise)
    {
        Frame = frame;
        (Left, Top, Width, Height) = (window.Left, window.Top, window.Width, window.Height);
        Head = head;
        Noise = noise;
        var length = Width * Height;
        Z = new float[length];
        NormalX = new float[length];
        NormalY = new float[length];
        NormalZ = new float[length];
        Sigma = new float[length];
    }

    private FramePointCloud(FramePointCloud other)
    {
        Frame = other.Frame;
        (Left, Top, Width, Height) = (other.Left, other.Top, other.Width, other.Height);
        (Z, NormalX, NormalY, NormalZ, Sigma) = (other.Z, other.NormalX, other.NormalY, other.NormalZ, other.Sigma);
        (Head, Noise, Count, Keypoints) = (other.Head, other.Noise, other.Count, other.Keypoints);
    }

    /// <summary>The frame that the points were made of: its depth as read; its camera with the focal length of <see cref="PointCloudOptions.DepthCorrection"/>.</summary>
    public RgbdFrame Frame { get; }
    /// <summary>Number of the frame in its capture, from 0.</summary>
    public int Index => Frame.Index;
    /// <summary>Seconds on the capture's clock.</summary>
    public double Timestamp => Frame.Timestamp;
    /// <summary>The camera of the whole image.</summary>
    public CameraIntrinsics Intrinsics => Frame.Intrinsics;
    /// <summary>First column of the image inside the window.</summary>
    public int Left { get; }
    /// <summary>First row of the image inside the window.</summary>
    public int Top { get; }
    /// <summary>Columns of the window.</summary>
    public int Width { get; }
    /// <summary>Rows of the window.</summary>
    public int Height { get; }
    /// <summary>Depth of every pixel of the window, metres; 0 where there is no point.</summary>
    public float[] Z { get; }
    /// <summary>x of every unit normal, facing the camera.</summary>
    public float[] NormalX { get; }
    /// <summary>y of every unit normal.</summary>
    public float[] NormalY { get; }
    /// <summary>z of every unit normal.</summary>
    public float[] NormalZ { get; }
    /// <summary>Standard deviation of every depth, metres.</summary>
    public float[] Sigma { get; }
    /// <summary>Where the head is; null where none was looked for or found.</summary>
    public HeadRegion? Head { get; }
    /// <summary>The noise of this frame's depth, as measured on it.</summary>
    public DepthNoise Noise { get; }
    /// <summary>The frame's keypoints; null where none were looked for.</summary>
    public KeypointSet? Keypoints { get; private init; }
    /// <summary>Number of points.</summary>
    public int Count { get; private set; }

    /// <summary>The same points (the arrays are shared and not copied) with these keypoints.</summary>
    public FramePointCloud WithKeypoints(KeypointSet keypoints)
    {
        ArgumentNullException.ThrowIfNull(keypoints);
        return new FramePointCloud(this) { Keypoints = keypoints };
    }

    /// <summary>The point of pixel (column, row) of the window: x = (u-cx) z/fx, y = (v-cy) z/fy.</summary>
    /// <returns>Metres, camera frame; null where the pixel has no point.</returns>
    public Vector3d? GetPoint(int column, int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Width);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Height);
        var z = Z[row * Width + column];
        return z > 0 ? Intrinsics.BackProject(Left + column, Top + row, z) : null;
    }

    /// <summary>All points as one unorganised cloud in the camera frame, row by row.</summary>
    public PointCloud ToPointCloud()
    {
        var cloud = new PointCloud(Count);
        var pixels = Frame.Color.Pixels;
        for (int row = 0, i = 0, next = 0; row < Height; row++)
        for (var column = 0; column < Width; column++, i++)
        {
            if (Z[i] <= 0)
                continue;
            var point = Intrinsics.BackProject(Left + column, Top + row, Z[i]);
            (cloud.X[next], cloud.Y[next], cloud.Z[next]) = ((float)point.X, (float)point.Y, (float)point.Z);
            (cloud.NormalX[next], cloud.NormalY[next], cloud.NormalZ[next]) = (NormalX[i], NormalY[i], NormalZ[i]);
            cloud.Sigma[next] = Sigma[i];
            pixels.AsSpan(3 * ((Top + row) * Frame.Color.Width + Left + column), 3).CopyTo(cloud.Colors.AsSpan(3 * next, 3));
            next++;
        }
        return cloud;
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"frame {Index}: {Count} points, sigma at 0.4 m {Noise.Sigma(0.4) * 1000:0.00} mm");
}
