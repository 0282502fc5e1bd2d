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
        for (var level = firstLevel; level < options.Levels.Count; level++)
        {
            var (points, gate, most) = options.Levels[level];
            var sample = ModelSample.Take(model, facing, points, pose.TransformPoint(frame.HeadCenter), luminance);
            var columns = new ResidualColumns(TResidual.Rows * sample.Count);
            converged = false;
            // The kernel's width comes from the residuals of the iteration before.
            var kernel = gate;
            for (var iteration = 0; iteration < TResidual.Patience * most && !converged; iteration++, iterations++)
            {
                cancellation.ThrowIfCancellationRequested();
                match = Linearize(ref residual, frame, sample, pose, (float)gate, (float)kernel, columns);
                if (match.Equations.Count < LeastPairs || !match.Equations.TrySolve(1e-6, out var rotation, out var translation))
                    return new IcpResult(pose, 0, double.PositiveInfinity, iterations, false);
                // About the sample's centre: x' = c + R (x - c) + t.
                pose = RigidTransform.FromTranslation(sample.Center + translation)
                    * RigidTransform.FromRotationVector(rotation, Vector3d.Zero)
                    * RigidTransform.FromTranslation(-sample.Center) * pose;
                converged = rotation.Length < options.Convergence && translation.Length < 0.1 * options.Convergence;
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
    private Match Linearize<TResidual>(ref TResidual method, Keyframe frame, ModelSample sample, RigidTransform pose, float gate, float kernel, ResidualColumns columns)
        where TResidual : struct, IIcpResidual
    {
        method.Begin(frame, sample);
        var camera = frame.Camera;
        var (fx, fy, cx, cy) = ((float)camera.Fx, (float)camera.Fy, (float)camera.Cx, (float)camera.Cy);
        // World relative to the centre -> camera is R' x + o; the struct's fields as locals, which registers hold.
        var toCamera = pose.Inverse() * RigidTransform.FromTranslation(sample.Center);
        float r00 = (float)toCamera.R00, r01 = (float)toCamera.R01, r02 = (float)toCamera.R02;
        float r10 = (float)toCamera.R10, r11 = (float)toCamera.R11, r12 = (float)toCamera.R12;
        float r20 = (float)toCamera.R20, r21 = (float)toCamera.R21, r22 = (float)toCamera.R22;
        float ox = (float)toCamera.Translation.X, oy = (float)toCamera.Translation.Y, oz = (float)toCamera.Translation.Z;

        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        var (candidates, inliers, squares, weights) = (0, 0, 0.0, 0.0);
        columns.Clear();
        for (var i = 0; i < sample.Count; i++)
        {
            float mx = sample.X[i], my = sample.Y[i], mz = sample.Z[i];
            var px = r00 * mx + r01 * my + r02 * mz + ox;
            var py = r10 * mx + r11 * my + r12 * mz + oy;
            var pz = r20 * mx + r21 * my + r22 * mz + oz;
            if (pz <= 0.05f)
                continue;
            var inverse = 1 / pz;
            float rayX = px * inverse, rayY = py * inverse;
            float u = fx * rayX + cx, v = fy * rayY + cy;
            if (u < 0 || v < 0 || u > camera.Width - 1 || v > camera.Height - 1)
                continue;
            candidates++;
            var z = frame.DepthAt(u, v, out var nearest);
            var difference = z - pz;
            if (z <= 0 || MathF.Abs(difference) > gate)
                continue;
            // The model's normal in the camera frame, against the frame's own.
            float nx = sample.NormalX[i], ny = sample.NormalY[i], nz = sample.NormalZ[i];
            var cameraX = r00 * nx + r01 * ny + r02 * nz;
            var cameraY = r10 * nx + r11 * ny + r12 * nz;
            var cameraZ = r20 * nx + r21 * ny + r22 * nz;
            if (cameraX * frame.NormalX[nearest] + cameraY * frame.NormalY[nearest] + cameraZ * frame.NormalZ[nearest] < _leastCosine)
                continue;
            inliers++;
            // The frame's point lies on the same ray: it differs by the difference in depth times (x/z, y/z, 1).
            var along = cameraX * rayX + cameraY * rayY + cameraZ;
            var cosine = along / MathF.Sqrt(rayX * rayX + rayY * rayY + 1);
            // The partner relative to the centre: the model's point moved along the ray, turned back into the world.
            float stepX = rayX * difference, stepY = rayY * difference;
            var pair = new IcpPair
            {
                X = mx + r00 * stepX + r10 * stepY + r20 * difference,
                Y = my + r01 * stepX + r11 * stepY + r21 * difference,
                Z = mz + r02 * stepX + r12 * stepY + r22 * difference,
                NormalX = nx,
                NormalY = ny,
                NormalZ = nz,
                Distance = along * difference,
                FrameVariance = (float)DepthNoise.VarianceAlongNormal(frame.Sigma[nearest], cosine),
                ModelVariance = sample.Variance[i],
            };
            if (TResidual.TakesVectors)
            {
                (pair.StepX, pair.StepY, pair.StepZ) = (pair.X - mx, pair.Y - my, pair.Z - mz);
                float fnx = frame.NormalX[nearest], fny = frame.NormalY[nearest], fnz = frame.NormalZ[nearest];
                pair.FrameNormalX = r00 * fnx + r10 * fny + r20 * fnz;
                pair.FrameNormalY = r01 * fnx + r11 * fny + r21 * fnz;
                pair.FrameNormalZ = r02 * fnx + r12 * fny + r22 * fnz;
                (pair.Index, pair.Column, pair.Row) = (i, u - frame.Left, v - frame.Top);
            }
            var residual = method.Distance(pair);
            var magnitude = MathF.Abs(residual);
            histogram[Math.Min(255, (int)(magnitude / gate * 256))]++;
            if (magnitude >= kernel)
                continue;
            // Tukey's biweight on top of the inverse variance.
            var relative = residual / kernel;
            var weight = method.Add(pair, (1 - relative * relative) * (1 - relative * relative), columns);
            squares += weight * residual * residual;
            weights += weight;
        }
        return new Match(
            NormalEquations.FromColumns(columns),
            candidates > 0 ? (double)inliers / candidates : 0,
            weights > 0 ? Math.Sqrt(squares / weights) : double.PositiveInfinity,
            1.4826 * Median(histogram, inliers) * gate / 256);
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
