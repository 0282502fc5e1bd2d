using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// What the surface around a landmark looks like: a grid of luminances on its tangent plane, fixed to the head. Shown
/// another image it says how the landmark must be shifted there for the two to agree (inverse compositional alignment,
/// Baker and Matthews, "Lucas-Kanade 20 years on", 2004, with gain and offset taken out of both).
/// </summary>
internal sealed class LandmarkTemplate
{
    /// <summary>Points across the grid.</summary>
    public const int Side = 9;
    private const int Count = Side * Side;
    private const int Iterations = 6;
    // In units of the grid: what is shifted further than this has found something else.
    private const double MaxShift = 3;

    private readonly float[] _values = new float[Count];
    private readonly float[] _gradientX = new float[Count];
    private readonly float[] _gradientY = new float[Count];
    private double _xx, _xy, _yy;

    private LandmarkTemplate() { }

    /// <summary>One step along the grid's columns, metres, frame of the head.</summary>
    public Vector3d ColumnStep { get; private init; }
    /// <summary>One step along the grid's rows, metres, frame of the head.</summary>
    public Vector3d RowStep { get; private init; }

    /// <summary>Takes a template at (u, v), one pixel times <paramref name="spacing"/> a step.</summary>
    /// <returns>Null too near to the window's rim or where there is nothing to see.</returns>
    public static LandmarkTemplate? Take(GrayWindow image, double u, double v, double spacing, Vector3d columnStep, Vector3d rowStep)
    {
        var template = new LandmarkTemplate { ColumnStep = columnStep * spacing, RowStep = rowStep * spacing };
        if (!image.TrySample(u, v, new GridSteps((float)spacing, 0, 0, (float)spacing), Side, template._values) || !Normalize(template._values))
            return null;
        template.Differentiate();
        return template;
    }

    /// <summary>Aligns the template to an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="steps">The grid as the image shows it.</param>
    /// <param name="priorSigma">Standard deviation of where the landmark is expected, pixels.</param>
    /// <param name="u">Where it is expected; where it is found.</param>
    /// <param name="v">As <paramref name="u"/>.</param>
    /// <returns>How well they agree and what the image alone says of the position.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Alignment Align(GrayWindow image, in GridSteps steps, double priorSigma, ref double u, ref double v)
    {
        Span<float> values = stackalloc float[Count];
        double x = 0, y = 0;
        // The prior in units of the grid, by the mean size of a step.
        var scale = Math.Sqrt(Math.Abs(steps.ColumnU * steps.RowV - steps.ColumnV * steps.RowU));
        if (scale < 0.2)
            return default;
        var priorWeight = Math.Pow(scale / priorSigma, 2);
        var noise = 0.2 / Count;
        var correlation = 0.0;
        for (var iteration = 0; iteration <= Iterations; iteration++)
        {
            if (!image.TrySample(u + x * steps.ColumnU + y * steps.RowU, v + x * steps.ColumnV + y * steps.RowV, steps, Side, values) || !Normalize(values))
                return default;
            double bx = 0, by = 0;
            correlation = 0;
            for (var i = 0; i < Count; i++)
            {
                var error = _values[i] - values[i];
                bx += _gradientX[i] * error;
                by += _gradientY[i] * error;
                correlation += _values[i] * values[i];
            }
            // Residual variance of normalised grids is 2 (1 - correlation) / Count.
            noise = Math.Max(2 * (1 - correlation), 0.02) / Count;
            if (iteration == Iterations)
                break;
            var (xx, yy, xy) = (_xx / noise + priorWeight, _yy / noise + priorWeight, _xy / noise);
            var (rx, ry) = (bx / noise - priorWeight * x, by / noise - priorWeight * y);
            var determinant = xx * yy - xy * xy;
            var (dx, dy) = ((yy * rx - xy * ry) / determinant, (xx * ry - xy * rx) / determinant);
            (x, y) = (x + dx, y + dy);
            if (!(x * x + y * y < MaxShift * MaxShift))
                return default;
            if (dx * dx + dy * dy < 1e-4)
                break;
        }
        (u, v) = (u + x * steps.ColumnU + y * steps.RowU, v + x * steps.ColumnV + y * steps.RowV);
        // The less certain direction: smallest eigenvalue of the image's information.
        var (mean, difference) = (0.5 * (_xx + _yy), 0.5 * (_xx - _yy));
        var least = mean - Math.Sqrt(difference * difference + _xy * _xy);
        return new Alignment(correlation, scale * Math.Sqrt(noise / Math.Max(least, 1e-9)), scale * Math.Sqrt(noise / Math.Max(2 * mean - least, 1e-9)));
    }

    private void Differentiate()
    {
        for (var row = 0; row < Side; row++)
        for (var column = 0; column < Side; column++)
        {
            var (left, right) = (Math.Max(column - 1, 0), Math.Min(column + 1, Side - 1));
            var (above, below) = (Math.Max(row - 1, 0), Math.Min(row + 1, Side - 1));
            var i = row * Side + column;
            _gradientX[i] = (_values[row * Side + right] - _values[row * Side + left]) / (right - left);
            _gradientY[i] = (_values[below * Side + column] - _values[above * Side + column]) / (below - above);
        }
        ProjectOut(_gradientX);
        ProjectOut(_gradientY);
        for (var i = 0; i < Count; i++)
            (_xx, _xy, _yy) = (_xx + _gradientX[i] * _gradientX[i], _xy + _gradientX[i] * _gradientY[i], _yy + _gradientY[i] * _gradientY[i]);
    }

    // What a change of offset or gain would look like says nothing of a shift: a ramp of brightness, moved, is a ramp.
    private void ProjectOut(float[] gradient)
    {
        float sum = 0, along = 0;
        for (var i = 0; i < Count; i++)
            (sum, along) = (sum + gradient[i], along + gradient[i] * _values[i]);
        for (var i = 0; i < Count; i++)
            gradient[i] -= sum / Count + along * _values[i];
    }

    /// <summary>Mean 0, sum of squares 1; false where all is alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Normalize(Span<float> values)
    {
        var sum = 0f;
        foreach (var value in values)
            sum += value;
        var mean = sum / values.Length;
        var squares = 0f;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] -= mean;
            squares += values[i] * values[i];
        }
        // Less than a fifth of a grey level of contrast is noise: that of eight bits, smoothed, is a ninth.
        if (squares < 0.04f * values.Length)
            return false;
        var scale = 1 / MathF.Sqrt(squares);
        for (var i = 0; i < values.Length; i++)
            values[i] *= scale;
        return true;
    }
}

/// <summary>How a template fits an image.</summary>
/// <param name="Correlation">Normalised correlation, -1 to 1; 0 where there is no fit.</param>
/// <param name="MajorSigma">Standard deviation of the position along the less certain direction, pixels, from the image alone.</param>
/// <param name="MinorSigma">Along the more certain direction.</param>
internal readonly record struct Alignment(double Correlation, double MajorSigma, double MinorSigma);
