namespace FaceRecon;

/// <summary>A part of an image as luminance, smoothed a little so that it may be sampled between pixels and differentiated.</summary>
internal sealed class GrayWindow
{
    private float[] _values = [];
    private float[] _rows = [];

    /// <summary>First column of the image inside the window.</summary>
    public int Left { get; private set; }
    /// <summary>First row of the image inside the window.</summary>
    public int Top { get; private set; }
    /// <summary>Columns of the window.</summary>
    public int Width { get; private set; }
    /// <summary>Rows of the window.</summary>
    public int Height { get; private set; }

    /// <summary>Takes another part of another image: a box with a margin, as far as the image reaches.</summary>
    public void Load(ColorImage image, ImageBox box, int margin)
    {
        Left = Math.Clamp((int)box.Left - margin, 0, image.Width - 1);
        Top = Math.Clamp((int)box.Top - margin, 0, image.Height - 1);
        Width = Math.Clamp((int)(box.Left + box.Width) + margin, Left, image.Width - 1) - Left + 1;
        Height = Math.Clamp((int)(box.Top + box.Height) + margin, Top, image.Height - 1) - Top + 1;
        if (_values.Length < Width * Height)
            (_values, _rows) = (new float[Width * Height], new float[Width * Height]);
        for (var y = 0; y < Height; y++)
        {
            var pixels = image.Pixels.AsSpan(3 * ((Top + y) * image.Width + Left), 3 * Width);
            var gray = _values.AsSpan(y * Width, Width);
            for (int x = 0, p = 0; x < gray.Length; x++, p += 3)
                gray[x] = 0.299f * pixels[p] + 0.587f * pixels[p + 1] + 0.114f * pixels[p + 2];
        }
        Smooth();
    }

    /// <summary>
    /// Samples a grid of side x side points whose middle is (u, v) and whose steps are (u, v) per column and per row.
    /// </summary>
    /// <returns>False where the grid leaves the window.</returns>
    public bool TrySample(double u, double v, in GridSteps steps, int side, Span<float> values)
    {
        var half = side / 2;
        var (x, y) = ((float)(u - Left), (float)(v - Top));
        var reachX = half * (Math.Abs(steps.ColumnU) + Math.Abs(steps.RowU));
        var reachY = half * (Math.Abs(steps.ColumnV) + Math.Abs(steps.RowV));
        if (!(x - reachX >= 0 && y - reachY >= 0 && x + reachX < Width - 1.001f && y + reachY < Height - 1.001f))
            return false;
        for (int row = -half, i = 0; row <= half; row++)
        for (var column = -half; column <= half; column++, i++)
        {
            var px = x + column * steps.ColumnU + row * steps.RowU;
            var py = y + column * steps.ColumnV + row * steps.RowV;
            var (x0, y0) = ((int)px, (int)py);
            var (s, t) = (px - x0, py - y0);
            var k = y0 * Width + x0;
            var upper = _values[k] + s * (_values[k + 1] - _values[k]);
            var lower = _values[k + Width] + s * (_values[k + Width + 1] - _values[k + Width]);
            values[i] = upper + t * (lower - upper);
        }
        return true;
    }

    // The binomial kernel (1 2 1)/4 each way: a Gaussian of 0.7 pixels.
    private void Smooth()
    {
        for (var y = 0; y < Height; y++)
        {
            var from = _values.AsSpan(y * Width, Width);
            var to = _rows.AsSpan(y * Width, Width);
            for (var x = 0; x < Width; x++)
                to[x] = 0.25f * (from[Math.Max(x - 1, 0)] + 2 * from[x] + from[Math.Min(x + 1, Width - 1)]);
        }
        for (var y = 0; y < Height; y++)
        {
            var above = _rows.AsSpan(Math.Max(y - 1, 0) * Width, Width);
            var at = _rows.AsSpan(y * Width, Width);
            var below = _rows.AsSpan(Math.Min(y + 1, Height - 1) * Width, Width);
            var to = _values.AsSpan(y * Width, Width);
            for (var x = 0; x < Width; x++)
                to[x] = 0.25f * (above[x] + 2 * at[x] + below[x]);
        }
    }
}

/// <summary>How far one step along a grid's columns and along its rows leads, pixels.</summary>
internal readonly record struct GridSteps(float ColumnU, float ColumnV, float RowU, float RowV);
