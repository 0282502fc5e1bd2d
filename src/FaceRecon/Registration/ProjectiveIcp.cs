namespace FaceRecon;

/// <summary>
/// Registers a frame to the model by projective point-to-plane ICP (Blais and Levine 1995; Chen and
/// Medioni 1992; Newcombe et al., KinectFusion, 2011): a model point's partner is the frame's surface
/// where the point projects to, and the distance along the model's normal is minimised.
/// </summary>
internal sealed class ProjectiveIcp(IcpOptions options)
{
    // Model points seen at a flatter angle than 75 degrees are not compared.
    private const double LeastFacing = 0.26;
    private const float DepthEdge = 0.006f;

    /// <summary>The pose that brings <paramref name="frame"/> onto <paramref name="model"/> from <paramref name="start"/>.</summary>
    /// <param name="frame">The frame, camera coordinates.</param>
    /// <param name="model">World coordinates.</param>
    /// <param name="start">Camera-to-world to start from.</param>
    /// <param name="firstLevel">Level to begin at: 0 from a rough start.</param>
    /// <param name="cancellation">Stops the work.</param>
    public IcpResult Register(Keyframe frame, PointCloud model, RigidTransform start, int firstLevel, CancellationToken cancellation)
    {
        var pose = start;
        var iterations = 0;
        var converged = false;
        var visible = VisiblePoints(frame, model, start);
        var match = default(Match);
        for (var level = firstLevel; level < options.Levels.Count; level++)
        {
            var (points, gate, most) = options.Levels[level];
            var stride = Math.Max(1, visible.Length / points);
            converged = false;
            // The kernel's scale comes from the residuals of the iteration before.
            var kernel = gate;
            for (var iteration = 0; iteration < most && !converged; iteration++, iterations++)
            {
                cancellation.ThrowIfCancellationRequested();
                match = Linearize(frame, model, visible, stride, pose, gate, kernel);
                if (match.Equations.Count < 50 || !match.Equations.TrySolve(1e-6, out var rotation, out var translation))
                    return new IcpResult(pose, 0, double.PositiveInfinity, iterations, false);
                // The rotation is about the head's centre: x' = c + R (x - c) + t.
                var step = RigidTransform.FromRotationVector(rotation, Vector3d.Zero);
                pose = RigidTransform.FromTranslation(match.Center + translation) * step * RigidTransform.FromTranslation(-match.Center) * pose;
                converged = rotation.Length < options.Convergence && translation.Length < 0.1 * options.Convergence;
                kernel = Math.Clamp(4.685 * match.Scale, 0.001, gate);
            }
            pose = pose.Orthonormalized();
        }
        return new IcpResult(pose, match.InlierRatio, match.Rms, iterations, converged);
    }

    private struct Match
    {
        public NormalEquations Equations;
        public Vector3d Center;
        public double InlierRatio, Rms, Scale;
    }

    /// <summary>Model points that face the camera at the start pose, in the model's order.</summary>
    private static int[] VisiblePoints(Keyframe frame, PointCloud model, RigidTransform pose)
    {
        var eye = pose.Translation;
        var visible = new int[model.Count];
        var count = 0;
        for (var i = 0; i < model.Count; i++)
        {
            double x = eye.X - model.X[i], y = eye.Y - model.Y[i], z = eye.Z - model.Z[i];
            var facing = x * model.NormalX[i] + y * model.NormalY[i] + z * model.NormalZ[i];
            if (facing > 0 && facing * facing > LeastFacing * LeastFacing * (x * x + y * y + z * z))
                visible[count++] = i;
        }
        _ = frame;
        return visible[..count];
    }

    private Match Linearize(
        Keyframe frame, PointCloud model, int[] visible, int stride, RigidTransform pose, double gate, double kernel)
    {
        var match = default(Match);
        match.Center = pose.TransformPoint(frame.HeadCenter);
        var camera = frame.Camera;
        var inverse = pose.Inverse();
        var leastCosine = Math.Cos(options.MaximumNormalAngle);
        var (candidates, inliers, squares, weights) = (0, 0, 0.0, 0.0);
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        for (var k = 0; k < visible.Length; k += stride)
        {
            var i = visible[k];
            var m = new Vector3d(model.X[i], model.Y[i], model.Z[i]);
            var local = inverse.TransformPoint(m);
            if (local.Z <= 0.05)
                continue;
            var (u, v) = camera.Project(local);
            if (u < 0 || v < 0 || u > camera.Width - 1 || v > camera.Height - 1)
                continue;
            candidates++;
            var z = frame.DepthAt(u, v, DepthEdge, out var nearest);
            if (z <= 0 || Math.Abs(z - local.Z) > gate)
                continue;
            var normal = new Vector3d(model.NormalX[i], model.NormalY[i], model.NormalZ[i]);
            var frameNormal = pose.Rotate(new Vector3d(frame.NormalX[nearest], frame.NormalY[nearest], frame.NormalZ[nearest]));
            if (Vector3d.Dot(normal, frameNormal) < leastCosine)
                continue;
            inliers++;
            // The frame's point on the same ray.
            var point = pose.TransformPoint(local * (z / local.Z));
            var residual = Vector3d.Dot(normal, point - m);
            var magnitude = Math.Abs(residual);
            histogram[Math.Min(255, (int)(magnitude / gate * 256))]++;
            if (magnitude >= kernel)
                continue;
            // Tukey's biweight on top of the inverse variance.
            var relative = residual / kernel;
            var robust = (1 - relative * relative) * (1 - relative * relative);
            var cosine = Vector3d.Dot(normal, pose.Translation - m) / local.Length;
            double modelSigma = model.Sigma[i];
            var weight = robust / (DepthNoise.VarianceAlongNormal(frame.Sigma[nearest], cosine) + modelSigma * modelSigma);
            match.Equations.Add(point - match.Center, normal, residual, weight);
            squares += weight * residual * residual;
            weights += weight;
        }
        match.InlierRatio = candidates > 0 ? (double)inliers / candidates : 0;
        match.Rms = weights > 0 ? Math.Sqrt(squares / weights) : double.PositiveInfinity;
        match.Scale = 1.4826 * Median(histogram, inliers) * gate / 256;
        return match;
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
