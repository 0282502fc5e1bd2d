namespace FaceRecon;

/// <summary>A point of which two positions are known: in a frame, and where it should come to lie.</summary>
/// <param name="From">Where it is, metres.</param>
/// <param name="To">Where it should be, metres.</param>
/// <param name="Variance">Of the distance between the two once they are aligned, square metres.</param>
internal readonly record struct PointPair(Vector3d From, Vector3d To, double Variance);

/// <summary>What a robust alignment found.</summary>
/// <param name="Motion">From the frame to where the points should be.</param>
/// <param name="Inliers">Pairs that agree with it.</param>
/// <param name="InlierRms">Root mean square distance of those, metres.</param>
internal readonly record struct RobustAlignment(RigidTransform Motion, int Inliers, double InlierRms);

/// <summary>The rigid motion that brings points onto points.</summary>
internal static class Procrustes
{
    private const int MostTrials = 200;
    // Three points nearer than this to a line leave the turn about it open, metres.
    private const double LeastSpread = 0.012;

    /// <summary>
    /// The motion that minimises the squared distances, each over its variance, in closed form by unit quaternions (Horn 1987);
    /// no scale.
    /// </summary>
    /// <returns>Null for fewer than three pairs, and for pairs on one line.</returns>
    public static RigidTransform? Align(ReadOnlySpan<PointPair> pairs)
    {
        if (pairs.Length < 3)
            return null;
        var (from, to, total) = (Vector3d.Zero, Vector3d.Zero, 0.0);
        foreach (var pair in pairs)
        {
            var weight = 1 / pair.Variance;
            from += pair.From * weight;
            to += pair.To * weight;
            total += weight;
        }
        (from, to) = (from / total, to / total);
        var (xx, xy, xz, yx, yy, yz, zx, zy, zz) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        foreach (var pair in pairs)
        {
            var (a, b) = ((pair.From - from) / (pair.Variance * total), pair.To - to);
            (xx, xy, xz) = (xx + a.X * b.X, xy + a.X * b.Y, xz + a.X * b.Z);
            (yx, yy, yz) = (yx + a.Y * b.X, yy + a.Y * b.Y, yz + a.Y * b.Z);
            (zx, zy, zz) = (zx + a.Z * b.X, zy + a.Z * b.Y, zz + a.Z * b.Z);
        }
        // Horn's matrix N; the quaternion (w, x, y, z) is its eigenvector of the largest eigenvalue.
        Span<double> n =
        [
            xx + yy + zz, yz - zy, zx - xz, xy - yx,
            yz - zy, xx - yy - zz, xy + yx, zx + xz,
            zx - xz, xy + yx, yy - xx - zz, yz + zy,
            xy - yx, zx + xz, yz + zy, zz - xx - yy,
        ];
        Span<double> vectors = stackalloc double[16];
        SymmetricEigen.Decompose(n, vectors, 4);
        var (best, second) = (0, -1);
        for (var k = 1; k < 4; k++)
        {
            if (n[5 * k] > n[5 * best])
                (best, second) = (k, best);
            else if (second < 0 || n[5 * k] > n[5 * second])
                second = k;
        }
        // Two eigenvalues alike: more than one rotation is as good.
        if (!(n[5 * best] - n[5 * second] > 1e-9 * Math.Abs(n[5 * best])))
            return null;
        var rotation = RigidTransform.FromQuaternion(vectors[4 + best], vectors[8 + best], vectors[12 + best], vectors[best], Vector3d.Zero);
        return RigidTransform.FromTranslation(to - rotation.Rotate(from)) * rotation;
    }

    /// <summary>
    /// The same with wrong pairs among them: motions of three pairs each, of which the one that most pairs agree with wins
    /// (RANSAC, Fischler and Bolles 1981), fitted anew to those. The same pairs give the same motion.
    /// </summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="gate">Distance up to which a pair agrees, metres.</param>
    /// <param name="leastInliers">With fewer agreeing pairs there is no motion.</param>
    public static RobustAlignment? AlignRobustly(ReadOnlySpan<PointPair> pairs, double gate, int leastInliers)
    {
        if (pairs.Length < Math.Max(3, leastInliers))
            return null;
        var random = new Random(pairs.Length);
        Span<PointPair> three = stackalloc PointPair[3];
        var (best, bestCost) = ((RigidTransform?)null, double.PositiveInfinity);
        for (var trial = 0; trial < MostTrials; trial++)
        {
            for (var k = 0; k < 3; k++)
                three[k] = pairs[random.Next(pairs.Length)];
            if (!SpanPlane(three) || Align(three) is not { } motion)
                continue;
            // Truncated squares (MSAC, Torr and Zisserman 2000), so that among equals the closer fit wins.
            var cost = 0.0;
            foreach (var pair in pairs)
                cost += Math.Min((motion.TransformPoint(pair.From) - pair.To).LengthSquared, gate * gate);
            if (cost < bestCost)
                (best, bestCost) = (motion, cost);
        }
        if (best is not { } chosen)
            return null;
        var inliers = new PointPair[pairs.Length];
        for (var round = 0; ; round++)
        {
            var (count, squares) = (0, 0.0);
            foreach (var pair in pairs)
            {
                var distance = (chosen.TransformPoint(pair.From) - pair.To).LengthSquared;
                if (distance > gate * gate)
                    continue;
                squares += distance;
                inliers[count++] = pair;
            }
            if (count < leastInliers)
                return null;
            if (round == 3 || Align(inliers.AsSpan(0, count)) is not { } refined)
                return new RobustAlignment(chosen, count, Math.Sqrt(squares / count));
            chosen = refined;
        }
    }

    private static bool SpanPlane(ReadOnlySpan<PointPair> three)
    {
        var (a, b) = (three[1].From - three[0].From, three[2].From - three[0].From);
        var longest = Math.Max(Math.Max(a.Length, b.Length), (a - b).Length);
        return longest > 0 && Vector3d.Cross(a, b).Length > LeastSpread * longest;
    }
}
