using System.Numerics;
using System.Text.Json;

namespace FaceRecon.Tests;

public sealed class SyntheticRgbdVideoTests : IDisposable
{
    private static readonly SyntheticCaptureOptions Small = new() { Frames = 3, Width = 160, Height = 120 };
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_capture_has_frames_intrinsics_timestamps_and_truth()
    {
        var capture = Path.Combine(_folder.Path, "capture");
        SyntheticRgbdVideo.Write(capture, Small);

        Assert.Equal(["000000.jpg", "000001.jpg", "000002.jpg"], Names(Path.Combine(capture, "color")));
        Assert.Equal(["000000.png", "000001.png", "000002.png"], Names(Path.Combine(capture, "depth")));
        Assert.Equal("000001 0.033333", File.ReadAllLines(Path.Combine(capture, "timestamps.txt"))[1]);
        var scene = SyntheticScene.Create(Small);
        using var intrinsics = JsonDocument.Parse(File.ReadAllText(Path.Combine(capture, "intrinsic.json")));
        Assert.Equal(scene.Intrinsics.Fx, intrinsics.RootElement.GetProperty("fx").GetDouble());
        Assert.Equal(10_000, intrinsics.RootElement.GetProperty("depth_scale").GetInt32());

        var (frame, depth) = (scene.RenderFrame(1), ImageFile.ReadDepth(Path.Combine(capture, "depth", "000001.png"), 10_000));
        for (var i = 0; i < depth.Depths.Length; i++)
            Assert.Equal(frame.Depth.Depths[i], depth.Depths[i], 5.1e-5f);
        var color = ImageFile.ReadColor(Path.Combine(capture, "color", "000001.jpg"));
        Assert.InRange(color.Pixels.Zip(frame.Color.Pixels, (a, b) => Math.Abs(a - b)).Average(), 0, 2.5);

        var truth = GroundTruth.Load(capture);
        Assert.True(GroundTruth.Exists(capture));
        Assert.Equal(scene.Truth.Vertices, truth.Surface.Vertices);
        Assert.Equal(3, truth.Trajectory.Count);
        Assert.True((truth.Trajectory[2].CameraToWorld.Inverse() * scene.CameraToWorld(2)).Translation.Length < 1e-8);
        Assert.True(Vector3.Distance(scene.Landmarks["nose_tip"], truth.Landmarks["nose_tip"]) < 1e-6f);
        Assert.Equal(scene.CreateGroundTruth().Visibility, truth.Visibility);
    }

    [Fact]
    public void The_same_options_write_the_same_bytes()
    {
        var (first, second) = (Path.Combine(_folder.Path, "a"), Path.Combine(_folder.Path, "b"));
        SyntheticRgbdVideo.Write(first, Small);
        SyntheticRgbdVideo.Write(second, Small);
        var files = Directory.GetFiles(first, "*", SearchOption.AllDirectories);
        Assert.Equal(14, files.Length);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(second, Path.GetRelativePath(first, file)))));
    }

    [Fact]
    public void What_exists_is_replaced_only_if_it_is_a_synthetic_capture_and_only_by_force()
    {
        var capture = Path.Combine(_folder.Path, "capture");
        var foreign = _folder.Write("mine/thesis.txt", "years");
        Assert.Equal(ErrorId.OutputExists, Refusal(Path.GetDirectoryName(foreign)!, force: false));
        Assert.Equal(ErrorId.OutputExists, Refusal(Path.GetDirectoryName(foreign)!, force: true));
        Assert.Equal(ErrorId.OutputExists, Refusal(foreign, force: true));
        Assert.Equal("years", File.ReadAllText(foreign));

        SyntheticRgbdVideo.Write(capture, Small);
        Assert.Equal(ErrorId.OutputExists, Refusal(capture, force: false));
        SyntheticRgbdVideo.Write(capture, Small with { Frames = 2 }, force: true);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(capture, "color")).Length);
        Assert.Equal(["capture", "mine"], Names(_folder.Path));
    }

    [Fact]
    public void A_cancelled_capture_leaves_nothing()
    {
        using var source = new CancellationTokenSource();
        var progress = new CancelAtFirstReport(source);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            SyntheticRgbdVideo.Write(Path.Combine(_folder.Path, "capture"), Small with { Frames = 40 }, progress: progress, cancellationToken: source.Token));
        Assert.Empty(Names(_folder.Path));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_one_clear_error()
    {
        var file = _folder.Write("file", "");
        Assert.Equal(ErrorId.OutputNotWritable, Refusal(Path.Combine(file, "capture"), force: false));
    }

    [Theory]
    [InlineData("mesh.ply", ErrorId.MeshInvalid, ErrorId.MeshNotFound)]
    [InlineData("visibility.npy", ErrorId.ContainerCorrupt, ErrorId.CaptureNotFound)]
    [InlineData("trajectory.txt", ErrorId.ContainerCorrupt, ErrorId.CaptureNotFound)]
    [InlineData("landmarks.txt", ErrorId.ContainerCorrupt, ErrorId.CaptureNotFound)]
    public void Damaged_truth_is_refused(string name, ErrorId damaged, ErrorId absent)
    {
        var capture = Path.Combine(_folder.Path, "capture");
        var truth = Directory.CreateDirectory(Path.Combine(capture, "groundtruth")).FullName;
        using (var stream = File.Create(Path.Combine(truth, "mesh.ply")))
            PlyWriter.WriteMesh(stream, new TriangleMesh([Vector3.Zero, Vector3.UnitX, Vector3.UnitY], [Vector3.UnitZ, Vector3.UnitZ, Vector3.UnitZ], [0, 1, 2]));
        File.WriteAllBytes(Path.Combine(truth, "visibility.npy"), NumpyFile.Encode([1, 2, 3]));
        File.WriteAllText(Path.Combine(truth, "trajectory.txt"), "0.0 0 0 0 0 0 0 1\n");
        File.WriteAllText(Path.Combine(truth, "landmarks.txt"), "nose_tip 0 0 0\n");
        Assert.Equal(new byte[] { 1, 2, 3 }, GroundTruth.Load(capture).Visibility);

        var path = Path.Combine(truth, name);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^2]);
        if (name.EndsWith(".txt", StringComparison.Ordinal))
            File.AppendAllText(path, " nan");
        Assert.Equal(damaged, Assert.Throws<FaceReconException>(() => GroundTruth.Load(capture)).ErrorId);
        File.Delete(path);
        Assert.Equal(absent, Assert.Throws<FaceReconException>(() => GroundTruth.Load(capture)).ErrorId);
    }

    private static ErrorId Refusal(string folder, bool force) =>
        Assert.Throws<FaceReconException>(() => SyntheticRgbdVideo.Write(folder, Small, force)).ErrorId;

    private static string[] Names(string folder) =>
        Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToArray();

    private sealed class CancelAtFirstReport(CancellationTokenSource source) : IProgress<int>
    {
        public void Report(int value) => source.Cancel();
    }
}
