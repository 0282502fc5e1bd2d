using System.IO.Compression;
using System.Numerics;
using System.Text;

namespace FaceRecon.Tests;

/// <summary>The measures that the ablation prints.</summary>
public sealed class AblationScoreTests
{
    private static readonly FramePose[] Trajectory = [.. Enumerable.Range(0, 12).Select(k => new FramePose(
        k, k / 30.0, RigidTransform.FromRotationVector(new Vector3d(0.1, 0.08 * k, 0), new Vector3d(0.02 * k, 0, 0.5))))];
    private static readonly GroundTruth Truth = new(new TriangleMesh([default], [default], []), [0], Trajectory, new Dictionary<string, Vector3> { ["nose_tip"] = new(0, 0, 0.1f) });

    [Fact]
    public void True_poses_in_another_world_have_no_head_error()
    {
        var other = RigidTransform.FromRotationVector(new Vector3d(0.3, -1, 0.5), new Vector3d(1, 2, 3));
        Assert.InRange(HeadPoseScore.Of(Trajectory.Select(pose => pose with { CameraToWorld = other * pose.CameraToWorld }), Truth), 0, 1e-9);
    }

    [Fact]
    public void Poses_that_shift_the_head_to_and_fro_have_that_error()
    {
        var shaken = Trajectory.Select((pose, k) => pose with { CameraToWorld = RigidTransform.FromTranslation(new Vector3d(0, k % 2 == 0 ? 0.001 : -0.001, 0)) * pose.CameraToWorld });
        Assert.Equal(0.001, HeadPoseScore.Of(shaken, Truth), 9);
    }

    [Fact]
    public void Frames_that_were_left_out_do_not_count()
    {
        var poses = Trajectory.Select((pose, k) => k == 5 ? pose with { CameraToWorld = RigidTransform.Identity, Rejection = "blink" } : pose);
        Assert.InRange(HeadPoseScore.Of(poses, Truth), 0, 1e-9);
        Assert.Equal(double.NaN, HeadPoseScore.Of(Trajectory.Take(2), Truth));
    }

    [Fact]
    public void The_true_correction_undoes_what_the_synthetic_sensor_did()
    {
        var folder = Directory.CreateTempSubdirectory("facerecon-ablation-").FullName;
        try
        {
            var options = new SyntheticCaptureOptions { Frames = 2, Width = 96, Height = 72, Noise = NoiseLevel.Heavy };
            SyntheticRgbdVideo.Write(folder, options, force: true);
            var scene = SyntheticScene.Create(options);
            var truth = SensorErrorTruth.Load(folder, scene.Intrinsics, 2)!;
            for (var u = 0; u < 96; u += 19)
            {
                var measured = scene.DepthSensor.Bias(scene.DepthSensor.BiasOf(1), u, 40, 0.5);
                Assert.InRange(Math.Abs(measured - 0.5), 1e-6, 0.05);
                Assert.Equal(0.5, measured + truth.Correction(1, u, 40, measured), 6);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void An_archive_s_arrays_are_read_in_their_shape_and_in_no_other()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
            using (var stream = archive.CreateEntry("field.npy").Open())
            {
                var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";
                stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header)]);
                foreach (var value in (float[])[1, 2, 3, 4, 5, 6.5f])
                    stream.Write(BitConverter.GetBytes(value));
            }
            Assert.Equal([1, 2, 3, 4, 5, 6.5], NumpyArchive.Read(path, "field", 2, 3));
            Assert.Equal(ErrorId.ContainerCorrupt, Assert.Throws<FaceReconException>(() => NumpyArchive.Read(path, "field", 3, 2)).ErrorId);
            Assert.Equal(ErrorId.ContainerCorrupt, Assert.Throws<FaceReconException>(() => NumpyArchive.Read(path, "scale", 2)).ErrorId);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
