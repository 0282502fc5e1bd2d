namespace FaceRecon.Tests;

public sealed class FaceReconstructionTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string At(string name) => Path.Combine(_scratch.Path, name);

    private static readonly string[] Reproducible = ["face.ply", "cloud.ply", "trajectory.txt", "keypoints.json"];

    [Fact]
    public void The_same_capture_gives_the_same_bytes_with_one_thread_and_with_two()
    {
        var capture = HeadCapture.Write(At("capture"), 6);
        foreach (var (name, threads) in new[] { ("one", 1), ("two", 2), ("again", 2) })
            FaceReconstruction.Run(capture, At(name), new ReconstructionOptions { MaxThreads = threads });
        foreach (var file in Reproducible)
        {
            var expected = File.ReadAllBytes(Path.Combine(At("one"), file));
            Assert.NotEmpty(expected);
            Assert.Equal(expected, File.ReadAllBytes(Path.Combine(At("two"), file)));
            Assert.Equal(expected, File.ReadAllBytes(Path.Combine(At("again"), file)));
        }
    }

    [Fact]
    public void A_broken_frame_costs_that_frame_and_is_named_in_the_report()
    {
        var capture = HeadCapture.Write(At("capture"), 7);
        var bytes = File.ReadAllBytes(HeadCapture.DepthFile(capture, 3));
        File.WriteAllBytes(HeadCapture.DepthFile(capture, 3), bytes[..(bytes.Length / 2)]);
        var result = FaceReconstruction.Run(capture, At("out"));
        Assert.Equal(7, result.Face.Frames.Count);
        Assert.Equal(6, result.Face.AcceptedCount);
        Assert.Equal(3, Assert.Single(result.Face.Frames, frame => !frame.Accepted).Index);
        Assert.Contains("000003.png", result.Face.Frames[3].Rejection, StringComparison.Ordinal);
        Assert.Contains("000003.png", File.ReadAllText(Path.Combine(At("out"), "report.json")), StringComparison.Ordinal);
        Assert.Equal(6, File.ReadLines(Path.Combine(At("out"), "trajectory.txt")).Count(line => !line.StartsWith('#')));
    }

    [Fact]
    public void Selected_frames_keep_their_numbers()
    {
        var capture = HeadCapture.Write(At("capture"), 9);
        var result = FaceReconstruction.Run(capture, null, new ReconstructionOptions { Frames = new FrameSelection(1, 3, 2) });
        Assert.Equal([1, 3, 5], result.Face.Frames.Select(frame => frame.Index));
        Assert.Empty(result.Files);
    }

    [Fact]
    public void Cancelling_leaves_no_output()
    {
        var capture = HeadCapture.Write(At("capture"), 7);
        using var source = new CancellationTokenSource();
        var progress = new CancelAt(source, 3);
        Assert.ThrowsAny<OperationCanceledException>(() => FaceReconstruction.Run(capture, At("out"), null, progress, source.Token));
        Assert.False(Directory.Exists(At("out")));
        Assert.Equal(["capture"], Directory.GetFileSystemEntries(_scratch.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Every_format_is_written_when_asked_for()
    {
        var capture = HeadCapture.Write(At("capture"), 4);
        var formats = MeshFormats.Ply | MeshFormats.Glb | MeshFormats.Obj | MeshFormats.Stl;
        var result = FaceReconstruction.Run(capture, At("out"), new ReconstructionOptions { Export = new ExportOptions { Formats = formats, Unit = LengthUnit.Millimetre } });
        Assert.Equal(
            ["cloud.ply", "depth_correction.json", "depth_correction.png", "face.glb", "face.obj", "face.ply", "face.stl", "keypoints.json", "preview.png", "report.html", "report.json", "trajectory.txt"],
            result.Files.Select(Path.GetFileName).Order());
        Assert.All(result.Files, file => Assert.True(new FileInfo(file).Length > 100));
        var read = MeshFile.Read(Path.Combine(At("out"), "face.ply"));
        Assert.Equal(result.Mesh.VertexCount, read.VertexCount);
    }

    private sealed class CancelAt(CancellationTokenSource source, int frame) : IProgress<ReconstructionProgress>
    {
        public void Report(ReconstructionProgress value)
        {
            if (value.Done == frame)
                source.Cancel();
        }
    }
}
