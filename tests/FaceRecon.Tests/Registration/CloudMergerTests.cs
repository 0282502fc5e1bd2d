namespace FaceRecon.Tests;

public class CloudMergerTests
{
    private static readonly double[] Yaws = [.. Enumerable.Range(0, 13).Select(i => -0.6 + 0.1 * i)];

    private static CloudMerger Merge(EllipsoidHead head, IEnumerable<RigidTransform> poses, double noise = 0, MergeOptions? options = null)
    {
        var merger = new CloudMerger(options);
        var index = 0;
        foreach (var pose in poses)
        {
            merger.Add(FramePointCloud.FromFrame(head.Render(pose, index, noise, seed: index + 1)));
            index++;
        }
        return merger;
    }

    private static RigidTransform[] Path() => [.. Yaws.Select((yaw, i) => EllipsoidHead.Orbit(yaw, 0.1 * Math.Sin(i), 0, 0.45 + 0.02 * Math.Cos(i)))];

    // How far apart two poses put points of the face, worst of eight, metres.
    private static double Disagreement(RigidTransform estimated, RigidTransform truth)
    {
        var worst = 0.0;
        foreach (var x in new[] { -0.06, 0.06 })
        foreach (var y in new[] { -0.07, 0.07 })
        foreach (var z in new[] { 0.38, 0.45 })
            worst = Math.Max(worst, (estimated.TransformPoint(new Vector3d(x, y, z)) - truth.TransformPoint(new Vector3d(x, y, z))).Length);
        return worst;
    }

    [Fact]
    public void Known_motion_is_recovered()
    {
        var poses = Path();
        var face = Merge(new EllipsoidHead(), poses).Complete();
        Assert.Equal(poses.Length, face.AcceptedCount);
        for (var i = 0; i < poses.Length; i++)
        {
            var truth = poses[0].Inverse() * poses[i];
            var error = Disagreement(face.Frames[i].CameraToWorld, truth);
            Assert.True(error < 0.0006, $"frame {i} is off by {error * 1000:0.00} mm");
        }
    }

    [Fact]
    public void Merged_points_lie_on_the_head_and_their_normals_point_out()
    {
        var poses = Path();
        var head = new EllipsoidHead();
        var points = Merge(head, poses, noise: 0.002).Complete().Points;
        Assert.True(points.Count > 20000);
        var (sum, count, inward) = (0.0, 0, 0);
        for (var i = 0; i < points.Count; i += 5)
        {
            var p = poses[0].TransformPoint(new Vector3d(points.X[i], points.Y[i], points.Z[i]));
            var n = poses[0].Rotate(new Vector3d(points.NormalX[i], points.NormalY[i], points.NormalZ[i]));
            // From 2 cm outside along the normal, how far off is the surface?
            var distance = head.Nearest(p + n * 0.02, -n);
            if (double.IsInfinity(distance))
                continue;
            if (Vector3d.Dot(n, p - new Vector3d(0, -0.02, -0.02)) < 0)
                inward++;
            sum += Math.Min(Math.Abs(distance - 0.02), 0.005);
            count++;
        }
        Assert.True(count > 3500);
        Assert.True(sum / count < 0.0003, $"mean distance {sum / count * 1000:0.000} mm");
        Assert.True(inward < 0.03 * count, $"{inward} of {count} normals point in");
    }

    [Fact]
    public void Refinement_keeps_a_good_result_good()
    {
        var poses = Path();
        var face = Merge(new EllipsoidHead(), poses, options: new MergeOptions { RefinementRounds = 2 }).Complete();
        for (var i = 0; i < poses.Length; i++)
            Assert.True(Disagreement(face.Frames[i].CameraToWorld, poses[0].Inverse() * poses[i]) < 0.001);
        Assert.Equal(RigidTransform.Identity, face.Frames[0].CameraToWorld);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var one = Merge(new EllipsoidHead(), Path(), 0.003, new MergeOptions { MaxThreads = 1 }).Complete();
        var two = Merge(new EllipsoidHead(), Path(), 0.003, new MergeOptions { MaxThreads = 2 }).Complete();
        Assert.Equal(one.Points.X, two.Points.X);
        Assert.Equal(one.Points.NormalZ, two.Points.NormalZ);
        Assert.Equal(one.Points.Colors, two.Points.Colors);
        Assert.Equal(one.Frames, two.Frames);
    }

    [Fact]
    public void A_frame_of_something_else_is_left_out_with_a_reason_and_the_rest_goes_on()
    {
        var poses = Path();
        var head = new EllipsoidHead();
        var merger = new CloudMerger();
        for (var i = 0; i < poses.Length; i++)
        {
            var frame = head.Render(poses[i], i);
            if (i == 6)
            {
                // A plate of a head's size instead of the head.
                var depths = (float[])frame.Depth.Depths.Clone();
                for (var p = 0; p < depths.Length; p++)
                    if (depths[p] < 0.6f)
                        depths[p] = 0.4f + 0.0004f * (p % 320 - 160);
                frame = new RgbdFrame(i, frame.Timestamp, frame.Intrinsics, frame.Color, new DepthImage(320, 240, depths));
            }
            merger.Add(FramePointCloud.FromFrame(frame));
        }
        var face = merger.Complete();
        Assert.False(face.Frames[6].Accepted);
        Assert.False(string.IsNullOrWhiteSpace(face.Frames[6].Rejection));
        Assert.Equal(poses.Length - 1, face.AcceptedCount);
        Assert.True(Disagreement(face.Frames[^1].CameraToWorld, poses[0].Inverse() * poses[^1]) < 0.001);
    }

    [Fact]
    public void A_jump_of_ten_degrees_is_followed()
    {
        RigidTransform[] poses = [EllipsoidHead.Orbit(0), EllipsoidHead.Orbit(0.05), EllipsoidHead.Orbit(0.05 + 10 * Math.PI / 180)];
        var face = Merge(new EllipsoidHead(), poses).Complete();
        Assert.Equal(3, face.AcceptedCount);
        Assert.True(Disagreement(face.Frames[2].CameraToWorld, poses[0].Inverse() * poses[2]) < 0.001);
    }

    [Fact]
    public void Keyframes_do_not_grow_with_a_video_that_repeats_itself()
    {
        var poses = Path();
        var once = Merge(new EllipsoidHead(), poses).Complete();
        var thrice = Merge(new EllipsoidHead(), poses.Concat(poses.Reverse()).Concat(poses)).Complete();
        Assert.Equal(3 * poses.Length, thrice.AcceptedCount);
        Assert.Equal(once.Keyframes.Count, thrice.Keyframes.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Fewer_than_two_frames_are_refused(int frames)
    {
        var merger = Merge(new EllipsoidHead(), Path().Take(frames));
        var error = Assert.Throws<FaceReconException>(() => merger.Complete());
        Assert.Equal(ErrorId.TooFewFrames, error.ErrorId);
    }

    [Fact]
    public void When_no_frame_can_be_used_the_error_is_theirs()
    {
        var merger = new CloudMerger();
        for (var i = 0; i < 3; i++)
            merger.Reject(new FaceReconException(ErrorId.HeadNotFound, $"Frame {i}: no head.", "x", i));
        var error = Assert.Throws<FaceReconException>(() => merger.Complete());
        Assert.Equal(ErrorId.HeadNotFound, error.ErrorId);
    }

    [Fact]
    public void Up_is_found_for_a_camera_held_on_its_side()
    {
        RigidTransform[] poses = [.. Yaws.Select(yaw => EllipsoidHead.Orbit(yaw, roll: Math.PI / 2))];
        var face = Merge(new EllipsoidHead(), poses).Complete();
        var up = poses[0].Rotate(face.Up);
        Assert.True(up.Y > 0.98, $"up is {up}");
    }

    [Fact]
    public void Cancellation_stops_at_once()
    {
        using var source = new CancellationTokenSource();
        var merger = Merge(new EllipsoidHead(), Path().Take(3));
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => merger.Complete(source.Token));
    }
}
