namespace FaceRecon;

/// <summary>
/// Cauchy's kernel: rho(s) = c^2 log(1 + s/c^2) of a squared whitened residual s, weight rho'(s). Of a residual of c standard
/// deviations it believes half.
/// </summary>
internal readonly record struct RobustKernel(double Width)
{
    /// <summary>rho(s).</summary>
    public double Cost(double squared) => Width * Width * Math.Log(1 + squared / (Width * Width));

    /// <summary>rho'(s).</summary>
    public double Weight(double squared) => 1 / (1 + squared / (Width * Width));
}
