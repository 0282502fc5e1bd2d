using System.Numerics;

namespace FaceRecon;

/// <summary>A rigid motion in single precision, for the many vertices of a picture.</summary>
internal readonly struct RigidTransformSingle(RigidTransform motion)
{
    private readonly Vector3 _x = new((float)motion.R00, (float)motion.R10, (float)motion.R20);
    private readonly Vector3 _y = new((float)motion.R01, (float)motion.R11, (float)motion.R21);
    private readonly Vector3 _z = new((float)motion.R02, (float)motion.R12, (float)motion.R22);

    /// <summary>The translation, metres.</summary>
    public Vector3 Translation { get; } = new((float)motion.Translation.X, (float)motion.Translation.Y, (float)motion.Translation.Z);

    /// <summary>The image of a point.</summary>
    public Vector3 Point(Vector3 p) => p.X * _x + p.Y * _y + p.Z * _z + Translation;
}
