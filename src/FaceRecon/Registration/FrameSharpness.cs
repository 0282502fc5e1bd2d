using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>How sharp the head is in a frame's colour image, and whether that is less than in the frames around.</summary>
internal sealed class FrameSharpness
{
    // Frames that a frame is compared with: a second at 30 a second.
    private const int Remembered = 31;
    private const int LeastRemembered = 5;
    // An image without anything on it cannot be blurred.
    private const double LeastSharpness = 0.001;

    private readonly Queue<Sharpness> _before = new();

    /// <summary>Sharpness of an image across rows, across columns and across the two diagonals.</summary>
    public readonly record struct Sharpness(double Horizontal, double Vertical, double Falling, double Rising);

    /// <summary>
    /// Root mean square of the second differences over that of the luminance, inside the head, on pixels binned two by two, which
    /// takes most of the noise and little of what a blur takes. By directions, for motion blurs in one.
    /// </summary>
    public static Sharpness Measure(Keyframe frame)
    {
        var (columns, rows) = (frame.Width / 2, frame.Height / 2);
        var binned = Bin(frame, columns, rows);
        var (horizontal, vertical, falling, rising, light) = (0.0, 0.0, 0.0, 0.0, 1e-12);
        for (var row = 1; row < rows - 1; row++)
        for (var i = row * columns + 1; i < (row + 1) * columns - 1; i++)
        {
            float here = binned[i], left = binned[i - 1], right = binned[i + 1], above = binned[i - columns], below = binned[i + columns];
            float a = binned[i - columns - 1], b = binned[i - columns + 1], c = binned[i + columns - 1], d = binned[i + columns + 1];
            // NaN beside the head.
            if (float.IsNaN(here + left + right + above + below + a + b + c + d))
                continue;
            var twice = 2 * here;
            horizontal += Square(left + right - twice);
            vertical += Square(above + below - twice);
            falling += Square(a + d - twice);
            rising += Square(b + c - twice);
            light += here * here;
        }
        return new Sharpness(Math.Sqrt(horizontal / light), Math.Sqrt(vertical / light), Math.Sqrt(falling / light), Math.Sqrt(rising / light));
    }

    /// <summary>A frame's sharpness over the median of the frames before it, in the direction where that is least; 1 while those are too few.</summary>
    public double Compare(Sharpness sharpness)
    {
        if (_before.Count < LeastRemembered)
            return 1;
        double Share(Func<Sharpness, double> direction)
        {
            var sorted = _before.Select(direction).Order().ToArray();
            var usual = sorted[sorted.Length / 2];
            return usual > LeastSharpness ? direction(sharpness) / usual : 1;
        }
        return Math.Min(Math.Min(Share(s => s.Horizontal), Share(s => s.Vertical)), Math.Min(Share(s => s.Falling), Share(s => s.Rising)));
    }

    /// <summary>Takes a frame among those that others are compared with.</summary>
    public void Remember(Sharpness sharpness)
    {
        _before.Enqueue(sharpness);
        if (_before.Count > Remembered)
            _before.Dequeue();
    }

    private static float Square(float value) => value * value;

    // Means of two by two pixels; NaN where one of them is not inside the head.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float[] Bin(Keyframe frame, int columns, int rows)
    {
        var binned = new float[columns * rows];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            var i = 2 * row * frame.Width + 2 * column;
            var j = i + frame.Width;
            if (frame.ColorTrust[i] < 1 || frame.ColorTrust[i + 1] < 1 || frame.ColorTrust[j] < 1 || frame.ColorTrust[j + 1] < 1)
                binned[row * columns + column] = float.NaN;
            else
                binned[row * columns + column] = 0.25f * (frame.LuminanceAt(i) + frame.LuminanceAt(i + 1) + frame.LuminanceAt(j) + frame.LuminanceAt(j + 1));
        }
        return binned;
    }
}
