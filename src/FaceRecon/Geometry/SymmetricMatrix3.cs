namespace FaceRecon;

/// <summary>A symmetric 3x3 matrix.</summary>
internal readonly record struct SymmetricMatrix3(double Xx, double Xy, double Xz, double Yy, double Yz, double Zz)
{
    /// <summary>v v'.</summary>
    public static SymmetricMatrix3 Outer(Vector3d v) => new(v.X * v.X, v.X * v.Y, v.X * v.Z, v.Y * v.Y, v.Y * v.Z, v.Z * v.Z);

    public static SymmetricMatrix3 operator +(in SymmetricMatrix3 a, in SymmetricMatrix3 b) =>
        new(a.Xx + b.Xx, a.Xy + b.Xy, a.Xz + b.Xz, a.Yy + b.Yy, a.Yz + b.Yz, a.Zz + b.Zz);

    public static SymmetricMatrix3 operator *(double s, in SymmetricMatrix3 a) => new(s * a.Xx, s * a.Xy, s * a.Xz, s * a.Yy, s * a.Yz, s * a.Zz);

    /// <summary>L of A = L L'.</summary>
    /// <returns>False where A is not positive definite to working precision.</returns>
    public bool TryFactor(out LowerTriangle3 factor)
    {
        factor = default;
        var xx = Math.Sqrt(Xx);
        var (yx, zx) = (Xy / xx, Xz / xx);
        var y = Yy - yx * yx;
        if (!(Xx > 0) || !(y > 1e-12 * Yy))
            return false;
        var yy = Math.Sqrt(y);
        var zy = (Yz - zx * yx) / yy;
        var z = Zz - zx * zx - zy * zy;
        if (!(z > 1e-12 * Zz))
            return false;
        factor = new LowerTriangle3(xx, yx, yy, zx, zy, Math.Sqrt(z));
        return true;
    }
}

/// <summary>A lower triangular 3x3 matrix.</summary>
internal readonly record struct LowerTriangle3(double Xx, double Yx, double Yy, double Zx, double Zy, double Zz)
{
    /// <summary>L^-1 v.</summary>
    public Vector3d Solve(Vector3d v)
    {
        var x = v.X / Xx;
        var y = (v.Y - Yx * x) / Yy;
        return new Vector3d(x, y, (v.Z - Zx * x - Zy * y) / Zz);
    }

    /// <summary>L'^-1 v.</summary>
    public Vector3d SolveTransposed(Vector3d v)
    {
        var z = v.Z / Zz;
        var y = (v.Y - Zy * z) / Yy;
        return new Vector3d((v.X - Yx * y - Zx * z) / Xx, y, z);
    }
}
