namespace FaceRecon;

/// <summary>
/// The rigid motion between two frames from matched 3D points of which some are wrong: RANSAC (Fischler and Bolles, 1981) over
/// triples, with each better sample polished (Chum, Matas and Kittler, "Locally optimized RANSAC", 2003). Distances are
/// Mahalanobis': a point is known across its ray to the third of a millimetre and along it to two.
/// </summary>
internal sealed class RigidVerification(MatchableKeypoints first, MatchableKeypoints second, double gate)
{
    private const int MaxSamples = 300;
    private const double Confidence = 0.999;
    // Samples nearer together than this do not fix a rotation; rigid triangles keep their sides within the error of depth.
    private const double LeastSide = 0.02, SideTolerance = 0.006;
    // The motion of three points is off by several times the error of one of them a head's width away.
    private const double SampleGate = 2.5;
    private const int PolishSteps = 3, RefineSteps = 8;
    // Keypoints whose uncertainty is not stated: a third of a millimetre.
    private const double LeastVariance = 1e-8, UnknownVariance = 1e-7;

    /// <summary>Whether two keypoints are in one place.</summary>
    /// <param name="i">Keypoint of the first frame.</param>
    /// <param name="j">Keypoint of the second.</param>
    /// <param name="moved">Where the motion puts it, frame of the first camera.</param>
    /// <param name="motion">Second to first.</param>
    /// <param name="extraSigma">Standard deviation of the motion's own error, metres.</param>
    public bool Agree(int i, int j, Vector3d moved, in RigidTransform motion, double extraSigma) =>
        Information(i, j, motion, extraSigma).Distance(first.Positions[i] - moved) <= gate * gate;

    /// <summary>Finds the motion that most matches agree with.</summary>
    /// <param name="matches">Indices into the two frames' matchable keypoints.</param>
    /// <param name="seed">Draws the samples.</param>
    /// <param name="motion">Second to first.</param>
    public bool TryEstimate(ReadOnlySpan<KeypointMatch> matches, int seed, out RigidTransform motion)
    {
        motion = RigidTransform.Identity;
        var random = new SplitMix(seed, purpose: 31);
        // For the samples, whose gate is wide, the uncertainty need not be turned with each motion.
        var unturned = new Information3d[matches.Length];
        for (var k = 0; k < unturned.Length; k++)
            unturned[k] = Information(matches[k].First, matches[k].Second, motion, 0);
        var (best, needed) = (0, MaxSamples);
        for (var sample = 0; sample < needed; sample++)
        {
            if (!TryDraw(matches, random, sample, out var candidate) || !MoreAgree(matches, unturned, candidate, best))
                continue;
            for (var step = 0; step < PolishSteps; step++)
                if (!TryStep(matches, gate * (PolishSteps - step), ref candidate))
                    break;
            var inliers = Count(matches, candidate);
            if (inliers <= best)
                continue;
            (best, motion) = (inliers, candidate);
            var share = (double)inliers / matches.Length;
            needed = Math.Min(MaxSamples, (int)Math.Ceiling(Math.Log(1 - Confidence) / Math.Log(1 - Math.Min(share * share * share, 0.999))) + 8);
        }
        return best >= 6;
    }

    /// <summary>The motion that fits all matches within the gate best.</summary>
    /// <param name="matches">Indices into the two frames' matchable keypoints.</param>
    /// <param name="motion">Second to first; refined.</param>
    public bool TryRefine(ReadOnlySpan<KeypointMatch> matches, ref RigidTransform motion)
    {
        for (var step = 0; step < RefineSteps; step++)
        {
            var before = motion;
            if (!TryStep(matches, gate, ref motion))
                return false;
            if ((motion.Translation - before.Translation).Length < 1e-6)
                break;
        }
        return true;
    }

    private int Count(ReadOnlySpan<KeypointMatch> matches, in RigidTransform motion)
    {
        var count = 0;
        foreach (var match in matches)
            if (Agree(match.First, match.Second, motion.TransformPoint(second.Positions[match.Second]), motion, 0))
                count++;
        return count;
    }

    // Ends as soon as too few are left for it to come true.
    private bool MoreAgree(ReadOnlySpan<KeypointMatch> matches, ReadOnlySpan<Information3d> informations, in RigidTransform motion, int than)
    {
        var within = SampleGate * SampleGate * gate * gate;
        var count = 0;
        for (var k = 0; k < matches.Length && count + matches.Length - k > than; k++)
        {
            var difference = first.Positions[matches[k].First] - motion.TransformPoint(second.Positions[matches[k].Second]);
            if (informations[k].Distance(difference) <= within)
                count++;
        }
        return count > than;
    }

    private bool TryDraw(ReadOnlySpan<KeypointMatch> matches, SplitMix random, int sample, out RigidTransform motion)
    {
        motion = default;
        Span<Vector3d> p = stackalloc Vector3d[3];
        Span<Vector3d> q = stackalloc Vector3d[3];
        for (var k = 0; k < 3; k++)
        {
            var match = matches[(int)(random.Bits(3 * sample + k) % (ulong)matches.Length)];
            (p[k], q[k]) = (first.Positions[match.First], second.Positions[match.Second]);
            for (var l = 0; l < k; l++)
            {
                var side = (p[k] - p[l]).Length;
                if (side < LeastSide || Math.Abs(side - (q[k] - q[l]).Length) > SideTolerance)
                    return false;
            }
        }
        var (one, other) = (Frame(p), Frame(q));
        motion = one * other.Inverse();
        return double.IsFinite(motion.Translation.LengthSquared) && double.IsFinite(motion.R00);
    }

    // The frame of a triangle: origin in its middle, x along a side, z along its normal.
    private static RigidTransform Frame(ReadOnlySpan<Vector3d> corners)
    {
        var x = (corners[1] - corners[0]).Normalized();
        var z = Vector3d.Cross(x, corners[2] - corners[0]).Normalized();
        var y = Vector3d.Cross(z, x);
        return new RigidTransform(x.X, y.X, z.X, x.Y, y.Y, z.Y, x.Z, y.Z, z.Z, (corners[0] + corners[1] + corners[2]) / 3);
    }

    // One step of Gauss and Newton on the whitened differences, weighted by Tukey's biweight that ends at the gate.
    private bool TryStep(ReadOnlySpan<KeypointMatch> matches, double within, ref RigidTransform motion)
    {
        Span<double> system = stackalloc double[42];
        system.Clear();
        foreach (var match in matches)
        {
            var moved = motion.TransformPoint(second.Positions[match.Second]);
            var difference = first.Positions[match.First] - moved;
            if (difference.LengthSquared > 4e-4)
                continue;
            var information = Information(match.First, match.Second, motion, 0);
            var share = information.Distance(difference) / (within * within);
            if (share < 1)
                Accumulate(moved, difference, information, (1 - share) * (1 - share), system);
        }
        Span<double> step = stackalloc double[6];
        if (!LinearSystem.TrySolve(system, 6, step))
            return false;
        motion = (RigidTransform.FromRotationVector(new Vector3d(step[0], step[1], step[2]), new Vector3d(step[3], step[4], step[5])) * motion).Orthonormalized();
        return double.IsFinite(motion.Translation.LengthSquared);
    }

    // d(moved) = w x moved + t: the three columns of [-moved]x and of the identity.
    private static void Accumulate(Vector3d p, Vector3d difference, in Information3d information, double weight, Span<double> system)
    {
        ReadOnlySpan<Vector3d> columns = [new(0, -p.Z, p.Y), new(p.Z, 0, -p.X), new(-p.Y, p.X, 0), new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)];
        for (var r = 0; r < 6; r++)
        {
            var whitened = weight * information.Apply(columns[r]);
            for (var c = 0; c < 6; c++)
                system[7 * r + c] += Vector3d.Dot(whitened, columns[c]);
            system[7 * r + 6] += Vector3d.Dot(whitened, difference);
        }
    }

    // The inverse of the covariance of the difference: the first's, and the second's turned with it.
    private Information3d Information(int i, int j, in RigidTransform motion, double extraSigma)
    {
        var (a, b) = (first.Covariances[i], second.Covariances[j]);
        var x = motion.Rotate(new Vector3d(b.Xx, b.Xy, b.Xz));
        var y = motion.Rotate(new Vector3d(b.Xy, b.Yy, b.Yz));
        var z = motion.Rotate(new Vector3d(b.Xz, b.Yz, b.Zz));
        // x, y, z are the columns of R B; its rows times R^T follow.
        var (r0, r1, r2) = (motion.Rotate(new Vector3d(x.X, y.X, z.X)), motion.Rotate(new Vector3d(x.Y, y.Y, z.Y)), motion.Rotate(new Vector3d(x.Z, y.Z, z.Z)));
        var extra = extraSigma * extraSigma + LeastVariance + (a.Xx > 0 && b.Xx > 0 ? 0 : UnknownVariance);
        return Information3d.Inverse(new Covariance3d(a.Xx + r0.X + extra, a.Xy + r0.Y, a.Xz + r0.Z, a.Yy + r1.Y + extra, a.Yz + r1.Z, a.Zz + r2.Z + extra));
    }

    /// <summary>The inverse of a covariance.</summary>
    private readonly record struct Information3d(double Xx, double Xy, double Xz, double Yy, double Yz, double Zz)
    {
        public static Information3d Inverse(in Covariance3d c)
        {
            var (xx, xy, xz) = (c.Yy * c.Zz - c.Yz * c.Yz, c.Xz * c.Yz - c.Xy * c.Zz, c.Xy * c.Yz - c.Xz * c.Yy);
            var determinant = c.Xx * xx + c.Xy * xy + c.Xz * xz;
            // A user's file may state what is no covariance: then a millimetre each way.
            if (!(c.Xx > 0 && c.Xx * c.Yy > c.Xy * c.Xy && determinant > 0))
                return new Information3d(1e6, 0, 0, 1e6, 0, 1e6);
            var inverse = 1 / determinant;
            return new Information3d(xx * inverse, xy * inverse, xz * inverse,
                (c.Xx * c.Zz - c.Xz * c.Xz) * inverse, (c.Xy * c.Xz - c.Xx * c.Yz) * inverse, (c.Xx * c.Yy - c.Xy * c.Xy) * inverse);
        }

        public Vector3d Apply(Vector3d v) => new(
            Xx * v.X + Xy * v.Y + Xz * v.Z, Xy * v.X + Yy * v.Y + Yz * v.Z, Xz * v.X + Yz * v.Y + Zz * v.Z);

        public double Distance(Vector3d v) => Vector3d.Dot(v, Apply(v));
    }
}
