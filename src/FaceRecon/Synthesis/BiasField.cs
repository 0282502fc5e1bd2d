using System.Numerics;

namespace FaceRecon;

/// <summary>
/// A smooth depth error over the image: a uniform cubic B-spline whose first and last spans end at the
/// image's borders. With columns x rows controls there are columns-3 x rows-3 spans; control (i, j)
/// weighs beta(x - i) beta(y - j), x = 1 + (columns-3) u/(width-1), y likewise, beta the cubic B-spline.
/// </summary>
internal sealed class BiasField
{
    /// <summary>The field of these controls, row by row, metres.</summary>
    public BiasField(int columns, int rows, double[] controls)
    {
        Columns = columns;
        Rows = rows;
        Controls = controls;
    }

    /// <summary>Controls along the image's rows.</summary>
    public int Columns { get; }
    /// <summary>Controls along the image's columns.</summary>
    public int Rows { get; }
    /// <summary>The controls, row by row, metres.</summary>
    public double[] Controls { get; }

    /// <summary>A random field of spans x spans whose values have the standard deviation <paramref name="rms"/>.</summary>
    public static BiasField Random(int spansX, int spansY, double rms, SplitMix random)
    {
        var (columns, rows) = (spansX + 3, spansY + 3);
        var controls = new double[columns * rows];
        // A cubic B-spline of independent controls of variance 1 has a mean variance of (151/315)^2.
        var scale = rms / (151.0 / 315);
        for (var i = 0; i < controls.Length; i++)
            controls[i] = scale * random.Normal(i);
        return new BiasField(columns, rows, controls);
    }

    /// <summary>The field's value at a pixel of an image of that size, metres.</summary>
    public double At(int u, int v, int width, int height)
    {
        var (column, x) = Weights(u, width, Columns);
        var (row, y) = Weights(v, height, Rows);
        return y[0] * Line(row, column, x) + y[1] * Line(row + 1, column, x) + y[2] * Line(row + 2, column, x) + y[3] * Line(row + 3, column, x);

        double Line(int r, int c, Vector4 w)
        {
            var at = r * Columns + c;
            return w[0] * Controls[at] + w[1] * Controls[at + 1] + w[2] * Controls[at + 2] + w[3] * Controls[at + 3];
        }
    }

    /// <summary>Adds the field's value at every pixel.</summary>
    public void AddTo(Span<float> image, int width, int height)
    {
        var across = new (int First, Vector4 Weights)[width];
        for (var u = 0; u < width; u++)
            across[u] = Weights(u, width, Columns);
        // The controls of a row of the image, then the row itself.
        var line = new float[Columns];
        for (var v = 0; v < height; v++)
        {
            var (row, w) = Weights(v, height, Rows);
            for (var i = 0; i < Columns; i++)
                line[i] = (float)(w[0] * Controls[row * Columns + i] + w[1] * Controls[(row + 1) * Columns + i]
                    + w[2] * Controls[(row + 2) * Columns + i] + w[3] * Controls[(row + 3) * Columns + i]);
            var target = image.Slice(v * width, width);
            for (var u = 0; u < width; u++)
                target[u] += Vector4.Dot(across[u].Weights, new Vector4(line.AsSpan(across[u].First)));
        }
    }

    private static (int First, Vector4 Weights) Weights(int pixel, int size, int controls)
    {
        var x = (double)pixel / (size - 1) * (controls - 3);
        var first = Math.Min((int)x, controls - 4);
        var t = (float)(x - first);
        var s = 1 - t;
        return (first, new Vector4(s * s * s, 3 * t * t * t - 6 * t * t + 4, 3 * s * s * s - 6 * s * s + 4, t * t * t) / 6);
    }
}
