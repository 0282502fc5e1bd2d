using System.Numerics;

namespace FaceRecon.Tests;

/// <summary>The ellipsoid head with a painted skin, seen by cameras whose exposures and poses are known.</summary>
internal sealed class PaintedHead
{
    private readonly EllipsoidHead _head = new(shoulders: false);

    /// <summary>Light of the skin at a place of the head, linear, 0 to 1.</summary>
    internal Func<Vector3d, Vector3d> Skin { get; init; } = Waves;

    /// <summary>What the light is multiplied by at a camera's pose, for places on the head; nothing by default.</summary>
    internal Func<RigidTransform, Vector3d, double> Shade { get; init; } = (_, _) => 1;

    /// <summary>Skin in waves of three centimetres, a third bright to dark.</summary>
    internal static Vector3d Waves(Vector3d p)
    {
        var wave = Math.Sin(210 * p.X) * Math.Sin(210 * p.Y + 70 * p.Z);
        return new Vector3d(0.30 + 0.10 * wave, 0.22 + 0.07 * wave, 0.16 + 0.04 * wave);
    }

    /// <summary>A keyframe at its true pose, whose colour camera has a gain a channel.</summary>
    internal Keyframe See(double yaw, Vector3d gain, int index = 0)
    {
        var pose = EllipsoidHead.Orbit(yaw);
        var frame = _head.Render(pose, index);
        var camera = frame.Intrinsics;
        var pixels = frame.Color.Pixels;
        for (var i = 0; i < frame.Depth.Depths.Length; i++)
        {
            if (frame.Depth.Depths[i] >= 1)
                continue;
            var place = pose.TransformPoint(camera.BackProject(i % camera.Width, i / camera.Width, frame.Depth.Depths[i]));
            var light = Shade(pose, place) * Skin(place);
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) =
                (Srgb.ToByte((float)(gain.X * light.X)), Srgb.ToByte((float)(gain.Y * light.Y)), Srgb.ToByte((float)(gain.Z * light.Z)));
        }
        return new Keyframe(FramePointCloud.FromFrame(frame)) { Pose = pose };
    }

    /// <summary>Points of the head that the frames measured, every third pixel, with normals in the head's frame.</summary>
    internal static PointCloud Points(IReadOnlyList<Keyframe> frames)
    {
        var points = new List<(Vector3 Position, Vector3 Normal)>();
        foreach (var frame in frames)
        for (var row = 0; row < frame.Height; row += 3)
        for (var column = 0; column < frame.Width; column += 3)
        {
            var i = row * frame.Width + column;
            if (frame.Facing[i] < 0.3f)
                continue;
            var p = frame.Pose.TransformPoint(frame.Camera.BackProject(frame.Left + column, frame.Top + row, frame.Z[i]));
            var n = frame.Pose.Rotate(new Vector3d(frame.NormalX[i], frame.NormalY[i], frame.NormalZ[i]));
            points.Add((UprightFrame.ToSingle(p), UprightFrame.ToSingle(n)));
        }
        return PointCloud.OfVertices(new TriangleMesh([.. points.Select(p => p.Position)], [.. points.Select(p => p.Normal)], []));
    }
}
