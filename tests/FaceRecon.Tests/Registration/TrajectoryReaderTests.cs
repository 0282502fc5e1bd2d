namespace FaceRecon.Tests;

public sealed class TrajectoryReaderTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static FramePose[] Poses() =>
        [.. Enumerable.Range(0, 5).Select(i => new FramePose(i, i / 30.0, RigidTransform.FromRotationVector(new Vector3d(0.1 * i, 0.2, 0), new Vector3d(i, 2, 3))))];

    [Fact]
    public void What_was_written_is_read()
    {
        using var stream = new MemoryStream();
        TrajectoryWriter.Write(stream, Poses());
        var read = TrajectoryReader.Read(_folder.Write("t.txt", stream.ToArray()));
        Assert.Equal(5, read.Count);
        foreach (var (expected, pose) in Poses().Zip(read))
        {
            Assert.Equal(expected.Timestamp, pose.Timestamp, 6);
            Assert.True((expected.CameraToWorld.Inverse() * pose.CameraToWorld).RotationAngle < 1e-8);
            Assert.True((expected.CameraToWorld.Translation - pose.CameraToWorld.Translation).Length < 1e-8);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("0 1 2 3 0 0 0\n")]
    [InlineData("0 1 2 3 0 0 0 one\n")]
    [InlineData("0 1 2 NaN 0 0 0 1\n")]
    [InlineData("0 1 2 3 0 0 0 0\n")]
    public void What_is_no_trajectory_is_refused_by_name(string text)
    {
        var path = _folder.Write("bad.txt", System.Text.Encoding.ASCII.GetBytes(text));
        var error = Assert.Throws<FaceReconException>(() => TrajectoryReader.Read(path));
        Assert.Equal(ErrorId.TrajectoryInvalid, error.ErrorId);
        Assert.Contains("bad.txt", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorId.TrajectoryInvalid, Assert.Throws<FaceReconException>(() => TrajectoryReader.Read(path + ".gone")).ErrorId);
    }

    [Fact]
    public void The_motion_between_two_frames_is_taken_by_their_times_from_whatever_world()
    {
        var poses = Poses();
        var world = RigidTransform.FromRotationVector(new Vector3d(1, 2, 0.5), new Vector3d(9, 8, 7));
        var initial = new InitialTrajectory([.. poses.Select(pose => pose with { CameraToWorld = world * pose.CameraToWorld })]);
        var predicted = initial.Predict(poses[3].Timestamp + 0.001, poses[1].Timestamp, poses[1].CameraToWorld)!.Value;
        Assert.True((predicted.Inverse() * poses[3].CameraToWorld).RotationAngle < 1e-9);
        Assert.True((predicted.Translation - poses[3].CameraToWorld.Translation).Length < 1e-9);
        Assert.Null(initial.Predict(1.0, poses[1].Timestamp, poses[1].CameraToWorld));
    }
}
