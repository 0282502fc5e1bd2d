namespace FaceRecon;

/// <summary>
/// The sum of squared distances from planes, each times a weight, as a quadratic function of a point (M. Garland, P. S. Heckbert:
/// Surface simplification using quadric error metrics, SIGGRAPH 1997): p'Ap + 2 b'p + c.
/// </summary>
internal readonly record struct Quadric(
    double Xx, double Xy, double Xz, double Yy, double Yz, double Zz, double Bx, double By, double Bz, double C)
{
    /// <summary>The squared distance from the plane n.p = d, n being unit, times <paramref name="weight"/>.</summary>
    public static Quadric OfPlane(Vector3d n, double d, double weight) => new(
        weight * n.X * n.X, weight * n.X * n.Y, weight * n.X * n.Z, weight * n.Y * n.Y, weight * n.Y * n.Z, weight * n.Z * n.Z,
        -weight * n.X * d, -weight * n.Y * d, -weight * n.Z * d, weight * d * d);

    /// <summary>The sum of both functions.</summary>
    public static Quadric operator +(in Quadric a, in Quadric b) => new(
        a.Xx + b.Xx, a.Xy + b.Xy, a.Xz + b.Xz, a.Yy + b.Yy, a.Yz + b.Yz, a.Zz + b.Zz,
        a.Bx + b.Bx, a.By + b.By, a.Bz + b.Bz, a.C + b.C);

    /// <summary>The value at a point; never negative, up to rounding.</summary>
    public double At(Vector3d p) =>
        p.X * (Xx * p.X + 2 * (Xy * p.Y + Xz * p.Z + Bx)) +
        p.Y * (Yy * p.Y + 2 * (Yz * p.Z + By)) +
        p.Z * (Zz * p.Z + 2 * Bz) + C;

    /// <summary>The point at which the function is least; false where that is not one point by far.</summary>
    public bool TryMinimum(out Vector3d point)
    {
        var (cx, cy, cz) = (Yy * Zz - Yz * Yz, Xz * Yz - Xy * Zz, Xy * Yz - Xz * Yy);
        var determinant = Xx * cx + Xy * cy + Xz * cz;
        var scale = (Xx + Yy + Zz) / 3;
        point = Vector3d.Zero;
        // Flat surroundings leave a plane or a line of points as good as each other.
        if (!(determinant > 1e-4 * scale * scale * scale))
            return false;
        var (dy, dz, ez) = (Xx * Zz - Xz * Xz, Xy * Xz - Xx * Yz, Xx * Yy - Xy * Xy);
        point = new Vector3d(cx * Bx + cy * By + cz * Bz, cy * Bx + dy * By + dz * Bz, cz * Bx + dz * By + ez * Bz) * (-1 / determinant);
        return true;
    }
}
