namespace FaceRecon;

/// <summary>The symmetric covariance matrix of a point, square metres, in the frame of the point.</summary>
public readonly record struct Covariance3d(double Xx, double Xy, double Xz, double Yy, double Yz, double Zz)
{
    /// <summary>Root of the sum of the three variances: the rms distance from the true point, metres.</summary>
    public double StandardDistance => Math.Sqrt(Xx + Yy + Zz);

    /// <summary>v v^T scaled by a variance: uncertainty along one direction.</summary>
    public static Covariance3d Along(Vector3d v, double variance) => new(
        v.X * v.X * variance, v.X * v.Y * variance, v.X * v.Z * variance,
        v.Y * v.Y * variance, v.Y * v.Z * variance, v.Z * v.Z * variance);

    /// <summary>Sum: independent errors.</summary>
    public static Covariance3d operator +(Covariance3d a, Covariance3d b) =>
        new(a.Xx + b.Xx, a.Xy + b.Xy, a.Xz + b.Xz, a.Yy + b.Yy, a.Yz + b.Yz, a.Zz + b.Zz);
}
