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

    // Row by row: the controls are blended down once a row and then only across. A column's four weights are the sums of its 16
    // basis values over the rows, a row's those over the columns.
    private float[] MakeMap()
    {
        Span<float> basis = stackalloc float[SplineGrid.Support];
        var across = new float[4 * Width];
        var firstColumn = new int[Width];
        for (var u = 0; u < Width; u++)
        {
            firstColumn[u] = Grid.Basis(u, 0, basis) % Grid.Columns;
            for (var c = 0; c < 4; c++)
                across[4 * u + c] = basis[c] + basis[4 + c] + basis[8 + c] + basis[12 + c];
        }
        var map = new float[Width * Height];
        var line = new float[Grid.Columns];
        for (int v = 0, i = 0; v < Height; v++)
        {
            var first = Grid.Basis(0, v, basis) / Grid.Columns * Grid.Columns;
            Array.Clear(line);
            for (var r = 0; r < 4; r++)
            {
                var down = basis[4 * r] + basis[4 * r + 1] + basis[4 * r + 2] + basis[4 * r + 3];
                for (var column = 0; column < line.Length; column++)
                    line[column] += (float)(down * Controls[first + r * Grid.Columns + column]);
            }
            for (var u = 0; u < Width; u++, i++)
            {
                var near = line.AsSpan(firstColumn[u], 4);
                map[i] = across[4 * u] * near[0] + across[4 * u + 1] * near[1] + across[4 * u + 2] * near[2] + across[4 * u + 3] * near[3];
            }
        }
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
