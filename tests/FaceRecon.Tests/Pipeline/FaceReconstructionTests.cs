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
        var result = FaceReconstruction.Run(capture, At("out"), new ReconstructionOptions { Export = new ExportOptions { Formats = formats, Unit = LengthUnit.Millimetre, Texture = true, TextureSize = 512 } });
        Assert.Equal(
            ["cloud.ply", "depth_correction.json", "depth_correction.png", "face.glb", "face.mtl", "face.obj", "face.ply", "face.stl", "face_texture.png", "keypoints.json", "preview.png", "report.html", "report.json", "trajectory.txt"],
            result.Files.Select(Path.GetFileName).Order());
        Assert.All(result.Files, file => Assert.True(new FileInfo(file).Length > 60));
        foreach (var name in (string[])["face.ply", "face.obj", "face.stl", "face.glb"])
        {
            var read = MeshFile.Read(Path.Combine(At("out"), name));
            Assert.Equal(result.Mesh.TriangleCount, read.TriangleCount);
            Assert.Equal(name == "face.glb" ? result.Mesh.Texture!.Coordinates.Length : result.Mesh.VertexCount, read.VertexCount);
            MeshValidity.Check(name == "face.glb" ? Joined(read) : read);
        }
        Assert.Equal(result.Mesh.Texture!.Image.Pixels, ImageFile.ReadColor(Path.Combine(At("out"), "face_texture.png")).Pixels);
        // Where it comes from stands in each.
        foreach (var name in (string[])["face.ply", "face.obj", "face.stl", "face.glb", "cloud.ply"])
            Assert.Contains("capture", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(At("out"), name))), StringComparison.Ordinal);
    }

    /// <summary>A mesh whose vertices at the same place are one again, which a texture has taken apart where its charts meet.</summary>
    private static TriangleMesh Joined(TriangleMesh mesh)
    {
        var numbers = new Dictionary<System.Numerics.Vector3, int>();
        var first = new List<int>();
        var triangles = Array.ConvertAll(mesh.Triangles, v =>
        {
            if (!numbers.TryGetValue(mesh.Vertices[v], out var number))
            {
                numbers[mesh.Vertices[v]] = number = first.Count;
                first.Add(v);
            }
            return number;
        });
        return new TriangleMesh([.. first.Select(v => mesh.Vertices[v])], [.. first.Select(v => mesh.Normals[v])], triangles);
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
