using System.Numerics;

namespace FaceRecon;

/// <summary>x' = R s x + t: scaled, turned, moved.</summary>
internal readonly record struct Similarity(RigidTransform Motion, double Scale)
{
    public static Similarity Identity { get; } = new(RigidTransform.Identity, 1);

    public Vector3d Point(Vector3 p) => Motion.TransformPoint(new Vector3d(p.X, p.Y, p.Z) * Scale);

    /// <summary>The points of an array, moved.</summary>
    public Vector3[] Points(Vector3[] points)
    {
        var self = this;
        return Array.ConvertAll(points, p => UprightFrame.ToSingle(self.Point(p)));
    }

    /// <summary>Directions, turned alone.</summary>
    public Vector3[] Directions(Vector3[] directions)
    {
        var motion = Motion;
        return Array.ConvertAll(directions, d => UprightFrame.ToSingle(motion.Rotate(new Vector3d(d.X, d.Y, d.Z))));
    }

    /// <summary>First this, then another.</summary>
    public Similarity Then(Similarity next) =>
        new(next.Motion * RigidTransform.FromTranslation(Motion.Translation * (next.Scale - 1)) * Motion, Scale * next.Scale);
}
