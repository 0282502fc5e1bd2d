using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// Finds exposure and white balance of all views together, from the surface that they share, as Goldman and Chen (2005) and Brown
/// and Lowe (2007) do for panoramas. For each channel and each point p that view k sees, the logarithm of the light is
/// <code>log L(k,p) = a(p) + g(k) + s . y(R(k)' n(p))</code>
/// the point's own, the view's gain, and the shading: second-order harmonics y of the normal in the camera's frame, which is what a
/// light that stands still before a turning head makes (Ramamoorthi and Hanrahan 2001). Without it the gains would take the shading of
/// a turning head for exposure. Robust least squares; a is eliminated point by point; the gains' mean is zero.
/// </summary>
internal sealed class ExposureEstimate
{
    /// <summary>
    /// sRGB's code is 1.055 L^(1/2.4) - 0.055: a factor on the light is a factor, its 2.4th root, on the code plus 0.055 (of 255).
    /// </summary>
    public const float CodeOffset = 0.055f * 255;
    /// <summary>The power of light in <see cref="CodeOffset"/>'s formula.</summary>
    public const double Gamma = 2.4;

    private const int Channels = 3;
    private const int Harmonics = 8;
    // Batches of points, spread over the cloud: more change the gains by less than a thousandth.
    private const int Batches = 300;
    private const int Iterations = 4;
    // Residuals of the light's logarithm of this size count half (Cauchy): noise is smaller, gloss and misplaced edges are larger.
    private const double ResidualScale = 0.06;
    // Codes below and above are noise, or clipped.
    private const float Darkest = 8, Brightest = 248;
    private const float LeastTrust = 0.5f;
    // Of the points' weight, how much speaks for no shading. A light beside a turning head and an exposure that follows the turn look
    // nearly alike; this much errs least on synthetic captures of heads that turn and cameras that orbit.
    private const double ShadingPrior = 0.01;
    private const double GainPrior = 1e-6;

    private readonly ColorView[] _views;
    private readonly int _size;
    private readonly List<Observation> _observations = [];
    // Where each point's observations begin, and the end.
    private readonly List<int> _starts = [0];
    // For each channel the gains of the views, then the coefficients of the shading.
    private readonly double[][] _solution;

    private record struct Observation(int View, double Weight, Vector3d LogLight, HarmonicValues Harmonics);

    [System.Runtime.CompilerServices.InlineArray(Harmonics)]
    private struct HarmonicValues
    {
        private double _first;
    }

    private ExposureEstimate(ColorView[] views)
    {
        _views = views;
        _size = views.Length + Harmonics;
        _solution = [new double[_size], new double[_size], new double[_size]];
    }

    /// <summary>For each view the natural logarithm of what its light is multiplied by, red, green and blue; their means are zero.</summary>
    /// <param name="views">The views.</param>
    /// <param name="points">Points of the surface with normals, world.</param>
    public static Vector3d[] LogGains(ColorView[] views, PointCloud points)
    {
        var estimate = new ExposureEstimate(views);
        estimate.Observe(points);
        for (var iteration = 0; iteration < Iterations; iteration++)
            estimate.Solve(robust: iteration > 0);
        var solution = estimate._solution;
        return [.. Enumerable.Range(0, views.Length).Select(k => new Vector3d(solution[0][k], solution[1][k], solution[2][k]))];
    }

    private void Observe(PointCloud points)
    {
        var samples = new ColorSamples(_views);
        var batches = points.Count / ColorSamples.Lanes;
        var stride = Math.Max(1, batches / Batches);
        for (var batch = stride / 2; batch < batches; batch += stride)
        {
            samples.Take(points, batch * ColorSamples.Lanes);
            for (var lane = 0; lane < ColorSamples.Lanes; lane++)
                ObservePoint(samples, lane, points, batch * ColorSamples.Lanes + lane);
        }
    }

    private void ObservePoint(ColorSamples samples, int lane, PointCloud points, int i)
    {
        var normal = new Vector3d(points.NormalX[i], points.NormalY[i], points.NormalZ[i]);
        for (var k = 0; k < _views.Length; k++)
        {
            if (samples.Trust[k][lane] < LeastTrust)
                continue;
            var (red, green, blue) = (samples.Red[k][lane], samples.Green[k][lane], samples.Blue[k][lane]);
            if (Math.Min(red, Math.Min(green, blue)) < Darkest || Math.Max(red, Math.Max(green, blue)) > Brightest)
                continue;
            // The root of the quality leaves slanted views a say.
            _observations.Add(new Observation(k, Math.Sqrt(samples.Quality[k][lane]), new Vector3d(LogLight(red), LogLight(green), LogLight(blue)),
                HarmonicsOf(_views[k].Frame.Pose.Inverse().Rotate(normal))));
        }
        // What one view alone sees compares nothing.
        if (_observations.Count - _starts[^1] < 2)
            _observations.RemoveRange(_starts[^1], _observations.Count - _starts[^1]);
        else
            _starts.Add(_observations.Count);
    }

    private static double LogLight(float code) => Gamma * Math.Log(code + CodeOffset);

    private static HarmonicValues HarmonicsOf(Vector3d n)
    {
        HarmonicValues y = default;
        (y[0], y[1], y[2]) = (n.X, n.Y, n.Z);
        (y[3], y[4], y[5]) = (n.X * n.Y, n.Y * n.Z, n.X * n.Z);
        (y[6], y[7]) = (n.X * n.X - n.Y * n.Y, 3 * n.Z * n.Z - 1);
        return y;
    }

    private void Solve(bool robust)
    {
        var matrix = new double[_size * _size];
        double[][] sides = [new double[_size], new double[_size], new double[_size]];
        var total = 0.0;
        var observations = _observations.ToArray().AsSpan();
        for (var point = 0; point + 1 < _starts.Count; point++)
        {
            var seen = observations[_starts[point].._starts[point + 1]];
            if (robust)
                Reweight(seen);
            total += Accumulate(seen, matrix, sides);
        }
        Regularize(matrix, total);
        var factor = new CholeskyFactor(matrix, _size, 0);
        if (total <= 0 || !factor.TryFactor(1, default))
            return;
        for (var channel = 0; channel < Channels; channel++)
        {
            factor.Solve(sides[channel]);
            sides[channel].CopyTo(_solution[channel], 0);
        }
    }

    /// <summary>Weights a point's observations by how well the last solution explains them.</summary>
    private void Reweight(Span<Observation> seen)
    {
        var (mean, weight) = (Vector3d.Zero, 0.0);
        foreach (ref readonly var observation in seen)
        {
            mean += observation.Weight * Unexplained(observation);
            weight += observation.Weight;
        }
        mean /= weight;
        foreach (ref var observation in seen)
            observation.Weight /= 1 + (Unexplained(observation) - mean).LengthSquared / (Channels * ResidualScale * ResidualScale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector3d Unexplained(in Observation observation)
    {
        var rest = observation.LogLight - new Vector3d(_solution[0][observation.View], _solution[1][observation.View], _solution[2][observation.View]);
        for (var h = 0; h < Harmonics; h++)
        {
            var n = _views.Length + h;
            rest -= observation.Harmonics[h] * new Vector3d(_solution[0][n], _solution[1][n], _solution[2][n]);
        }
        return rest;
    }

    /// <summary>Adds a point's equations, each less their weighted mean, which is what eliminating the point's own light leaves.</summary>
    /// <returns>The weight that is added.</returns>
    private double Accumulate(Span<Observation> seen, double[] matrix, double[][] sides)
    {
        var (weight, light) = (0.0, Vector3d.Zero);
        Span<double> harmonics = stackalloc double[Harmonics], centred = stackalloc double[Harmonics];
        harmonics.Clear();
        foreach (ref readonly var observation in seen)
        {
            weight += observation.Weight;
            light += observation.Weight * observation.LogLight;
            for (var h = 0; h < Harmonics; h++)
                harmonics[h] += observation.Weight * observation.Harmonics[h];
        }
        light /= weight;
        foreach (ref readonly var observation in seen)
        {
            var (k, difference) = (observation.View, observation.LogLight - light);
            AddTo(sides, k, observation.Weight * difference);
            matrix[k * _size + k] += observation.Weight;
            foreach (ref readonly var other in seen)
                matrix[k * _size + other.View] -= observation.Weight * other.Weight / weight;
            for (var h = 0; h < Harmonics; h++)
                centred[h] = observation.Harmonics[h] - harmonics[h] / weight;
            for (var h = 0; h < Harmonics; h++)
            {
                var (n, weighted) = (_views.Length + h, observation.Weight * centred[h]);
                AddTo(sides, n, weighted * difference);
                matrix[n * _size + k] += weighted;
                matrix[k * _size + n] += weighted;
                for (var other = 0; other < Harmonics; other++)
                    matrix[n * _size + _views.Length + other] += weighted * centred[other];
            }
        }
        return weight;
    }

    private static void AddTo(double[][] sides, int row, Vector3d value)
    {
        sides[0][row] += value.X;
        sides[1][row] += value.Y;
        sides[2][row] += value.Z;
    }

    // Weak priors of no shading and no gain, and the gauge: the gains' mean is zero.
    private void Regularize(double[] matrix, double total)
    {
        for (var i = 0; i < _size; i++)
            matrix[i * _size + i] += total * (i < _views.Length ? GainPrior : ShadingPrior);
        for (var i = 0; i < _views.Length; i++)
            for (var j = 0; j < _views.Length; j++)
                matrix[i * _size + j] += total / (_views.Length * _views.Length);
    }
}
