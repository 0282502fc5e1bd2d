using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Brings places of a result onto a reference: point to plane with Tukey's weights, which a few bad regions cannot pull, moving and turning,
/// and scaling if asked to.
/// </summary>
internal sealed class SurfaceAlignment(ComparisonReference reference, Vector3[] places, Vector3[] normals, PartitionedLoop loop)
{
    private const int MaximumSteps = 40;
    // Radians, and tenths of a metre.
    private const double SmallestStep = 1e-7;
    private const int LeastPairs = 100;
    private const int Block = 512;
    // Places of which so much lies so near lie as well as they can be hoped to before alignment; else all turns of a cube are tried.
    private const float NearEnough = 0.01f;
    private const double ShareNearEnough = 0.5;
    private const int CoarseSteps = 25, CoarsePlaces = 1500;
    private const float CoarseReach = 0.04f;

    /// <summary>Whether the places lie near the reference already.</summary>
    public bool IsNear
    {
        get
        {
            var (near, inside) = (0, 0);
            foreach (var place in places)
            {
                if (!reference.Contains(place, ComparisonReference.Margin))
                    continue;
                inside++;
                near += reference.IsWithin(place, NearEnough) ? 1 : 0;
            }
            return near >= LeastPairs && near > ShareNearEnough * inside;
        }
    }

    /// <summary>The motion from where the places lie, near the reference already.</summary>
    /// <param name="start">The motion to begin with.</param>
    /// <param name="scaled">Whether they are scaled, too.</param>
    public Similarity Refine(Similarity start, bool scaled)
    {
        var motion = start;
        for (var step = 0; step < MaximumSteps; step++)
        {
            // Ever less far, as in the project's own scorer of results.
            var pairs = Pairs(motion, places.Length, step < 5 ? 0.02f : step < 10 ? 0.01f : 0.005f, 0.01f);
            if (!TryStep(pairs, scaled, out var update, out var size))
                break;
            motion = motion.Then(update);
            if (size < SmallestStep)
                break;
        }
        return motion;
    }

    /// <summary>The best of all turns of a cube about the middles of both, and of none, each refined a little: for results that lie elsewhere, any way up.</summary>
    public Similarity Search()
    {
        var middle = places.Aggregate(Vector3d.Zero, (sum, p) => sum + new Vector3d(p.X, p.Y, p.Z)) / places.Length;
        var count = Math.Min(CoarsePlaces, places.Length);
        var (best, least) = (Similarity.Identity, double.MaxValue);
        var starts = CubeTurns().Select(turn => RigidTransform.FromTranslation(reference.Middle) * turn * RigidTransform.FromTranslation(-middle));
        foreach (var start in starts.Prepend(RigidTransform.Identity))
        {
            var motion = new Similarity(start, 1);
            for (var step = 0; step < CoarseSteps; step++)
            {
                if (!TryStep(Pairs(motion, count, Math.Max(0.005f, CoarseReach * MathF.Pow(0.9f, step)), float.PositiveInfinity), false, out var update, out _))
                    break;
                motion = motion.Then(update);
            }
            var distance = MedianDistance(motion, count);
            if (distance < least)
                (best, least) = (motion, distance);
        }
        return best;
    }

    private double MedianDistance(Similarity motion, int count)
    {
        var distances = new float[count];
        loop.Run(count, Block, (from, to) =>
        {
            for (var i = from; i < to; i++)
            {
                var p = UprightFrame.ToSingle(motion.Point(places[Spread(i, count)]));
                distances[i] = Vector3.Distance(p, reference.Nearest(p).Place);
            }
        });
        Array.Sort(distances);
        return distances[count / 2];
    }

    private readonly record struct Pair(Vector3 Place, Vector3 Normal, float Distance);

    // Places, their planes on the reference, and the signed distances to those; a normal of zero where there is none.
    private Pair[] Pairs(Similarity motion, int count, float reach, float margin)
    {
        var pairs = new Pair[count];
        loop.Run(count, Block, (from, to) =>
        {
            for (var i = from; i < to; i++)
            {
                var p = UprightFrame.ToSingle(motion.Point(places[Spread(i, count)]));
                if (!reference.Contains(p, margin))
                    continue;
                var (q, normal, isSeen) = reference.Nearest(p, reach);
                if (!isSeen)
                    continue;
                // A cloud without normals takes those of the result.
                if (normal == Vector3.Zero)
                    normal = UprightFrame.ToSingle(motion.Motion.Rotate(Double(normals[Spread(i, count)])));
                pairs[i] = new Pair(p, normal, Vector3.Dot(p - q, normal));
            }
        });
        return pairs;
    }

    private int Spread(int i, int count) => (int)((long)i * places.Length / count);

    /// <summary>One Gauss-Newton step with Tukey's weights, about the middle of the pairs.</summary>
    private static bool TryStep(Pair[] pairs, bool scaled, out Similarity update, out double size)
    {
        (update, size) = (Similarity.Identity, 0);
        var used = Array.FindAll(pairs, pair => pair.Normal != Vector3.Zero);
        if (used.Length < LeastPairs)
            return false;
        var sizes = Array.ConvertAll(used, pair => MathF.Abs(pair.Distance));
        Array.Sort(sizes);
        // 1.4826 median |r| estimates sigma; Tukey's constant for 95 % efficiency.
        var limit = 4.685 * Math.Max(1.4826 * sizes[sizes.Length / 2], 5e-5);
        var middle = used.Aggregate(Vector3d.Zero, (sum, pair) => sum + Double(pair.Place)) / used.Length;
        var unknowns = scaled ? 7 : 6;
        var (matrix, x) = (new double[unknowns * unknowns], new double[unknowns]);
        Span<double> row = stackalloc double[7];
        foreach (var pair in used)
        {
            var ratio = pair.Distance / limit;
            if (Math.Abs(ratio) >= 1)
                continue;
            var weight = (1 - ratio * ratio) * (1 - ratio * ratio);
            var (arm, normal) = (Double(pair.Place) - middle, Double(pair.Normal));
            var turn = Vector3d.Cross(arm, normal);
            (row[0], row[1], row[2], row[3], row[4], row[5], row[6]) = (turn.X, turn.Y, turn.Z, normal.X, normal.Y, normal.Z, Vector3d.Dot(arm, normal));
            for (var r = 0; r < unknowns; r++)
            {
                x[r] -= weight * row[r] * pair.Distance;
                for (var c = 0; c <= r; c++)
                    matrix[r * unknowns + c] += weight * row[r] * row[c];
            }
        }
        var factor = new CholeskyFactor(matrix, unknowns, 1e-9);
        if (!factor.TryFactor(1, CancellationToken.None))
            return false;
        factor.Solve(x);
        var scale = scaled ? 1 + x[6] : 1;
        var rotation = RigidTransform.FromRotationVector(new Vector3d(x[0], x[1], x[2]), Vector3d.Zero);
        size = Math.Max(Math.Max(new Vector3d(x[0], x[1], x[2]).Length, 10 * new Vector3d(x[3], x[4], x[5]).Length), Math.Abs(scale - 1));
        // About the middle: c + t + s R (p - c).
        update = new Similarity(RigidTransform.FromTranslation(middle + new Vector3d(x[3], x[4], x[5]) - rotation.Rotate(middle * scale)) * rotation, scale);
        return true;
    }

    /// <summary>The 24 turns that bring a cube onto itself.</summary>
    private static IEnumerable<RigidTransform> CubeTurns()
    {
        Vector3d[] axes = [new(1, 0, 0), new(-1, 0, 0), new(0, 1, 0), new(0, -1, 0), new(0, 0, 1), new(0, 0, -1)];
        foreach (var x in axes)
        foreach (var y in axes.Where(y => Vector3d.Dot(x, y) == 0))
        {
            var z = Vector3d.Cross(x, y);
            yield return new RigidTransform(x.X, y.X, z.X, x.Y, y.Y, z.Y, x.Z, y.Z, z.Z, Vector3d.Zero);
        }
    }

    private static Vector3d Double(Vector3 v) => new(v.X, v.Y, v.Z);
}
