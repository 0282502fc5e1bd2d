namespace FaceRecon;

/// <summary>One level of a coarse-to-fine registration.</summary>
/// <param name="Points">Model points sampled.</param>
/// <param name="Gate">Largest distance between partners, metres.</param>
/// <param name="Iterations">Most iterations.</param>
public readonly record struct IcpLevel(int Points, double Gate, int Iterations);

/// <summary>What a registration minimises.</summary>
public enum IcpMethod
{
    /// <summary>Distances from the model's tangent planes (Chen and Medioni 1992).</summary>
    PointToPlane,
    /// <summary>Distances between nearest points (Besl and McKay 1992): slower to converge along the surface.</summary>
    PointToPoint,
    /// <summary>Distances weighted by the covariances of both surfaces (Segal et al., Generalized-ICP, RSS 2009).</summary>
    Generalized,
    /// <summary>Distances from tangent planes, and differences in luminance (Park et al., ICCV 2017).</summary>
    Colored,
}

/// <summary>How frames are registered to the model. Lengths in metres, angles in radians.</summary>
public sealed record IcpOptions
{
    /// <summary>What is minimised.</summary>
    public IcpMethod Method { get; init; }

    /// <summary>Coarse to fine. The first gate is what a fast turn moves a face by between two frames; the last still lets the sensor's smooth error through.</summary>
    public IReadOnlyList<IcpLevel> Levels { get; init; } =
        [new(1500, 0.03, 12), new(4000, 0.012, 10), new(10000, 0.006, 10)];

    /// <summary>Largest angle between the normals of partners.</summary>
    public double MaximumNormalAngle { get; init; } = 40 * Math.PI / 180;

    /// <summary>Steps below this rotation (radians) and a tenth of a metre times it end a level.</summary>
    public double Convergence { get; init; } = 2e-5;
}

/// <summary>What a registration found.</summary>
/// <param name="Pose">Camera-to-world.</param>
/// <param name="InlierRatio">Share of the visible model points with a partner within the last gate.</param>
/// <param name="ResidualRms">Weighted root mean square of their point-to-plane distances, metres.</param>
/// <param name="Iterations">Iterations over all levels.</param>
/// <param name="Converged">Whether the last level's steps became small.</param>
internal readonly record struct IcpResult(
    RigidTransform Pose, double InlierRatio, double ResidualRms, int Iterations, bool Converged)
{
    /// <summary>As <see cref="FramePose.Observability"/>.</summary>
    public double Observability { get; init; }
    /// <summary>The last normal equations: turn about the frame's head centre, shift; world axes.</summary>
    public NormalEquations? Equations { get; init; }
}
