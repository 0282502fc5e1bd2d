using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// A uniform bicubic B-spline over a rectangle of the image: with columns x rows controls there are columns-3 x rows-3
/// spans, the first and the last ending at the rectangle's border. Outside, the border's value goes on.
/// </summary>
internal sealed class SplineGrid
{
    /// <summary>Controls that a pixel depends on.</summary>
    public const int Support = 16;

    private readonly double _left, _top, _spanX, _spanY;

    /// <param name="area">The rectangle, pixels.</param>
    /// <param name="spansX">Spans along the rows, at least 1.</param>
    /// <param name="spansY">Spans along the columns, at least 1.</param>
    public SplineGrid(ImageBox area, int spansX, int spansY)
    {
        (Area, _left, _top) = (area, area.Left, area.Top);
        (_spanX, _spanY) = (area.Width / spansX, area.Height / spansY);
        (Columns, Rows) = (spansX + 3, spansY + 3);
    }

    /// <summary>The rectangle, pixels.</summary>
    public ImageBox Area { get; }
    /// <summary>Controls along a row.</summary>
    public int Columns { get; }
    /// <summary>Controls along a column.</summary>
    public int Rows { get; }
    /// <summary>Number of controls.</summary>
    public int Count => Columns * Rows;

    /// <summary>
    /// The 16 basis values at a pixel, row by row; they belong to controls First + row * Columns + column.
    /// </summary>
    /// <returns>First.</returns>
    public int Basis(double u, double v, Span<float> values)
    {
        Span<float> across = stackalloc float[4];
        Span<float> down = stackalloc float[4];
        var column = Weights((u - _left) / _spanX, Columns, across);
        var row = Weights((v - _top) / _spanY, Rows, down);
        for (var r = 0; r < 4; r++)
        for (var c = 0; c < 4; c++)
            values[4 * r + c] = down[r] * across[c];
        return row * Columns + column;
    }

    /// <summary>The spline's value at a pixel.</summary>
    public double At(ReadOnlySpan<double> controls, double u, double v)
    {
        Span<float> values = stackalloc float[Support];
        var first = Basis(u, v, values);
        return Evaluate(controls, first, values);
    }

    /// <summary>The spline's value from basis values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Evaluate(ReadOnlySpan<double> controls, int first, ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        for (var r = 0; r < 4; r++)
        {
            var line = controls.Slice(first + r * Columns, 4);
            for (var c = 0; c < 4; c++)
                sum += values[4 * r + c] * line[c];
        }
        return sum;
    }

    /// <summary>Adds the spline's values at a window of pixels, row by row.</summary>
    /// <param name="controls">The controls.</param>
    /// <param name="left">First column of the window.</param>
    /// <param name="top">First row of the window.</param>
    /// <param name="width">Columns of the window.</param>
    /// <param name="values">The window.</param>
    public void AddTo(ReadOnlySpan<double> controls, int left, int top, int width, Span<float> values)
    {
        var firsts = new int[width];
        var weights = new Vector4[width];
        Span<float> taps = stackalloc float[4];
        for (var column = 0; column < width; column++)
        {
            firsts[column] = Weights((left + column - _left) / _spanX, Columns, taps);
            weights[column] = new Vector4(taps);
        }
        // The controls of a row of the image, then the row itself.
        var line = new float[Columns];
        for (var row = 0; row < values.Length / width; row++)
        {
            var first = Weights((top + row - _top) / _spanY, Rows, taps) * Columns;
            for (var i = 0; i < Columns; i++)
                line[i] = (float)(taps[0] * controls[first + i] + taps[1] * controls[first + Columns + i]
                    + taps[2] * controls[first + 2 * Columns + i] + taps[3] * controls[first + 3 * Columns + i]);
            var target = values.Slice(row * width, width);
            for (var column = 0; column < width; column++)
                target[column] += Vector4.Dot(weights[column], new Vector4(line.AsSpan(firsts[column], 4)));
        }
    }

    private static int Weights(double x, int controls, Span<float> weights)
    {
        x = Math.Clamp(x, 0, controls - 3);
        var first = Math.Min((int)x, controls - 4);
        var t = (float)(x - first);
        var s = 1 - t;
        weights[0] = s * s * s / 6;
        weights[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
        weights[2] = (3 * s * s * s - 6 * s * s + 4) / 6;
        weights[3] = t * t * t / 6;
        return first;
    }
}
