namespace FaceRecon.Tests;

/// <summary>What goes wrong in real captures, done to a synthetic one with its keypoints: sparse frames, disorder, hands, blinks, blur.</summary>
public class MergeRobustnessTests(MergeRobustnessTests.Capture capture) : IClassFixture<MergeRobustnessTests.Capture>
{
    /// <summary>Forty small frames of a person, their clouds with keypoints, their true poses.</summary>
    public sealed class Capture
    {
        public Capture()
        {
            var scene = SyntheticScene.Create(new SyntheticCaptureOptions { Frames = 40, Width = 320, Height = 240 });
            using var detector = new FaceKeypointDetector(new FaceKeypointOptions { Structural = false });
            Clouds = [.. scene.RenderFrames().Select(frame => detector.Detect(FramePointCloud.FromFrame(frame)))];
            Poses = [.. Enumerable.Range(0, Clouds.Count).Select(scene.CameraToWorld)];
            Clean = new Lazy<double>(() => Error(Merge(Clouds)));
        }

        internal IReadOnlyList<FramePointCloud> Clouds { get; }
        internal RigidTransform[] Poses { get; }
        internal Lazy<double> Clean { get; }

        internal static FaceCloud Merge(IEnumerable<FramePointCloud> clouds, MergeOptions? options = null)
        {
            var merger = new CloudMerger(options);
            foreach (var cloud in clouds)
                merger.Add(cloud);
            return merger.Complete();
        }

        /// <summary>Root mean square error of five points of the head over the accepted frames, after the best rigid alignment, metres.</summary>
        internal double Error(FaceCloud face)
        {
            Vector3d[] head = [new(0, 0, 0.09), new(0.07, 0, 0), new(-0.07, 0, 0), new(0, 0.09, 0.05), new(0, -0.08, 0.05)];
            var pairs = face.Frames.Where(frame => frame.Accepted)
                .SelectMany(frame => head.Select(p => new PointPair(frame.CameraToWorld.TransformPoint(Poses[frame.Index].Inverse().TransformPoint(p)), p, 1))).ToArray();
            var align = Procrustes.Align(pairs)!.Value;
            return Math.Sqrt(pairs.Average(pair => (align.TransformPoint(pair.From) - pair.To).LengthSquared));
        }
    }

    private void RequireAsGoodAsClean(FaceCloud face)
    {
        var error = capture.Error(face);
        Assert.True(error < 1.5 * capture.Clean.Value, $"{error * 1000:0.00} mm, the clean run {capture.Clean.Value * 1000:0.00} mm");
    }

    [Fact]
    public void All_frames_of_the_clean_capture_are_used()
    {
        var face = Capture.Merge(capture.Clouds);
        Assert.All(face.Frames, frame => Assert.True(frame.Accepted, frame.Rejection));
        Assert.True(capture.Clean.Value < 0.002, $"{capture.Clean.Value * 1000:0.00} mm");
        Assert.All(face.Frames.Skip(1), frame => Assert.InRange(frame.Observability, 0.05, 0.9));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void Every_second_third_and_sixth_frame_will_do(int every)
    {
        var face = Capture.Merge(capture.Clouds.Where(cloud => cloud.Index % every == 0));
        Assert.Equal(0, face.RejectedCount);
        RequireAsGoodAsClean(face);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Frames_in_random_order_find_their_place_by_their_landmarks(int seed)
    {
        var random = new Random(seed);
        var face = Capture.Merge(capture.Clouds.OrderBy(_ => random.Next()).ToArray());
        Assert.True(face.RejectedCount <= 1, string.Join("; ", face.Frames.Where(frame => !frame.Accepted)));
        RequireAsGoodAsClean(face);
    }

    [Fact]
    public void Frames_in_random_order_without_keypoints_find_it_by_poses_given()
    {
        var random = new Random(3);
        var world = RigidTransform.FromRotationVector(new Vector3d(0.3, 1, 2), new Vector3d(1, 2, 3));
        FramePose[] given = [.. capture.Clouds.Select(cloud => new FramePose(cloud.Index, cloud.Timestamp, world * capture.Poses[cloud.Index]))];
        var bare = capture.Clouds.OrderBy(_ => random.Next()).Select(cloud => cloud.WithKeypoints(new KeypointSet { FrameIndex = cloud.Index, Scheme = KeypointScheme.None }));
        var face = Capture.Merge(bare, new MergeOptions { InitialPoses = given });
        Assert.True(face.RejectedCount <= 1, string.Join("; ", face.Frames.Where(frame => !frame.Accepted)));
        RequireAsGoodAsClean(face);
    }

    [Fact]
    public void The_pose_graph_leaves_a_good_result_good()
    {
        var face = Capture.Merge(capture.Clouds, new MergeOptions { PoseGraph = true });
        RequireAsGoodAsClean(face);
        Assert.Equal(RigidTransform.Identity, face.Frames[0].CameraToWorld);
    }

    [Fact]
    public void A_hand_that_passes_before_the_face_costs_those_frames()
    {
        int[] covered = [18, 19, 20, 21];
        var face = Capture.Merge(capture.Clouds.Select(cloud => covered.Contains(cloud.Index) ? DisturbedCloud.WithHand(cloud) : cloud));
        foreach (var frame in face.Frames.Where(frame => covered.Contains(frame.Index)))
            Assert.Matches("^(covered|lost)", frame.Rejection);
        Assert.Equal(covered.Length, face.RejectedCount);
        RequireAsGoodAsClean(face);
    }

    [Fact]
    public void A_blink_costs_its_frames()
    {
        var frontal = FrontalFrames(3);
        var face = Capture.Merge(capture.Clouds.Select(cloud => frontal.Contains(cloud.Index) ? DisturbedCloud.WithEyesClosed(cloud) : cloud));
        foreach (var frame in face.Frames.Where(frame => frontal.Contains(frame.Index)))
            Assert.Matches("^changed: the (left|right) eye", frame.Rejection);
        Assert.Equal(frontal.Length, face.RejectedCount);
        RequireAsGoodAsClean(face);
    }

    [Fact]
    public void A_frame_that_motion_blurred_is_left_out()
    {
        int[] blurred = [20, 21];
        var face = Capture.Merge(capture.Clouds.Select(cloud => blurred.Contains(cloud.Index) ? DisturbedCloud.Blurred(cloud, 7) : cloud));
        Assert.Equal(blurred, face.Frames.Where(frame => !frame.Accepted).Select(frame => frame.Index));
        Assert.All(blurred, index => Assert.StartsWith("blurred", face.Frames[index].Rejection, StringComparison.Ordinal));
        RequireAsGoodAsClean(face);
    }

    // Neighbouring frames in which both eyes are seen best.
    private int[] FrontalFrames(int count)
    {
        var middle = capture.Clouds.Where(cloud => cloud.Index is >= 10 and < 35 && cloud.Keypoints!.HasFace).MaxBy(cloud => cloud.Keypoints!.VisibleCount)!.Index;
        return [.. Enumerable.Range(middle - 1, count)];
    }
}
