namespace FaceRecon.Tests;

public class IcpMethodTests
{
    [Theory]
    [InlineData(IcpMethod.PointToPlane, 0.0006)]
    // It creeps where the surface slides on itself, and these ellipsoids nearly do; without registration the error is 10 mm and more.
    [InlineData(IcpMethod.PointToPoint, 0.0075)]
    [InlineData(IcpMethod.Generalized, 0.0006)]
    [InlineData(IcpMethod.Colored, 0.0006)]
    public void Every_method_recovers_known_motion(IcpMethod method, double tolerance)
    {
        RigidTransform[] poses = [.. Enumerable.Range(0, 6).Select(i => EllipsoidHead.Orbit(-0.25 + 0.1 * i, 0.05 * Math.Sin(i)))];
        var merger = new CloudMerger(new MergeOptions { Icp = new IcpOptions { Method = method } });
        var head = new EllipsoidHead();
        for (var i = 0; i < poses.Length; i++)
            merger.Add(FramePointCloud.FromFrame(head.Render(poses[i], i)));
        var face = merger.Complete();
        Assert.Equal(poses.Length, face.AcceptedCount);
        for (var i = 0; i < poses.Length; i++)
        {
            var nose = poses[i].Inverse().TransformPoint(new Vector3d(0.02, 0, 0.1));
            var error = (poses[0].TransformPoint(face.Frames[i].CameraToWorld.TransformPoint(nose)) - new Vector3d(0.02, 0, 0.1)).Length;
            Assert.True(error < tolerance, $"frame {i} is off by {error * 1000:0.00} mm");
        }
    }

    [Fact]
    public void Colour_holds_a_ball_that_its_shape_does_not()
    {
        const double Turn = 0.05;
        var plane = TurnOfBall(IcpMethod.PointToPlane, Turn);
        var colored = TurnOfBall(IcpMethod.Colored, Turn);
        Assert.True(Math.Abs(colored.Turn - Turn) < 0.01, $"turned by {colored.Turn:0.0000}, not by {Turn}");
        Assert.True(Math.Abs(plane.Turn - Turn) > 0.02, $"turned by {plane.Turn:0.0000} without being seen to");
        Assert.True(plane.Observability < 0.05);
        Assert.True(colored.Observability > 2 * plane.Observability);
    }

    // A painted ball of 9 cm at 0.45 m that turns about the vertical: by how much the second frame's pose says that it did.
    private static (double Turn, double Observability) TurnOfBall(IcpMethod method, double turn)
    {
        var merger = new CloudMerger(new MergeOptions { Icp = new IcpOptions { Method = method } });
        foreach (var (index, angle) in new[] { (0, 0.0), (1, turn) })
            merger.Add(FramePointCloud.FromFrame(Ball(index, angle), new PointCloudOptions { HeadOnly = false, MaximumDepth = 0.6 }));
        var pose = merger.Complete().Frames[1];
        // The ball turned by +y, so to it the camera went by -y.
        return (-pose.CameraToWorld.LogRotation().Y, pose.Observability);
    }

    private static RgbdFrame Ball(int index, double angle)
    {
        var camera = EllipsoidHead.Camera;
        var depths = new float[camera.Width * camera.Height];
        var pixels = new byte[3 * depths.Length];
        var center = new Vector3d(0, 0, 0.45);
        for (var v = 0; v < camera.Height; v++)
        for (var u = 0; u < camera.Width; u++)
        {
            var ray = camera.BackProject(u, v, 1);
            var along = Vector3d.Dot(ray, center) / ray.LengthSquared;
            var inside = along * along - (center.LengthSquared - 0.09 * 0.09) / ray.LengthSquared;
            if (inside < 0)
                continue;
            var z = along - Math.Sqrt(inside);
            var n = RigidTransform.FromRotationVector(new Vector3d(0, -angle, 0), Vector3d.Zero).Rotate((ray * z - center) / 0.09);
            depths[v * camera.Width + u] = (float)z;
            var light = 128 + 35 * Math.Sin(14 * n.X + 3 * n.Y) + 35 * Math.Sin(11 * n.Y - 5 * n.X);
            pixels.AsSpan(3 * (v * camera.Width + u), 3).Fill((byte)light);
        }
        return new RgbdFrame(index, index / 30.0, camera, new ColorImage(camera.Width, camera.Height, pixels), new DepthImage(camera.Width, camera.Height, depths));
    }
}
