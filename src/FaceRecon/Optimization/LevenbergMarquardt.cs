namespace FaceRecon;

/// <summary>
/// Levenberg-Marquardt with damping by gain ratio (Nielsen 1999; Madsen, Nielsen, Tingleff, Methods for Non-Linear Least
/// Squares Problems, 2004, algorithm 3.16). Where the loss did what its quadratic foresaw, the next step keeps the matrix and
/// its factor and renews the gradient alone (a chord step: Kelley, Iterative Methods for Linear and Nonlinear Equations, 1995, 5.4).
/// </summary>
internal static class LevenbergMarquardt
{
    // A gain this near to the foreseen one, as a share of it, says that the matrix will do once more.
    private const double Foreseen = 0.15;

    /// <summary>Steps downhill until steps gain next to nothing.</summary>
    /// <param name="problem">The loss.</param>
    /// <param name="start">Where to start.</param>
    /// <param name="iterations">Most iterations.</param>
    /// <param name="least">Relative gain below which it is done.</param>
    /// <param name="threads">Threads; 0 for all cores.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static LevenbergMarquardtResult Minimize(JointProblem problem, JointState start, int iterations, double least, int threads, CancellationToken cancellation)
    {
        var state = start;
        var costs = problem.Costs(state, cancellation);
        var cost = costs.Sum();
        var step = new double[state.Layout.Size];
        var (damping, growth) = (1e-6, 2.0);
        NormalSystem system = null!;
        CholeskyFactor? factor = null;
        for (var iteration = 1; iteration <= iterations; iteration++)
        {
            var chord = factor is not null;
            system = chord ? problem.RenewGradient(state, cancellation) : problem.Linearize(state, cancellation);
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                factor ??= system.Factor(damping, threads, cancellation);
                if (factor is not null)
                {
                    system.Solve(factor, step);
                    var moved = state.Moved(step);
                    var movedCosts = problem.Costs(moved, cancellation);
                    var movedCost = movedCosts.Sum();
                    var gain = cost - movedCost;
                    // Of the quadratic: L(0) - L(h) = h'(damping D h - g)/2.
                    var expected = 0.0;
                    for (var i = 0; i < step.Length; i++)
                        expected += step[i] * (damping * system[i, i] * step[i] - system.Gradient[i]) / 2;
                    if (gain > 0)
                    {
                        (state, costs, cost) = (moved, movedCosts, movedCost);
                        if (gain < least * cost)
                            return new LevenbergMarquardtResult(state, costs, factor, iteration, true);
                        var ratio = gain / expected;
                        if (Math.Abs(ratio - 1) > Foreseen)
                        {
                            factor = null;
                            damping = Math.Max(1e-9, damping * Math.Max(1.0 / 3, 1 - Math.Pow(2 * ratio - 1, 3)));
                            growth = 2;
                        }
                        break;
                    }
                    if (expected < least * cost)
                        return new LevenbergMarquardtResult(state, costs, factor, iteration, true);
                    factor = null;
                }
                if (chord)
                {
                    // The matrix was too old for that.
                    (chord, system) = (false, problem.Linearize(state, cancellation));
                    continue;
                }
                (damping, growth) = (damping * growth, growth * 2);
                if (damping > 1e6)
                    return new LevenbergMarquardtResult(state, costs, null, iteration, false);
            }
        }
        return new LevenbergMarquardtResult(state, costs, factor ?? system.Factor(damping, threads, cancellation), iterations, false);
    }
}

/// <summary>Where Levenberg-Marquardt ended.</summary>
/// <param name="State">The state.</param>
/// <param name="Costs">The loss there, by term.</param>
/// <param name="Factor">The factor of the normal equations of the last step; null where there is none.</param>
/// <param name="Iterations">Iterations done.</param>
/// <param name="Converged">Whether steps gained next to nothing in the end.</param>
internal readonly record struct LevenbergMarquardtResult(JointState State, double[] Costs, CholeskyFactor? Factor, int Iterations, bool Converged);
