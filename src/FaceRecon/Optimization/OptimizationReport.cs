namespace FaceRecon;

/// <summary>What the joint optimisation did, and how far to trust it.</summary>
public sealed record OptimizationReport
{
    /// <summary>The loss by term, in the order semantic, structural, dense, prior; terms that were not used are left out.</summary>
    public required IReadOnlyList<TermReport> Terms { get; init; }
    /// <summary>Steps of Levenberg-Marquardt in all rounds.</summary>
    public int Iterations { get; init; }
    /// <summary>Whether the last round ended because steps gained next to nothing.</summary>
    public bool Converged { get; init; }
    /// <summary>Factor on the stated focal lengths; 1 where they were not refined.</summary>
    public double FocalScale { get; init; } = 1;
    /// <summary>Root mean square of the depth correction over all pixels of all keyframes: the estimated error of the sensor, millimetres.</summary>
    public double DepthErrorMillimetre { get; init; }
    /// <summary>Of that the part that all frames share, millimetres.</summary>
    public double SharedDepthErrorMillimetre { get; init; }
    /// <summary>Root mean square over the keyframes of how far the pose moved the head, millimetres.</summary>
    public double PoseChangeMillimetre { get; init; }
    /// <summary>How well the capture shows the parts of the correction that could be mistaken for pose or size.</summary>
    public required IReadOnlyList<ObservabilityReport> Observability { get; init; }
    /// <summary>What a user should know: why the depth was left alone, weights the wrong way round.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{(Converged ? "converged" : "not converged")} after {Iterations} steps, depth error {DepthErrorMillimetre:0.00} mm, of which shared {SharedDepthErrorMillimetre:0.00} mm{(FocalScale == 1 ? "" : $", focal length x {FocalScale:0.0000}")}");
}

/// <summary>One term of the loss.</summary>
/// <param name="Name">semantic, structural, dense or prior.</param>
/// <param name="Tracks">Keypoints, or pieces of surface, that it compares.</param>
/// <param name="Residuals">Residuals.</param>
/// <param name="CostBefore">Its part of the loss at the poses of the merge and the depth as measured.</param>
/// <param name="CostAfter">Its part of the loss in the end, with the partners of the last round.</param>
public sealed record TermReport(string Name, int Tracks, int Residuals, double CostBefore, double CostAfter)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Name}: {Residuals} residuals, {CostBefore:0} -> {CostAfter:0}");
}

/// <summary>How well the capture shows one mode of the shared correction.</summary>
/// <param name="Name">mean, slope_u, slope_v, bowl (metres) or scale (a ratio).</param>
/// <param name="Estimate">Its amplitude.</param>
/// <param name="Sigma">Its standard deviation after, by the inverse of the normal equations.</param>
/// <param name="Prior">Its standard deviation before.</param>
public sealed record ObservabilityReport(string Name, double Estimate, double Sigma, double Prior)
{
    /// <summary>1 where the capture alone decides, 0 where it says nothing and the prior stays.</summary>
    public double Observed => Math.Max(0, 1 - Sigma * Sigma / (Prior * Prior));
}
