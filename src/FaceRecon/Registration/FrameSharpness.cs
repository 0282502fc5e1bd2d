namespace FaceRecon;

/// <summary>How sharp the head is in a frame's colour image, and whether that is less than in the frames around.</summary>
internal sealed class FrameSharpness
{
    // Frames that a frame is compared with: a second at 30 a second.
    private const int Remembered = 31;
    private const int LeastRemembered = 5;

    private readonly Queue<double> _before = new();

    /// <summary>
    /// Mean square of the Laplacian over the mean square of the luminance, inside the head, on pixels binned two by two, which
    /// takes most of the noise and little of what a blur takes.
    /// </summary>
    public static double Measure(Keyframe frame)
    {
        var (columns, rows) = (frame.Width / 2, frame.Height / 2);
        var binned = new float[columns * rows];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            var i = 2 * row * frame.Width + 2 * column;
            if (frame.ColorTrust[i] < 1 || frame.ColorTrust[i + 1] < 1 || frame.ColorTrust[i + frame.Width] < 1 || frame.ColorTrust[i + frame.Width + 1] < 1)
                continue;
            binned[row * columns + column] =
                0.25f * (frame.LuminanceAt(i) + frame.LuminanceAt(i + 1) + frame.LuminanceAt(i + frame.Width) + frame.LuminanceAt(i + frame.Width + 1)) + 1e-4f;
        }
        var (edges, light) = (0.0, 1e-12);
        for (var row = 1; row < rows - 1; row++)
        for (var i = row * columns + 1; i < (row + 1) * columns - 1; i++)
        {
            float here = binned[i], left = binned[i - 1], right = binned[i + 1], above = binned[i - columns], below = binned[i + columns];
            if (here <= 0 || left <= 0 || right <= 0 || above <= 0 || below <= 0)
                continue;
            var laplacian = left + right + above + below - 4 * here;
            edges += laplacian * laplacian;
            light += here * here;
        }
        return Math.Sqrt(edges / light);
    }

    /// <summary>A frame's sharpness over the median of the frames before it; 1 while those are too few.</summary>
    public double Compare(double sharpness)
    {
        if (_before.Count < LeastRemembered)
            return 1;
        var sorted = _before.Order().ToArray();
        return sharpness / sorted[sorted.Length / 2];
    }

    /// <summary>Takes a frame among those that others are compared with.</summary>
    public void Remember(double sharpness)
    {
        _before.Enqueue(sharpness);
        if (_before.Count > Remembered)
            _before.Dequeue();
    }
}
