namespace FaceRecon.Tests;

/// <summary>A head of ellipsoids, seen exactly by ray casting: a scene whose every depth and pose is known.</summary>
internal sealed class EllipsoidHead
{
    private readonly record struct Ellipsoid(Vector3d Center, Vector3d Radii);

    // Head frame: x to the subject's left, y up, z out of the face; metres.
    private readonly Ellipsoid[] _parts;
    private readonly double _wall;

    public EllipsoidHead(bool shoulders = true, bool head = true, double wall = 1.0)
    {
        _wall = wall;
        List<Ellipsoid> parts = [];
        if (head)
        {
            parts.Add(new(new(0, 0.01, 0), new(0.075, 0.11, 0.095)));
            parts.Add(new(new(0, -0.01, 0.095), new(0.016, 0.028, 0.028)));
            parts.Add(new(new(0, -0.075, 0.07), new(0.03, 0.02, 0.03)));
            parts.Add(new(new(0.033, 0.03, 0.075), new(0.018, 0.012, 0.018)));
            parts.Add(new(new(-0.036, 0.028, 0.074), new(0.02, 0.012, 0.02)));
            parts.Add(new(new(0.08, 0.0, -0.005), new(0.012, 0.03, 0.018)));
            parts.Add(new(new(-0.08, 0.002, -0.005), new(0.012, 0.03, 0.018)));
            parts.Add(new(new(0.04, -0.03, 0.06), new(0.025, 0.02, 0.025)));
        }
        if (shoulders)
        {
            parts.Add(new(new(0, -0.16, -0.01), new(0.055, 0.1, 0.055)));
            parts.Add(new(new(0, -0.3, -0.02), new(0.22, 0.12, 0.11)));
        }
        _parts = [.. parts];
    }

    public static CameraIntrinsics Camera { get; } = new(320, 240, 290, 290, 159.5, 119.5);

    /// <summary>Camera-to-head for a camera that orbits the head at 0.45 m: yaw about y, then pitch, then roll about its own axis; radians.</summary>
    public static RigidTransform Orbit(double yaw, double pitch = 0, double roll = 0, double distance = 0.45)
    {
        // OpenCV axes looking along -z of the head: x right is the head's -x... a half turn about x takes y up to y down.
        var facing = RigidTransform.FromRotationVector(new Vector3d(Math.PI, 0, 0), new Vector3d(0, 0, distance));
        var turn = RigidTransform.FromRotationVector(new Vector3d(0, yaw, 0), Vector3d.Zero)
            * RigidTransform.FromRotationVector(new Vector3d(-pitch, 0, 0), Vector3d.Zero);
        return turn * facing * RigidTransform.FromRotationVector(new Vector3d(0, 0, roll), Vector3d.Zero);
    }

    /// <summary>The exact frame, or one with normal noise of sigma = noise * z^2 on its depth.</summary>
    public RgbdFrame Render(RigidTransform cameraToHead, int index = 0, double noise = 0, int seed = 1)
    {
        var camera = Camera;
        var depths = new float[camera.Width * camera.Height];
        var pixels = new byte[3 * depths.Length];
        var random = new Random(seed);
        for (var v = 0; v < camera.Height; v++)
        for (var u = 0; u < camera.Width; u++)
        {
            var ray = camera.BackProject(u, v, 1);
            var z = Math.Min(Nearest(cameraToHead.Translation, cameraToHead.Rotate(ray)), _wall);
            // Box-Muller.
            if (noise > 0)
                z += noise * z * z * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            depths[v * camera.Width + u] = (float)z;
            pixels.AsSpan(3 * (v * camera.Width + u), 3).Fill((byte)(z < _wall ? 200 : 60));
        }
        return new RgbdFrame(index, index / 30.0, camera, new ColorImage(camera.Width, camera.Height, pixels), new DepthImage(camera.Width, camera.Height, depths));
    }

    /// <summary>Smallest t with origin + t direction on the head; infinity beside it.</summary>
    public double Nearest(Vector3d origin, Vector3d direction)
    {
        var nearest = double.PositiveInfinity;
        foreach (var (center, radii) in _parts)
        {
            var o = new Vector3d((origin.X - center.X) / radii.X, (origin.Y - center.Y) / radii.Y, (origin.Z - center.Z) / radii.Z);
            var d = new Vector3d(direction.X / radii.X, direction.Y / radii.Y, direction.Z / radii.Z);
            var (a, b, c) = (d.LengthSquared, Vector3d.Dot(o, d), o.LengthSquared - 1);
            var discriminant = b * b - a * c;
            if (discriminant < 0)
                continue;
            var t = (-b - Math.Sqrt(discriminant)) / a;
            if (t > 0 && t < nearest)
                nearest = t;
        }
        return nearest;
    }
}
