using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Which way is up in the frame of a mesh, and which way someone looks who sees the face from the front.
/// Cameras are held every way round, so that neither follows from the axes alone.
/// </summary>
/// <param name="Up">From the chin to the top of the head.</param>
/// <param name="Forward">From the viewer to the face.</param>
public sealed record UprightFrame(Vector3d Up, Vector3d Forward)
{
    /// <summary>Axes of an upright camera: x right, y down, z forward.</summary>
    public static UprightFrame Camera { get; } = new(new Vector3d(0, -1, 0), new Vector3d(0, 0, 1));

    /// <summary>The face's own axes: y up, z out of the face.</summary>
    public static UprightFrame Face { get; } = new(new Vector3d(0, 1, 0), new Vector3d(0, 0, -1));

    /// <summary>The face's own axes, in the world that <paramref name="worldToFace"/> leads from.</summary>
    public static UprightFrame OfFace(RigidTransform worldToFace)
    {
        var back = worldToFace.Inverse();
        return new UprightFrame(back.Rotate(Face.Up), back.Rotate(Face.Forward));
    }

    /// <summary>The rotation to glTF's axes: x to the viewer's right, y up, z towards the viewer.</summary>
    /// <exception cref="ArgumentException">Up and forward are parallel, or one of them is zero.</exception>
    public RigidTransform ToYUp()
    {
        var y = Up.Normalized();
        var z = (-Forward + Vector3d.Dot(Forward, y) * y).Normalized();
        if (!(z.LengthSquared > 0.5 && y.LengthSquared > 0.5))
            throw new ArgumentException("Up and forward must be two different directions.");
        var x = Vector3d.Cross(y, z);
        return new RigidTransform(x.X, x.Y, x.Z, y.X, y.Y, y.Z, z.X, z.Y, z.Z, Vector3d.Zero);
    }

    /// <summary>The frame of a capture: forward is the mean of where its cameras look, up is given by the caller for cameras held on their side.</summary>
    /// <param name="poses">The frames' poses; only accepted ones count.</param>
    /// <param name="up">Up in the poses' world; null for the up of the first accepted camera.</param>
    public static UprightFrame OfCapture(IEnumerable<FramePose> poses, Vector3d? up = null)
    {
        ArgumentNullException.ThrowIfNull(poses);
        var forward = Vector3d.Zero;
        foreach (var pose in poses)
        {
            if (!pose.Accepted)
                continue;
            forward += pose.CameraToWorld.Rotate(new Vector3d(0, 0, 1));
            up ??= pose.CameraToWorld.Rotate(new Vector3d(0, -1, 0));
        }
        var frame = new UprightFrame(up ?? Camera.Up, forward.Length > 1e-6 ? forward.Normalized() : Camera.Forward);
        return Vector3d.Cross(frame.Up.Normalized(), frame.Forward).Length > 0.1 ? frame : Camera;
    }

    internal Vector3 UpSingle => ToSingle(Up.Normalized());

    internal static Vector3 ToSingle(Vector3d v) => new((float)v.X, (float)v.Y, (float)v.Z);
}
