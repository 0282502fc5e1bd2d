using System.Numerics;

namespace FaceRecon;

/// <summary>
/// How wrong a depth sensor is, as far as keypoints and overlapping surfaces show it. A measured depth z of pixel (u, v) of
/// frame k becomes z + Shared(u, v) + Offset_k + Scale_k (z - Distance_k) + Own_k(u, v). The shared part belongs to the camera
/// and serves other captures of it; the others belong to one frame.
/// </summary>
public sealed class DepthCorrection
{
    private readonly Dictionary<int, FrameDepthCorrection> _frames;
    // The shared part at every pixel: made once, for as many frames as there are of other captures.
    private readonly Lazy<float[]> _map;

    internal DepthCorrection(int width, int height, SplineGrid grid, double[] controls, double focalScale, IEnumerable<FrameDepthCorrection> frames)
    {
        (Width, Height, Grid, Controls, FocalScale) = (width, height, grid, controls, focalScale);
        _frames = frames.ToDictionary(frame => frame.FrameIndex);
        _map = new Lazy<float[]>(MakeMap);
    }

    /// <summary>Columns of the image that it is for.</summary>
    public int Width { get; }
    /// <summary>Rows of the image that it is for.</summary>
    public int Height { get; }
    /// <summary>Factor on the stated focal lengths; 1 where they were not refined.</summary>
    public double FocalScale { get; }
    /// <summary>What belongs to single frames, in their order.</summary>
    public IReadOnlyCollection<FrameDepthCorrection> Frames => [.. _frames.Values.OrderBy(frame => frame.FrameIndex)];
    internal SplineGrid Grid { get; }
    internal double[] Controls { get; }

    /// <summary>What the shared part adds to the depth at a pixel, metres.</summary>
    public double Shared(double u, double v) => Grid.At(Controls, u, v);

    /// <summary>The corrected depth, metres.</summary>
    /// <param name="frameIndex">Number of the frame; of one that is not known only the shared part is used.</param>
    /// <param name="u">Column, pixels.</param>
    /// <param name="v">Row, pixels.</param>
    /// <param name="z">Measured depth, metres.</param>
    public double Correct(int frameIndex, double u, double v, double z)
    {
        var corrected = z + Shared(u, v);
        if (_frames.TryGetValue(frameIndex, out var frame))
            corrected += frame.Offset + frame.Scale * (z - frame.Distance) + (frame.Own?.Grid.At(frame.Own.Controls, u, v) ?? 0);
        return corrected;
    }

    /// <summary>
    /// A frame of another capture of the same camera, with the corrected focal lengths; its depth is left to <see cref="CorrectRow"/>.
    /// </summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.DepthCorrectionInvalid"/>: the frame is of another size.</exception>
    internal RgbdFrame CorrectCamera(RgbdFrame frame)
    {
        var camera = frame.Intrinsics;
        if (camera.Width != Width || camera.Height != Height)
            throw new FaceReconException(ErrorId.DepthCorrectionInvalid,
                $"The depth correction is for images of {Width}x{Height} pixels, and frame {frame.Index} has {camera.Width}x{camera.Height}; it serves only captures of the camera and mode that it was estimated from.",
                frame.DepthPath, frame.Index);
        if (FocalScale == 1)
            return frame;
        camera = camera with { Fx = camera.Fx * FocalScale, Fy = camera.Fy * FocalScale };
        var corrected = new RgbdFrame(frame.Index, frame.Timestamp, camera, frame.Color, frame.Depth, frame.ColorPath, frame.DepthPath);
        return frame.Keypoints is { } keypoints ? corrected.WithKeypoints(keypoints) : corrected;
    }

    /// <summary>Adds the shared part to the depths of a part of an image's row, metres; 0, no depth, stays 0.</summary>
    /// <param name="depths">As measured.</param>
    /// <param name="left">Column of the first.</param>
    /// <param name="row">Row of the image.</param>
    /// <param name="corrected">As long as <paramref name="depths"/>.</param>
    internal void CorrectRow(ReadOnlySpan<float> depths, int left, int row, Span<float> corrected)
    {
        var map = _map.Value.AsSpan(row * Width + left, depths.Length);
        var i = 0;
        for (; i <= depths.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var z = new Vector<float>(depths[i..]);
            Vector.ConditionalSelect(Vector.GreaterThan(z, Vector<float>.Zero), z + new Vector<float>(map[i..]), Vector<float>.Zero).CopyTo(corrected[i..]);
        }
        for (; i < depths.Length; i++)
            corrected[i] = depths[i] > 0 ? depths[i] + map[i] : 0;
    }

    private float[] MakeMap()
    {
        var map = new float[Width * Height];
        for (int v = 0, i = 0; v < Height; v++)
        for (var u = 0; u < Width; u++, i++)
            map[i] = (float)Shared(u, v);
        return map;
    }

    /// <summary>The same without what belongs to single frames: what may be used for another capture.</summary>
    public DepthCorrection WithoutFrames() => new(Width, Height, Grid, Controls, FocalScale, []);

    /// <summary>The shared part as a picture: white where it is nothing, red where depth is moved away, blue where it is moved nearer; full colour at <paramref name="range"/>.</summary>
    /// <param name="range">Metres.</param>
    public ColorImage Draw(double range = 0.003)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(range);
        var pixels = new byte[3 * Width * Height];
        for (int v = 0, i = 0; v < Height; v++)
        for (var u = 0; u < Width; u++, i += 3)
        {
            var share = Math.Clamp(Shared(u, v) / range, -1, 1);
            var faded = (byte)Math.Round(255 * (1 - Math.Abs(share)));
            (pixels[i], pixels[i + 1], pixels[i + 2]) = share > 0 ? ((byte)255, faded, faded) : (faded, faded, (byte)255);
        }
        return new ColorImage(Width, Height, pixels);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Width}x{Height}, {Controls.Length} controls up to {1000 * Controls.Max(Math.Abs):0.00} mm, {_frames.Count} frames{(FocalScale == 1 ? "" : $", focal length x {FocalScale:0.0000}")}");
}

/// <summary>The depth correction of one frame.</summary>
/// <param name="FrameIndex">Number of the frame in its capture.</param>
/// <param name="Offset">Metres.</param>
/// <param name="Scale">A ratio.</param>
/// <param name="Distance">The depth at which the scale changes nothing, metres.</param>
public sealed record FrameDepthCorrection(int FrameIndex, double Offset, double Scale, double Distance)
{
    internal OwnSpline? Own { get; init; }
}

/// <summary>A spline of one frame.</summary>
internal sealed record OwnSpline(SplineGrid Grid, double[] Controls);
