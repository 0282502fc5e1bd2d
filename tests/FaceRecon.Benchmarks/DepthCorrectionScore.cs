namespace FaceRecon;

/// <summary>
/// How well an estimated depth correction undoes the sensor's error, over the head's pixels of all keyframes. What is left
/// after each frame's plane a + b u + c v is taken from both is what bends the face: an offset and a tilt are almost a pose, and do not.
/// </summary>
/// <param name="Before">Root mean square of the sensor's smooth error, metres.</param>
/// <param name="After">Of what the correction leaves of it.</param>
/// <param name="Correlation">Of the correction with the one that would undo the error, over all pixels; NaN where nothing was corrected.</param>
/// <param name="BentBefore">As Before, without the planes.</param>
/// <param name="BentAfter">As After, without the planes.</param>
/// <param name="BentCorrelation">As Correlation, without the planes.</param>
internal sealed record DepthCorrectionScore(double Before, double After, double Correlation, double BentBefore, double BentAfter, double BentCorrelation)
{
    // Every fourth pixel of every fourth row: the errors are smooth.
    private const int Step = 4;

    /// <summary>Compares over the keyframes as the sensor measured them.</summary>
    public static DepthCorrectionScore Of(DepthCorrection estimate, IReadOnlyList<Keyframe> measured, SensorErrorTruth truth)
    {
        var (whole, bent) = (new Comparison(), new Comparison());
        foreach (var frame in measured)
        {
            var samples = Samples(frame, estimate, truth);
            foreach (var (_, _, found, exact) in samples)
                whole.Add(found, exact);
            var (foundPlane, exactPlane) = (FitPlane(samples, s => s.Found), FitPlane(samples, s => s.Exact));
            foreach (var (x, y, found, exact) in samples)
                bent.Add(found - foundPlane[0] - foundPlane[1] * x - foundPlane[2] * y, exact - exactPlane[0] - exactPlane[1] * x - exactPlane[2] * y);
        }
        return new DepthCorrectionScore(whole.Before, whole.After, whole.Correlation, bent.Before, bent.After, bent.Correlation);
    }

    private static List<Sample> Samples(Keyframe frame, DepthCorrection estimate, SensorErrorTruth truth)
    {
        var samples = new List<Sample>();
        for (var row = 0; row < frame.Height; row += Step)
        for (var column = 0; column < frame.Width; column += Step)
        {
            double z = frame.Z[row * frame.Width + column];
            var (u, v) = (frame.Left + column, frame.Top + row);
            if (z > 0)
                samples.Add(new Sample(
                    column / (double)frame.Width - 0.5, row / (double)frame.Height - 0.5,
                    estimate.Correct(frame.Index, u, v, z) - z, truth.Correction(frame.Index, u, v, z)));
        }
        return samples;
    }

    private static double[] FitPlane(List<Sample> samples, Func<Sample, double> value)
    {
        var augmented = new double[12];
        foreach (var sample in samples)
        {
            ReadOnlySpan<double> row = [1, sample.X, sample.Y, value(sample)];
            for (var i = 0; i < 3; i++)
            for (var j = 0; j < 4; j++)
                augmented[4 * i + j] += row[i] * row[j];
        }
        var plane = new double[3];
        LinearSystem.TrySolve(augmented, 3, plane);
        return plane;
    }

    private readonly record struct Sample(double X, double Y, double Found, double Exact);

    private sealed class Comparison
    {
        private double _count, _found, _exact, _foundSquare, _exactSquare, _product;

        public double Before => Math.Sqrt(_exactSquare / _count);
        public double After => Math.Sqrt((_foundSquare - 2 * _product + _exactSquare) / _count);
        public double Correlation => (_product - _found * _exact / _count)
            / Math.Sqrt((_foundSquare - _found * _found / _count) * (_exactSquare - _exact * _exact / _count));

        public void Add(double found, double exact)
        {
            (_count, _found, _exact) = (_count + 1, _found + found, _exact + exact);
            (_foundSquare, _exactSquare, _product) = (_foundSquare + found * found, _exactSquare + exact * exact, _product + found * exact);
        }
    }
}
