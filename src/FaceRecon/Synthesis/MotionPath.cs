using System.Numerics;

namespace FaceRecon;

/// <summary>Where the camera and the head are at any moment of a synthetic capture: a smooth course with a hand's small unrest.</summary>
internal sealed class MotionPath
{
    /// <summary>Frames a second.</summary>
    public const double FrameRate = 30;

    /// <summary>What the camera looks at: between the eyes and the ears, so that all of the head is in view; metres.</summary>
    private static readonly Vector3d Target = new(0, -0.005, 0.03);
    /// <summary>The joint that the head turns about, metres.</summary>
    private static readonly Vector3d Pivot = new(0, -0.045, -0.02);

    private readonly SyntheticCaptureOptions _options;
    private readonly GradientNoise _unrest;
    private readonly double _reach, _distance, _tilt, _side;

    public MotionPath(SyntheticCaptureOptions options)
    {
        _options = options;
        var random = new SplitMix(options.Seed, purpose: 4);
        _unrest = new GradientNoise(options.Seed + 500);
        _reach = Radians(random.Uniform(0, 56, 61));
        _distance = random.Uniform(1, 0.445f, 0.475f);
        _tilt = Radians(random.Uniform(2, 6, 9));
        _side = random.Uniform(3) < 0.5f ? -1 : 1;
    }

    /// <summary>
    /// The part of a frame's way that the camera films: all of it, but a course shortened below two seconds
    /// is a thinned one and not a faster one.
    /// </summary>
    public double FrameStep => Math.Min(1, _options.Frames / (2 * FrameRate));

    /// <summary>Camera-to-room at a frame (fractions lie between frames); the room is the head frame of a head at rest.</summary>
    public RigidTransform CameraToRoom(double frame)
    {
        if (_options.Motion == HeadMotion.HeadTurn)
            return LookAt(0, Radians(3), _distance + 0.02, 0);
        var t = Share(frame);
        var yaw = -_side * _reach * Math.Cos(Math.PI * t) + Radians(1.3) * Unrest(frame, 0);
        var pitch = _tilt * Math.Sin(2 * Math.PI * t) + Radians(1.5) * Unrest(frame, 1);
        var distance = _distance - 0.025 * Math.Sin(Math.PI * t) + 0.008 * Unrest(frame, 2);
        return LookAt(yaw, pitch, distance, Radians(2.5) * Unrest(frame, 3), 0.008 * Unrest(frame, 4), 0.008 * Unrest(frame, 5));
    }

    /// <summary>Head-to-room at a frame.</summary>
    public RigidTransform HeadToRoom(double frame)
    {
        if (_options.Motion == HeadMotion.CameraOrbit)
            return RigidTransform.Identity;
        var t = Share(frame);
        var yaw = _side * _reach * Math.Sin(2 * Math.PI * t) + Radians(1.5) * Unrest(frame, 0);
        var nod = 0.8 * _tilt * Math.Sin(4 * Math.PI * t) + Radians(1.5) * Unrest(frame, 1);
        var lean = Radians(2.5) * Unrest(frame, 2);
        var turn = RigidTransform.FromRotationVector(new Vector3d(0, yaw, 0), Vector3d.Zero)
            * RigidTransform.FromRotationVector(new Vector3d(nod, 0, lean), Vector3d.Zero);
        var sway = new Vector3d(0.006 * Unrest(frame, 3), 0.004 * Unrest(frame, 4), 0.010 * Unrest(frame, 5));
        return RigidTransform.FromTranslation(Pivot + sway) * turn * RigidTransform.FromTranslation(-Pivot);
    }

    /// <summary>Camera-to-world at a frame; world is the head frame.</summary>
    public RigidTransform CameraToWorld(double frame) => HeadToRoom(frame).Inverse() * CameraToRoom(frame);

    private double Share(double frame) => _options.Frames == 1 ? 0.5 : frame / (_options.Frames - 1);

    /// <summary>A slow random function of time, about -1 to 1, another for every part of the motion.</summary>
    private double Unrest(double frame, int part) => _unrest.At(new Vector3((float)(frame / FrameRate * 1.4), 3.7f + 10 * part, 0.5f));

    private static RigidTransform LookAt(double yaw, double pitch, double distance, double roll, double shiftX = 0, double shiftY = 0)
    {
        var away = new Vector3d(Math.Sin(yaw) * Math.Cos(pitch), Math.Sin(pitch), Math.Cos(yaw) * Math.Cos(pitch));
        var target = Target + new Vector3d(shiftX, shiftY, 0);
        var forward = -away;
        var up = new Vector3d(Math.Sin(roll), Math.Cos(roll), 0);
        var right = Vector3d.Cross(forward, up).Normalized();
        var down = Vector3d.Cross(forward, right);
        return new RigidTransform(
            right.X, down.X, forward.X,
            right.Y, down.Y, forward.Y,
            right.Z, down.Z, forward.Z, target + (distance + Target.Z) * away);
    }

    private static double Radians(double degrees) => degrees * (Math.PI / 180);
}
