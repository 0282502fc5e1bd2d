namespace FaceRecon;

/// <summary>
/// One frame of an RGB-D video: colour and depth of the same size seen by the same undistorted
/// pinhole camera. Never changed after it is made.
/// </summary>
public sealed class RgbdFrame
{
    /// <summary>A frame over these images.</summary>
    /// <param name="index">Number of the frame in its capture, from 0.</param>
    /// <param name="timestamp">Seconds on the capture's clock.</param>
    /// <param name="intrinsics">The camera of both images.</param>
    /// <param name="color">Colour.</param>
    /// <param name="depth">Depth, metres.</param>
    /// <param name="colorPath">The file that the colour came from, for messages.</param>
    /// <param name="depthPath">The file that the depth came from, for messages.</param>
    /// <exception cref="ArgumentException">Colour, depth and intrinsics are of different size.</exception>
    public RgbdFrame(int index, double timestamp, CameraIntrinsics intrinsics, ColorImage color, DepthImage depth,
        string colorPath = "", string depthPath = "")
    {
        ArgumentNullException.ThrowIfNull(intrinsics);
        ArgumentNullException.ThrowIfNull(color);
        ArgumentNullException.ThrowIfNull(depth);
        if (color.Width != depth.Width || color.Height != depth.Height ||
            intrinsics.Width != depth.Width || intrinsics.Height != depth.Height)
            throw new ArgumentException(
                $"Frame {index}: colour is {color.Width}x{color.Height}, depth {depth.Width}x{depth.Height}, intrinsics {intrinsics.Width}x{intrinsics.Height}; they must be of one size.");
        Index = index;
        Timestamp = timestamp;
        Intrinsics = intrinsics;
        Color = color;
        Depth = depth;
        ColorPath = colorPath;
        DepthPath = depthPath;
    }

    /// <summary>Number of the frame in its capture, from 0.</summary>
    public int Index { get; }
    /// <summary>Seconds on the capture's clock.</summary>
    public double Timestamp { get; }
    /// <summary>The camera of both images.</summary>
    public CameraIntrinsics Intrinsics { get; }
    /// <summary>Colour.</summary>
    public ColorImage Color { get; }
    /// <summary>Depth, metres.</summary>
    public DepthImage Depth { get; }
    /// <summary>The file that the colour came from.</summary>
    public string ColorPath { get; }
    /// <summary>The file that the depth came from.</summary>
    public string DepthPath { get; }
    /// <summary>Name of the capture's folder, of which colour and depth may have folders of their own; empty for a frame that came from no file.</summary>
    internal string CaptureName
    {
        get
        {
            var folder = Path.GetDirectoryName(ColorPath);
            if (Path.GetFileName(folder) is "color" or "rgb" or "image")
                folder = Path.GetDirectoryName(folder);
            return Path.GetFileName(folder) ?? "";
        }
    }

    /// <summary>The frame's keypoints; null where none were looked for.</summary>
    public KeypointSet? Keypoints { get; private init; }

    /// <summary>The same frame (the images are shared and not copied) with these keypoints.</summary>
    public RgbdFrame WithKeypoints(KeypointSet keypoints)
    {
        ArgumentNullException.ThrowIfNull(keypoints);
        return new RgbdFrame(Index, Timestamp, Intrinsics, Color, Depth, ColorPath, DepthPath) { Keypoints = keypoints };
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"frame {Index} at {Timestamp:0.000} s, {Color.Width}x{Color.Height}");
}
