namespace FaceRecon;

/// <summary>What registering two frames to each other said of their poses.</summary>
/// <param name="From">The frame that the other was registered to.</param>
/// <param name="To">The other.</param>
/// <param name="Relative">Pose of the other in the camera coordinates of the first.</param>
/// <param name="Information">6 by 6, row by row: inverse covariance of (turn about the head's centre, shift), axes of the first's camera.</param>
internal readonly record struct PoseEdge(int From, int To, RigidTransform Relative, double[] Information);

/// <summary>
/// Poses that agree best with what pairs of frames say (Grisetti et al., A Tutorial on Graph-Based SLAM, 2010), wrong pairs
/// losing their weight (Cauchy's kernel). Every pose but the first moves by a turn about the centre of the head and a shift.
/// </summary>
internal static class PoseGraph
{
    private const int MostIterations = 20;
    // Errors of some standard deviations are wrong loops.
    private const double CauchyScale = 3;

    /// <summary>The poses, camera-to-world, that minimise the sum over the edges of log(1 + e' H e / s^2), by Levenberg and Marquardt's method.</summary>
    public static RigidTransform[] Optimize(IReadOnlyList<RigidTransform> start, IReadOnlyList<PoseEdge> edges, Vector3d headCenter, CancellationToken cancellation)
    {
        var poses = start.ToArray();
        var size = 6 * (poses.Length - 1);
        var matrix = new double[size * size];
        var step = new double[size];
        var damping = 1e-6;
        var cost = Assemble(poses, edges, headCenter, matrix, step);
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            var factor = new CholeskyFactor(matrix, size, damping);
            if (!factor.TryFactor(0, cancellation))
                return poses;
            factor.Solve(step);
            var moved = (RigidTransform[])poses.Clone();
            var longest = 0.0;
            for (var k = 1; k < poses.Length; k++)
            {
                var at = 6 * (k - 1);
                var (turn, shift) = (new Vector3d(step[at], step[at + 1], step[at + 2]), new Vector3d(step[at + 3], step[at + 4], step[at + 5]));
                longest = Math.Max(longest, Math.Max(0.1 * turn.Length, shift.Length));
                moved[k] = (AboutCenter(turn, shift, headCenter) * poses[k]).Orthonormalized();
            }
            var movedCost = Assemble(moved, edges, headCenter, matrix, step);
            if (movedCost < cost)
            {
                (poses, cost, damping) = (moved, movedCost, Math.Max(1e-9, damping / 5));
                if (longest < 1e-7)
                    return poses;
            }
            else
            {
                damping *= 10;
                if (longest < 1e-7)
                    return poses;
                Assemble(poses, edges, headCenter, matrix, step);
            }
        }
        return poses;
    }

    private static RigidTransform AboutCenter(Vector3d turn, Vector3d shift, Vector3d center) =>
        RigidTransform.FromTranslation(center + shift) * RigidTransform.FromRotationVector(turn, Vector3d.Zero) * RigidTransform.FromTranslation(-center);

    // In world axes, with all turns about the one centre, moving a frame changes an edge's error by that very motion:
    // the Jacobians are +I and -I, and the normal equations the graph's Laplacian with the information matrices as weights.
    private static double Assemble(RigidTransform[] poses, IReadOnlyList<PoseEdge> edges, Vector3d center, double[] matrix, double[] gradient)
    {
        Array.Clear(matrix);
        Array.Clear(gradient);
        var size = gradient.Length;
        Span<double> error = stackalloc double[6], pull = stackalloc double[6], information = stackalloc double[36];
        var cost = 0.0;
        foreach (var edge in edges)
        {
            ToWorld(edge.Information, poses[edge.From], information);
            // The motion, in the world, that would bring the second frame to where the edge says it is.
            var motion = poses[edge.From] * edge.Relative * poses[edge.To].Inverse();
            var (turn, shift) = (motion.LogRotation(), motion.TransformPoint(center) - center);
            (error[0], error[1], error[2], error[3], error[4], error[5]) = (turn.X, turn.Y, turn.Z, shift.X, shift.Y, shift.Z);
            var square = 0.0;
            for (var row = 0; row < 6; row++)
            {
                pull[row] = 0;
                for (var column = 0; column < 6; column++)
                    pull[row] += information[6 * row + column] * error[column];
                square += pull[row] * error[row];
            }
            var scaled = square / (CauchyScale * CauchyScale);
            cost += Math.Log(1 + scaled);
            var weight = 1 / (1 + scaled);
            var (from, to) = (6 * (edge.From - 1), 6 * (edge.To - 1));
            for (var row = 0; row < 6; row++)
            {
                if (to >= 0)
                    gradient[to + row] += weight * pull[row];
                if (from >= 0)
                    gradient[from + row] -= weight * pull[row];
                for (var column = 0; column < 6; column++)
                {
                    var entry = weight * information[6 * row + column];
                    if (to >= 0)
                        matrix[(to + row) * size + to + column] += entry;
                    if (from >= 0)
                        matrix[(from + row) * size + from + column] += entry;
                    if (from < 0 || to < 0)
                        continue;
                    matrix[(to + row) * size + from + column] -= entry;
                    matrix[(from + row) * size + to + column] -= entry;
                }
            }
        }
        return cost;
    }

    // Both halves of an information matrix turned by the rotation of the frame whose axes it is in.
    private static void ToWorld(double[] local, RigidTransform pose, Span<double> world)
    {
        Span<double> r = [pose.R00, pose.R01, pose.R02, pose.R10, pose.R11, pose.R12, pose.R20, pose.R21, pose.R22];
        for (var row = 0; row < 6; row++)
        for (var column = 0; column < 6; column++)
        {
            var (rowHalf, columnHalf) = (row / 3 * 3, column / 3 * 3);
            var sum = 0.0;
            for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++)
                sum += r[3 * (row - rowHalf) + i] * local[6 * (rowHalf + i) + columnHalf + j] * r[3 * (column - columnHalf) + j];
            world[6 * row + column] = sum;
        }
    }
}
