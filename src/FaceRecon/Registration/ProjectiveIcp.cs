using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Registers a frame to the model by projective point-to-plane ICP (Blais and Levine 1995; Chen and
/// Medioni 1992; Newcombe et al., KinectFusion, 2011): a model point's partner is the frame's surface
/// where the point projects to, and the distance along the model's normal is minimised, or what <see cref="IcpOptions.Method"/>
/// puts in its place.
/// </summary>
internal sealed class ProjectiveIcp(IcpOptions options)
{
    private const int LeastPairs = 50;
    private const double CoarseConvergence = 20;
    // A turn moves the points of a face, about this far from its centre, by this times its angle, metres.
    private const double LeverArm = 0.07;
    private readonly float _leastCosine = (float)Math.Cos(options.MaximumNormalAngle);

    /// <summary>The pose that brings <paramref name="frame"/> onto <paramref name="model"/> from <paramref name="start"/>.</summary>
    /// <param name="frame">The frame, camera coordinates.</param>
    /// <param name="model">World coordinates.</param>
    /// <param name="start">Camera-to-world to start from.</param>
    /// <param name="firstLevel">Level to begin at: 0 from a rough start.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <param name="luminance">The model's luminance, for the method that takes it.</param>
    public IcpResult Register(
        Keyframe frame, PointCloud model, RigidTransform start, int firstLevel, CancellationToken cancellation, ModelLuminance? luminance = null) => options.Method switch
        {
            IcpMethod.PointToPoint => Register(new PointToPointResidual(), frame, model, null, start, firstLevel, cancellation),
            IcpMethod.Generalized => Register(new GeneralizedResidual(), frame, model, null, start, firstLevel, cancellation),
            IcpMethod.Colored => Register(new ColoredResidual(), frame, model, luminance ?? ModelLuminance.Of(model), start, firstLevel, cancellation),
            _ => Register(new PointToPlaneResidual(), frame, model, null, start, firstLevel, cancellation),
        };

    private IcpResult Register<TResidual>(
        TResidual residual, Keyframe frame, PointCloud model, ModelLuminance? luminance, RigidTransform start, int firstLevel, CancellationToken cancellation)
        where TResidual : struct, IIcpResidual
    {
        var pose = start;
        var iterations = 0;
        var converged = false;
        var match = default(Match);
        var facing = ModelSample.Facing(model, start.Translation);
        var capacity = Math.Min(facing.Length, options.Levels.Max(level => level.Points));
        var partners = new ProjectivePartners(capacity, _leastCosine);
        var columns = new ResidualColumns(TResidual.Rows * capacity);
        for (var level = firstLevel; level < options.Levels.Count; level++)
        {
            var (points, gate, most) = options.Levels[level];
            var sample = ModelSample.Take(model, facing, points, pose.TransformPoint(frame.HeadCenter), luminance);
            converged = false;
            // What a coarse level leaves over the next one takes: it only has to come within that one's gate.
            var convergence = level == options.Levels.Count - 1 ? options.Convergence : CoarseConvergence * options.Convergence;
            // The kernel's width comes from the residuals of the iteration before.
            var kernel = gate;
            for (var iteration = 0; iteration < TResidual.Patience * most && !converged; iteration++, iterations++)
            {
                cancellation.ThrowIfCancellationRequested();
                match = Linearize(ref residual, frame, sample, pose, (float)gate, (float)kernel, partners, columns);
                if (match.Equations.Count < LeastPairs || !match.Equations.TrySolve(1e-6, out var rotation, out var translation))
                    return new IcpResult(pose, 0, double.PositiveInfinity, iterations, false);
                // About the sample's centre: x' = c + R (x - c) + t.
                pose = RigidTransform.FromTranslation(sample.Center + translation)
                    * RigidTransform.FromRotationVector(rotation, Vector3d.Zero)
                    * RigidTransform.FromTranslation(-sample.Center) * pose;
                converged = rotation.Length < convergence && translation.Length < 0.1 * convergence;
                kernel = Math.Clamp(4.685 * match.Scale, 0.001, gate);
            }
            pose = pose.Orthonormalized();
        }
        return new IcpResult(pose, match.InlierRatio, match.Rms, iterations, converged) 
        {
            Observability = match.Equations.Observability(LeverArm),
            Equations = match.Equations,
        };
    }

    private readonly record struct Match(NormalEquations Equations, double InlierRatio, double Rms, double Scale);

    /// <summary>One pass over the sample: partners, residuals, weights, normal equations.</summary>
    private Match Linearize<TResidual>(ref TResidual method, Keyframe frame, ModelSample sample, RigidTransform pose, float gate, float kernel, ProjectivePartners partners, ResidualColumns columns)
        where TResidual : struct, IIcpResidual
    {
        method.Begin(frame, sample);
        // World relative to the centre -> camera is R' x + o.
        var toCamera = pose.Inverse() * RigidTransform.FromTranslation(sample.Center);
        partners.Find(frame, sample, toCamera, gate);
        float r00 = (float)toCamera.R00, r01 = (float)toCamera.R01, r02 = (float)toCamera.R02;
        float r10 = (float)toCamera.R10, r11 = (float)toCamera.R11, r12 = (float)toCamera.R12;
        float r20 = (float)toCamera.R20, r21 = (float)toCamera.R21, r22 = (float)toCamera.R22;

        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        var (binsPerMetre, inverseKernel) = (histogram.Length / gate, 1 / kernel);
        var (squares, weights) = (0.0, 0.0);
        columns.Clear();
        for (var block = 0; 8 * block < sample.Count; block++)
        for (var found = partners.Found(block); found != 0; found &= found - 1)
        {
            var i = 8 * block + BitOperations.TrailingZeroCount(found);
            var pair = new IcpPair
            {
                X = partners.X[i],
                Y = partners.Y[i],
                Z = partners.Z[i],
                NormalX = sample.NormalX[i],
                NormalY = sample.NormalY[i],
                NormalZ = sample.NormalZ[i],
                Distance = partners.Distance[i],
                FrameVariance = partners.Variance[i],
                ModelVariance = sample.Variance[i],
            };
            if (TResidual.TakesVectors)
            {
                var nearest = partners.Pixel[i];
                (pair.StepX, pair.StepY, pair.StepZ) = (pair.X - sample.X[i], pair.Y - sample.Y[i], pair.Z - sample.Z[i]);
                float fnx = frame.NormalX[nearest], fny = frame.NormalY[nearest], fnz = frame.NormalZ[nearest];
                pair.FrameNormalX = r00 * fnx + r10 * fny + r20 * fnz;
                pair.FrameNormalY = r01 * fnx + r11 * fny + r21 * fnz;
                pair.FrameNormalZ = r02 * fnx + r12 * fny + r22 * fnz;
                (pair.Index, pair.Column, pair.Row) = (i, partners.Column[i], partners.Row[i]);
            }
            var residual = method.Distance(pair);
            var magnitude = MathF.Abs(residual);
            histogram[Math.Min(255, (int)(magnitude * binsPerMetre))]++;
            if (magnitude >= kernel)
                continue;
            // Tukey's biweight on top of the inverse variance.
            var relative = residual * inverseKernel;
            var weight = method.Add(pair, (1 - relative * relative) * (1 - relative * relative), columns);
            squares += weight * residual * residual;
            weights += weight;
        }
        return new Match(
            NormalEquations.FromColumns(columns),
            partners.InView > 0 ? (double)partners.Count / partners.InView : 0,
            weights > 0 ? Math.Sqrt(squares / weights) : double.PositiveInfinity,
            1.4826 * Median(histogram, partners.Count) * gate / 256);
    }

    private static double Median(ReadOnlySpan<int> histogram, int total)
    {
        var seen = 0;
        for (var bin = 0; bin < histogram.Length; bin++)
            if (2 * (seen += histogram[bin]) >= total)
                return bin + 0.5;
        return histogram.Length;
    }
}
