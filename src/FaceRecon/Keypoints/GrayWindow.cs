using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// A part of an image as luminance, or as another mixture of its colours, smoothed a little so that it may be sampled between pixels and differentiated;
/// where the image is finer than is of use, shrunk by a whole number.
/// </summary>
internal sealed class GrayWindow
{
    private float[] _values = [];
    private float[] _rows = [];

    /// <summary>First column of the image inside the window.</summary>
    public int Left { get; private set; }
    /// <summary>First row of the image inside the window.</summary>
    public int Top { get; private set; }
    /// <summary>Pixels of the image along one side of a pixel of the window.</summary>
    public int Shrink { get; private set; } = 1;
    /// <summary>Columns of the window, its own pixels.</summary>
    public int Width { get; private set; }
    /// <summary>Rows of the window.</summary>
    public int Height { get; private set; }
    /// <summary>Luminance, 0 to 255, or what else was asked for, row-major; after <see cref="RemoveShading"/> its detail, about 0.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, Width * Height);

    /// <summary>Where in the image a place of the window is, pixels.</summary>
    public (double U, double V) ToImage(double x, double y) => (Left + (x + 0.5) * Shrink - 0.5, Top + (y + 0.5) * Shrink - 0.5);

    /// <summary>Takes another part of another image: a box with a margin, as far as the image reaches.</summary>
    /// <param name="image">Where from.</param>
    /// <param name="box">What of it, pixels of the image.</param>
    /// <param name="margin">What is taken around it.</param>
    /// <param name="shrink">Side of the squares of pixels that become one.</param>
    public void Load(ColorImage image, ImageBox box, int margin, int shrink = 1)
    {
        Left = Math.Clamp((int)box.Left - margin, 0, image.Width - 1);
        Top = Math.Clamp((int)box.Top - margin, 0, image.Height - 1);
        Width = Math.Clamp((int)(box.Left + box.Width) + margin, Left, image.Width - 1) - Left + 1;
        Height = Math.Clamp((int)(box.Top + box.Height) + margin, Top, image.Height - 1) - Top + 1;
        (Shrink, Width, Height) = (shrink, Math.Max(Width / shrink, 1), Math.Max(Height / shrink, 1));
        Reserve();
        if (shrink == 1)
            Fill(image.Pixels.AsSpan(3 * (Top * image.Width + Left)), 3 * image.Width, ChannelWeights.Luminance);
        else
            LoadSquares(image);
        Smooth();
    }

    /// <summary>Takes a window that is already cut out.</summary>
    /// <param name="colors">Red, green, blue, row by row.</param>
    /// <param name="left">First column of the image inside the window.</param>
    /// <param name="top">First row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="weights">What becomes of its colours.</param>
    public void Load(ReadOnlySpan<byte> colors, int left, int top, int width, int height, in ChannelWeights weights)
    {
        (Left, Top, Width, Height, Shrink) = (left, top, width, height, 1);
        Reserve();
        Fill(colors, 3 * width, weights);
        Smooth();
    }

    private void Reserve()
    {
        if (_values.Length < Width * Height)
            (_values, _rows) = (new float[Width * Height], new float[Width * Height]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(ReadOnlySpan<byte> source, int stride, in ChannelWeights weights)
    {
        for (var y = 0; y < Height; y++)
        {
            var pixels = source.Slice(y * stride, 3 * Width);
            var gray = _values.AsSpan(y * Width, Width);
            for (int x = 0, p = 0; x < gray.Length; x++, p += 3)
                gray[x] = weights.Of(pixels[p], pixels[p + 1], pixels[p + 2]);
        }
    }

    private void LoadSquares(ColorImage image)
    {
        Array.Clear(_values, 0, Width * Height);
        var share = 1f / (Shrink * Shrink);
        var luminance = ChannelWeights.Luminance;
        // An image of fewer pixels than one square is its own square.
        var (columns, rows) = (Math.Min(Width * Shrink, image.Width - Left), Math.Min(Height * Shrink, image.Height - Top));
        for (var row = 0; row < rows; row++)
        {
            var pixels = image.Pixels.AsSpan(3 * ((Top + row) * image.Width + Left), 3 * columns);
            var gray = _values.AsSpan(row / Shrink * Width, Width);
            for (int column = 0, p = 0; column < columns; column++, p += 3)
                gray[column / Shrink] += share * luminance.Of(pixels[p], pixels[p + 1], pixels[p + 2]);
        }
    }

    /// <summary>
    /// Takes away what varies slowly over the window, wider than a Gaussian of 2 pixels. Shading and gloss stay with the light and
    /// the eye while the skin turns beneath them; what is fine belongs to the skin.
    /// </summary>
    public void RemoveShading()
    {
        var count = Width * Height;
        var slow = _rows.AsSpan(0, count);
        Values.CopyTo(slow);
        BoxFilter.Blur(slow, Width, radius: 2, passes: 2);
        TensorPrimitives.Subtract(Values, slow, _values.AsSpan(0, count));
    }

    /// <summary>
    /// Samples a grid of side x side points whose middle is (u, v) and whose steps are (u, v) per column and per row. The side is
    /// odd and at least 9.
    /// </summary>
    /// <returns>False where the grid leaves the window.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TrySample(double u, double v, in GridSteps steps, int side, Span<float> values)
    {
        var half = side / 2;
        var scale = 1f / Shrink;
        var (x, y) = ((float)((u - Left + 0.5) * scale - 0.5), (float)((v - Top + 0.5) * scale - 0.5));
        var (columnU, columnV, rowU, rowV) = (steps.ColumnU * scale, steps.ColumnV * scale, steps.RowU * scale, steps.RowV * scale);
        var reachX = half * (Math.Abs(columnU) + Math.Abs(rowU));
        var reachY = half * (Math.Abs(columnV) + Math.Abs(rowV));
        if (!(x - reachX >= 0 && y - reachY >= 0 && x + reachX < Width - 1.001f && y + reachY < Height - 1.001f))
            return false;
        Vector256<float> middleX = Vector256.Create(x), middleY = Vector256.Create(y), stepU = Vector256.Create(columnU), stepV = Vector256.Create(columnV);
        for (int row = -half, i = 0; row <= half; row++, i += side)
        {
            var (rowX, rowY) = (Vector256.Create(row * rowU), Vector256.Create(row * rowV));
            // The last eight of a row overlap those before them.
            for (var first = 0; ; first = Math.Min(first + 8, side - 8))
            {
                var column = Vector256.ConvertToSingle(Vector256.Create(first - half) + Vector256<int>.Indices);
                Between(middleX + column * stepU + rowX, middleY + column * stepV + rowY).CopyTo(values[(i + first)..]);
                if (first == side - 8)
                    break;
            }
        }
        return true;
    }

    /// <summary>The values at many places, bilinear.</summary>
    /// <param name="x">Columns in the window.</param>
    /// <param name="y">Rows in the window.</param>
    /// <param name="shiftX">What is added to all columns.</param>
    /// <param name="shiftY">What is added to all rows.</param>
    /// <param name="values">The values.</param>
    /// <returns>False where a place is outside of the window.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TrySample(ReadOnlySpan<float> x, ReadOnlySpan<float> y, float shiftX, float shiftY, Span<float> values)
    {
        var (right, bottom) = (Width - 1f, Height - 1f);
        var i = 0;
        for (; i <= x.Length - 8; i += 8)
        {
            var (u, v) = (Vector256.Create(x[i..]) + Vector256.Create(shiftX), Vector256.Create(y[i..]) + Vector256.Create(shiftY));
            var inside = Vector256.GreaterThanOrEqual(u, Vector256<float>.Zero) & Vector256.GreaterThanOrEqual(v, Vector256<float>.Zero)
                & Vector256.LessThan(u, Vector256.Create(right)) & Vector256.LessThan(v, Vector256.Create(bottom));
            if (inside.ExtractMostSignificantBits() != 0xff)
                return false;
            Between(u, v).CopyTo(values[i..]);
        }
        for (; i < x.Length; i++)
        {
            var (u, v) = (x[i] + shiftX, y[i] + shiftY);
            if (!(u >= 0 && v >= 0 && u < right && v < bottom))
                return false;
            values[i] = Between(u, v);
        }
        return true;
    }

    // Bilinear, inside of the window.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Between(float x, float y)
    {
        var (x0, y0) = ((int)x, (int)y);
        var (s, t) = (x - x0, y - y0);
        var k = y0 * Width + x0;
        var upper = _values[k] + s * (_values[k + 1] - _values[k]);
        var lower = _values[k + Width] + s * (_values[k + Width + 1] - _values[k + Width]);
        return upper + t * (lower - upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Between(Vector256<float> x, Vector256<float> y)
    {
        var (x0, y0) = (Vector256.ConvertToInt32Native(x), Vector256.ConvertToInt32Native(y));
        var (s, t) = (x - Vector256.ConvertToSingle(x0), y - Vector256.ConvertToSingle(y0));
        var k = y0 * Width + x0;
        var (topLeft, topRight) = (VectorGather.From(_values, k), VectorGather.From(_values, k, 1));
        var (bottomLeft, bottomRight) = (VectorGather.From(_values, k, Width), VectorGather.From(_values, k, Width + 1));
        var upper = topLeft + s * (topRight - topLeft);
        var lower = bottomLeft + s * (bottomRight - bottomLeft);
        return upper + t * (lower - upper);
    }

    // The binomial kernel (1 2 1)/4 each way: a Gaussian of 0.7 pixels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
