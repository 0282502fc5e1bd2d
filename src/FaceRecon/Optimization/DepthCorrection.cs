namespace FaceRecon;

/// <summary>
/// How wrong a depth sensor is, as far as keypoints and overlapping surfaces show it. A measured depth z of pixel (u, v) of
/// frame k becomes z + Shared(u, v) + Offset_k + Scale_k (z - Distance_k) + Own_k(u, v). The shared part belongs to the camera
/// and serves other captures of it; the others belong to one frame.
/// </summary>
public sealed class DepthCorrection
{
    private readonly Dictionary<int, FrameDepthCorrection> _frames;
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
    /// <summary>The shared part at every pixel of the image, metres, row by row: made once, for all frames of other captures.</summary>
    internal float[] SharedMap => _map.Value;

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

    private float[] MakeMap()
    {
        var map = new float[Width * Height];
        Grid.AddTo(Controls, 0, 0, Width, map);
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
