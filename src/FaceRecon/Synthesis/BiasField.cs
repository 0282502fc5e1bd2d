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

    /// <summary>Adds the field's value at every pixel.</summary>
    public void AddTo(Span<float> image, int width, int height)
    {
        Span<double> line = stackalloc double[Columns];
        for (var v = 0; v < height; v++)
        {
            var (row, weights) = Weights(v, height, Rows);
            for (var i = 0; i < Columns; i++)
                line[i] = weights.A * Controls[row * Columns + i] + weights.B * Controls[(row + 1) * Columns + i]
                    + weights.C * Controls[(row + 2) * Columns + i] + weights.D * Controls[(row + 3) * Columns + i];
            for (var u = 0; u < width; u++)
            {
                var (column, w) = Weights(u, width, Columns);
                image[v * width + u] += (float)(w.A * line[column] + w.B * line[column + 1] + w.C * line[column + 2] + w.D * line[column + 3]);
            }
        }
    }

    private static (int First, (double A, double B, double C, double D) Weights) Weights(int pixel, int size, int controls)
    {
        var x = (double)pixel / (size - 1) * (controls - 3);
        var first = Math.Min((int)x, controls - 4);
        var t = x - first;
        var s = 1 - t;
        return (first, (s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6, t * t * t / 6));
    }
}
