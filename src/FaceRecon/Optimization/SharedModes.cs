namespace FaceRecon;

/// <summary>
/// The low modes of the depth correction that all frames share: its mean over where the heads are, its slopes, its bowl, and
/// the mean of the frames' scales. They look almost like other poses, another size of the head, another focal length: the gauge
/// of the problem, along which the data hardly hold it.
/// </summary>
internal sealed class SharedModes
{
    private readonly ParameterLayout _layout;
    // Row by row, over all unknowns: derivative of the mode's amplitude.
    private readonly double[][] _rows;

    public SharedModes(ParameterLayout layout, IReadOnlyList<Keyframe> frames)
    {
        _layout = layout;
        var samples = Samples(frames);
        _rows = [.. Enumerable.Range(0, Count).Select(_ => new double[layout.Size])];
        var (meanU, meanV) = (samples.Average(s => s.U), samples.Average(s => s.V));
        var radius2 = samples.Average(s => Square(s.U - meanU) + Square(s.V - meanV));
        Span<float> basis = stackalloc float[SplineGrid.Support];
        foreach (var (u, v) in samples)
        {
            var first = layout.SharedGrid.Basis(u, v, basis);
            var (x, y) = ((u - meanU) / Math.Sqrt(radius2 / 2), (v - meanV) / Math.Sqrt(radius2 / 2));
            ReadOnlySpan<double> modes = [1, x, y, x * x + y * y - 2];
            for (var m = 0; m < 4; m++)
            for (var r = 0; r < 4; r++)
            for (var c = 0; c < 4; c++)
                _rows[m][layout.SharedStart + first + r * layout.SharedGrid.Columns + c] += modes[m] * basis[4 * r + c] / samples.Count;
        }
        for (var k = 0; k < layout.FrameCount; k++)
        {
            _rows[0][layout.FrameStart(k) + 6] = 1.0 / layout.FrameCount;
            _rows[Scale][layout.FrameStart(k) + 7] = 1.0 / layout.FrameCount;
        }
    }

    /// <summary>Number of modes: mean, slope along u, slope along v, bowl, scale.</summary>
    public const int Count = 5;

    /// <summary>What the modes are called.</summary>
    public static readonly string[] Names = ["mean", "slope_u", "slope_v", "bowl", "scale"];

    /// <summary>The last mode, the mean of the frames' scales.</summary>
    public const int Scale = 4;

    /// <summary>A mode's derivative by the unknowns.</summary>
    public ReadOnlySpan<double> Row(int mode) => _rows[mode];

    /// <summary>The amplitude of a mode, metres; of the last one a ratio.</summary>
    public double Amplitude(int mode, JointState state)
    {
        var row = _rows[mode];
        var sum = 0.0;
        for (var k = 0; k < _layout.FrameCount; k++)
        {
            var own = state.DepthOf(k);
            for (var i = 0; i < own.Length; i++)
                sum += row[_layout.FrameStart(k) + 6 + i] * own[i];
        }
        for (var i = 0; i < state.Shared.Length; i++)
            sum += row[_layout.SharedStart + i] * state.Shared[i];
        return sum;
    }

    /// <summary>Adds a prior on a mode.</summary>
    public void AddTo(NormalSystem system, int mode, double sigma, JointState state) =>
        system.Add(_rows[mode], 1 / (sigma * sigma), Amplitude(mode, state));

    // Every eighth pixel with depth of every frame.
    private static List<(double U, double V)> Samples(IReadOnlyList<Keyframe> frames)
    {
        var samples = new List<(double, double)>();
        foreach (var frame in frames)
            for (var row = 4; row < frame.Height; row += 8)
            for (var column = 4; column < frame.Width; column += 8)
                if (frame.Facing[row * frame.Width + column] > 0)
                    samples.Add((frame.Left + column, frame.Top + row));
        return samples;
    }

    private static double Square(double x) => x * x;
}
