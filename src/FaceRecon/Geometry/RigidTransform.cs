namespace FaceRecon;

/// <summary>
/// A rigid motion of SE(3): x' = R x + t, metres. A camera pose maps camera coordinates to world
/// coordinates (camera-to-world), OpenCV axes: x right, y down, z forward.
/// </summary>
public readonly struct RigidTransform : IEquatable<RigidTransform>
{
    /// <summary>The rotation as a row-major 3x3 matrix, and the translation in metres.</summary>
    public RigidTransform(
        double r00, double r01, double r02,
        double r10, double r11, double r12,
        double r20, double r21, double r22,
        Vector3d translation)
    {
        (R00, R01, R02) = (r00, r01, r02);
        (R10, R11, R12) = (r10, r11, r12);
        (R20, R21, R22) = (r20, r21, r22);
        Translation = translation;
    }

    /// <summary>Row 0, column 0 of the rotation.</summary>
    public double R00 { get; }
    /// <summary>Row 0, column 1 of the rotation.</summary>
    public double R01 { get; }
    /// <summary>Row 0, column 2 of the rotation.</summary>
    public double R02 { get; }
    /// <summary>Row 1, column 0 of the rotation.</summary>
    public double R10 { get; }
    /// <summary>Row 1, column 1 of the rotation.</summary>
    public double R11 { get; }
    /// <summary>Row 1, column 2 of the rotation.</summary>
    public double R12 { get; }
    /// <summary>Row 2, column 0 of the rotation.</summary>
    public double R20 { get; }
    /// <summary>Row 2, column 1 of the rotation.</summary>
    public double R21 { get; }
    /// <summary>Row 2, column 2 of the rotation.</summary>
    public double R22 { get; }
    /// <summary>The translation, metres.</summary>
    public Vector3d Translation { get; init; }

    /// <summary>No motion.</summary>
    public static RigidTransform Identity { get; } = new(1, 0, 0, 0, 1, 0, 0, 0, 1, Vector3d.Zero);

    /// <summary>The angle of the rotation, radians in [0, pi].</summary>
    public double RotationAngle => LogRotation().Length;

    /// <summary>A pure translation.</summary>
    public static RigidTransform FromTranslation(Vector3d translation) =>
        new(1, 0, 0, 0, 1, 0, 0, 0, 1, translation);

    /// <summary>
    /// The rotation about the axis of <paramref name="rotation"/> by its length in radians
    /// (Rodrigues' formula), followed by <paramref name="translation"/> in metres. The left
    /// factor of an incremental update: T' = FromRotationVector(w, v) * T.
    /// </summary>
    public static RigidTransform FromRotationVector(Vector3d rotation, Vector3d translation)
    {
        var angle = rotation.Length;
        // sin(a)/a and (1-cos(a))/a^2, by their series near zero where the quotients lose digits.
        var a = angle < 1e-6 ? 1 - angle * angle / 6 : Math.Sin(angle) / angle;
        var b = angle < 1e-4 ? 0.5 - angle * angle / 24 : (1 - Math.Cos(angle)) / (angle * angle);
        var (x, y, z) = rotation;
        return new RigidTransform(
            1 - b * (y * y + z * z), b * x * y - a * z, b * x * z + a * y,
            b * x * y + a * z, 1 - b * (x * x + z * z), b * y * z - a * x,
            b * x * z - a * y, b * y * z + a * x, 1 - b * (x * x + y * y),
            translation);
    }

    /// <summary>From a quaternion (normalised here) and a translation in metres.</summary>
    /// <exception cref="ArgumentException">The quaternion is zero or not finite.</exception>
    public static RigidTransform FromQuaternion(double x, double y, double z, double w, Vector3d translation)
    {
        var length = Math.Sqrt(x * x + y * y + z * z + w * w);
        if (!double.IsFinite(length) || length < 1e-12)
            throw new ArgumentException("A rotation needs a finite quaternion that is not zero.");
        (x, y, z, w) = (x / length, y / length, z / length, w / length);
        return new RigidTransform(
            1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w),
            2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w),
            2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y),
            translation);
    }

    /// <summary>The unit quaternion of the rotation, w not negative (Shepperd 1978).</summary>
    public (double X, double Y, double Z, double W) ToQuaternion()
    {
        var trace = R00 + R11 + R22;
        double x, y, z, w;
        if (trace >= R00 && trace >= R11 && trace >= R22)
            (x, y, z, w) = (R21 - R12, R02 - R20, R10 - R01, 1 + trace);
        else if (R00 >= R11 && R00 >= R22)
            (x, y, z, w) = (1 + R00 - R11 - R22, R01 + R10, R02 + R20, R21 - R12);
        else if (R11 >= R22)
            (x, y, z, w) = (R01 + R10, 1 - R00 + R11 - R22, R12 + R21, R02 - R20);
        else
            (x, y, z, w) = (R02 + R20, R12 + R21, 1 - R00 - R11 + R22, R10 - R01);
        var scale = (w < 0 ? -1 : 1) / Math.Sqrt(x * x + y * y + z * z + w * w);
        return (x * scale, y * scale, z * scale, w * scale);
    }

    /// <summary>The rotation vector (axis times angle, radians).</summary>
    public Vector3d LogRotation()
    {
        var (x, y, z, w) = ToQuaternion();
        var sine = Math.Sqrt(x * x + y * y + z * z);
        var scale = sine < 1e-9 ? 2 : 2 * Math.Atan2(sine, w) / sine;
        return new Vector3d(x * scale, y * scale, z * scale);
    }

    /// <summary>The motion that undoes this one.</summary>
    public RigidTransform Inverse()
    {
        var t = Translation;
        return new RigidTransform(
            R00, R10, R20, R01, R11, R21, R02, R12, R22,
            new Vector3d(
                -(R00 * t.X + R10 * t.Y + R20 * t.Z),
                -(R01 * t.X + R11 * t.Y + R21 * t.Z),
                -(R02 * t.X + R12 * t.Y + R22 * t.Z)));
    }

    /// <summary>R p + t.</summary>
    public Vector3d TransformPoint(Vector3d p) => Rotate(p) + Translation;

    /// <summary>R d, for directions.</summary>
    public Vector3d Rotate(Vector3d d) => new(
        R00 * d.X + R01 * d.Y + R02 * d.Z,
        R10 * d.X + R11 * d.Y + R12 * d.Z,
        R20 * d.X + R21 * d.Y + R22 * d.Z);

    /// <summary>The composition that applies <paramref name="b"/> first.</summary>
    public static RigidTransform operator *(RigidTransform a, RigidTransform b) => new(
        a.R00 * b.R00 + a.R01 * b.R10 + a.R02 * b.R20,
        a.R00 * b.R01 + a.R01 * b.R11 + a.R02 * b.R21,
        a.R00 * b.R02 + a.R01 * b.R12 + a.R02 * b.R22,
        a.R10 * b.R00 + a.R11 * b.R10 + a.R12 * b.R20,
        a.R10 * b.R01 + a.R11 * b.R11 + a.R12 * b.R21,
        a.R10 * b.R02 + a.R11 * b.R12 + a.R12 * b.R22,
        a.R20 * b.R00 + a.R21 * b.R10 + a.R22 * b.R20,
        a.R20 * b.R01 + a.R21 * b.R11 + a.R22 * b.R21,
        a.R20 * b.R02 + a.R21 * b.R12 + a.R22 * b.R22,
        a.TransformPoint(b.Translation));

    /// <summary>The same motion with its rotation made exactly orthonormal again after many products.</summary>
    public RigidTransform Orthonormalized()
    {
        var (x, y, z, w) = ToQuaternion();
        return FromQuaternion(x, y, z, w, Translation);
    }

    /// <inheritdoc/>
    public bool Equals(RigidTransform other) =>
        R00 == other.R00 && R01 == other.R01 && R02 == other.R02 &&
        R10 == other.R10 && R11 == other.R11 && R12 == other.R12 &&
        R20 == other.R20 && R21 == other.R21 && R22 == other.R22 &&
        Translation == other.Translation;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RigidTransform other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(R00, R01, R10, R11, R22, Translation);

    /// <summary>Equal in every number.</summary>
    public static bool operator ==(RigidTransform a, RigidTransform b) => a.Equals(b);

    /// <summary>Different in some number.</summary>
    public static bool operator !=(RigidTransform a, RigidTransform b) => !a.Equals(b);

    /// <summary>The rotation angle in degrees and the translation in millimetres, for a person to read.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{RotationAngle * 180 / Math.PI:0.00} deg, ({Translation.X * 1000:0.0}, {Translation.Y * 1000:0.0}, {Translation.Z * 1000:0.0}) mm");
}
