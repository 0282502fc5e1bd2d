using System.Buffers.Binary;
using System.Diagnostics;

namespace FaceRecon.Tests;

/// <summary>The program as a user starts it: exit code, one line of error, nothing left behind.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string At(string name) => Path.Combine(_scratch.Path, name);

    private static (int ExitCode, string Output, string Error) FaceRecon(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "FaceRecon.Cli.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private void MustFail(string capture, int exitCode, ErrorId id, params string[] mentions)
    {
        var (code, output, error) = FaceRecon("reconstruct", capture, "--output", At("out"));
        Assert.True(exitCode == code, $"exit {code}: {error}");
        Assert.Equal("", output);
        var line = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.StartsWith("facerecon: ", line, StringComparison.Ordinal);
        Assert.EndsWith($"[{id}]", line, StringComparison.Ordinal);
        Assert.All(mentions, mention => Assert.Contains(mention, line, StringComparison.Ordinal));
        Assert.False(Directory.Exists(At("out")), "an output folder was left");
        Assert.DoesNotContain(Directory.GetFileSystemEntries(_scratch.Path), entry => Path.GetFileName(entry).StartsWith('.'));
    }

    [Fact]
    public void A_capture_becomes_a_mesh_and_a_summary()
    {
        var capture = HeadCapture.Write(At("capture"), 6);
        var (code, output, error) = FaceRecon("reconstruct", capture, "--output", At("out"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("6 of 6 used", output, StringComparison.Ordinal);
        Assert.InRange(output.Split('\n').Length, 5, 24);
        foreach (var name in new[] { "face.ply", "face.glb", "cloud.ply", "trajectory.txt", "report.json", "report.html", "preview.png" })
            Assert.True(File.Exists(Path.Combine(At("out"), name)), name);
        Assert.Contains($"facerecon reconstruct {capture} --output ", File.ReadAllText(Path.Combine(At("out"), "report.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mesh_is_shown_by_a_page_that_is_not_written_twice()
    {
        var mesh = _scratch.Write("ball.ply", TestMeshes.Bytes(stream => PlyWriter.WriteMesh(stream, TestMeshes.Octahedron())));
        var (code, output, error) = FaceRecon("show", mesh, "--output", At("ball.html"), "--no-open");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"wrote   {At("ball.html")}", output, StringComparison.Ordinal);
        Assert.Contains("<title>ball.ply</title>", File.ReadAllText(At("ball.html")), StringComparison.Ordinal);
        (code, _, error) = FaceRecon("show", mesh, "--output", At("ball.html"), "--no-open");
        Assert.Equal(2, code);
        Assert.EndsWith("[OutputExists]", error.TrimEnd(), StringComparison.Ordinal);
        (code, _, error) = FaceRecon("show", At("none"), "--no-open");
        Assert.Equal(3, code);
        Assert.EndsWith("[MeshNotFound]", error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mesh_is_compared_with_another_in_its_own_units()
    {
        var ball = FaceSurface.Reconstruct(TestClouds.Sphere(3000, 0.08f));
        var one = _scratch.Write("one.ply", TestMeshes.Bytes(stream => PlyWriter.WriteMesh(stream, ball)));
        var two = _scratch.Write("two.stl", TestMeshes.Bytes(stream => StlWriter.Write(stream, ball, new MeshFileOptions { Unit = LengthUnit.Millimetre })));
        var (code, output, error) = FaceRecon("compare", one, two, "--alignment", "none", "--threshold", "0.1", "3", "--output", At("out"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("error   mean 0.000, ", output, StringComparison.Ordinal);
        Assert.Contains("within 0.1 mm: 100.0 % accurate, 100.0 % complete, F 1.000", output, StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetFiles(At("out")).Length);
        (code, _, error) = FaceRecon("compare", one, two, "--output", At("out"));
        Assert.Equal(2, code);
        Assert.EndsWith("[OutputExists]", error.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(2, FaceRecon("compare", one, two, "--alignment", "bent").ExitCode);
        Assert.Equal(3, FaceRecon("compare", At("none.ply"), two).ExitCode);
    }

    [Fact]
    public void An_output_folder_with_contents_is_refused_without_force_and_kept_with_it()
    {
        var capture = HeadCapture.Write(At("capture"), 4);
        Directory.CreateDirectory(At("out"));
        File.WriteAllText(Path.Combine(At("out"), "mine.txt"), "mine");
        var (code, _, error) = FaceRecon("reconstruct", capture, "--output", At("out"));
        Assert.Equal(2, code);
        Assert.Contains("[OutputExists]", error, StringComparison.Ordinal);
        Assert.Equal(["mine.txt"], Directory.GetFiles(At("out")).Select(Path.GetFileName));
        Assert.Equal(0, FaceRecon("reconstruct", capture, "--output", At("out"), "--force").ExitCode);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(At("out"), "mine.txt")));
    }

    [Theory]
    [InlineData]
    [InlineData("reconstruct")]
    [InlineData("reconstruct", "x", "--output", "y", "--no-such-option")]
    [InlineData("reconstruct", "x", "--output", "y", "--every", "0")]
    [InlineData("reconstruct", "x", "--output", "y", "--format", "fbx")]
    [InlineData("reconstruct", "x", "--output", "y", "--texture-size", "1000")]
    [InlineData("no-such-command")]
    public void Bad_usage_exits_with_2(params string[] arguments)
    {
        var (code, _, error) = FaceRecon(arguments);
        Assert.Equal(2, code);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_every_command_and_the_exit_codes()
    {
        var (code, output, _) = FaceRecon("--help");
        Assert.Equal(0, code);
        Assert.All(["reconstruct", "batch", "check", "keypoints", "models", "sample", "demo", "Exit codes"], word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    [Fact]
    public void A_batch_goes_on_after_a_failure_and_resumes()
    {
        var good = HeadCapture.Write(At("good"), 4);
        Directory.CreateDirectory(At("empty"));
        string[] batch = ["batch", At("empty"), good, "--output", At("faces"), "--no-keypoints", "--no-optimize"];
        var (code, output, error) = FaceRecon(batch);
        Assert.Equal(3, code);
        Assert.Contains("[CaptureEmpty]", error, StringComparison.Ordinal);
        Assert.Contains($"done    {good}: ", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(At("faces"), "good", "face.ply")));
        var written = File.GetLastWriteTimeUtc(Path.Combine(At("faces"), "good", "face.ply"));
        (_, output, _) = FaceRecon([.. batch, "--resume"]);
        Assert.Contains($"skipped {good}: ", output, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(At("faces"), "good", "face.ply")));
        Assert.Equal(2, FaceRecon("batch", good, "--output", At("faces"), "--parallel", "0").ExitCode);
    }

    [Fact]
    public void A_check_tells_what_is_wrong_by_words_and_exit_code()
    {
        var capture = HeadCapture.Write(At("capture"), 4);
        var (code, output, _) = FaceRecon("check", capture);
        Assert.Equal(0, code);
        Assert.Contains("pass  Head          a head in 4 of 4 frames", output, StringComparison.Ordinal);
        File.Delete(Path.Combine(capture, "intrinsic.json"));
        (code, output, _) = FaceRecon("check", capture);
        Assert.Equal(4, code);
        Assert.Contains("fail  Intrinsics", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_are_listed_with_their_licence()
    {
        var (code, output, _) = FaceRecon("models");
        Assert.Equal(0, code);
        Assert.Contains("FaceMesh", output, StringComparison.Ordinal);
        Assert.Contains("Apache-2.0", output, StringComparison.Ordinal);
        Assert.DoesNotContain("missing", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Stopped_in_the_middle_it_leaves_nothing()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals to send");
        var capture = HeadCapture.Write(At("capture"), 30);
        // No progress, so nothing but the hidden folder tells that it has begun.
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "FaceRecon.Cli.dll"), "reconstruct", capture, "--output", Path.Combine(At("new"), "out") })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        Assert.True(SpinWait.SpinUntil(() => Directory.Exists(At("new")), TimeSpan.FromSeconds(30)));
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!)
            kill.WaitForExit();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("interrupted", error, StringComparison.Ordinal);
        Assert.Equal(["capture"], Directory.GetFileSystemEntries(_scratch.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_capture_that_is_not_there() => MustFail(At("nowhere"), 3, ErrorId.CaptureNotFound, "nowhere");

    [Fact]
    public void An_empty_folder()
    {
        Directory.CreateDirectory(At("empty"));
        MustFail(At("empty"), 3, ErrorId.CaptureEmpty, "empty");
    }

    [Fact]
    public void Missing_intrinsics()
    {
        var capture = HeadCapture.Write(At("capture"), 2);
        File.Delete(Path.Combine(capture, "intrinsic.json"));
        MustFail(capture, 3, ErrorId.IntrinsicsMissing, "intrinsic");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"NaN\"")]
    public void A_focal_length_that_is_none(string focalLength)
    {
        var capture = HeadCapture.Write(At("capture"), 2);
        File.WriteAllText(Path.Combine(capture, "intrinsic.json"), HeadCapture.Intrinsics(290).Replace("\"fx\": 290", $"\"fx\": {focalLength}", StringComparison.Ordinal));
        MustFail(capture, 3, ErrorId.IntrinsicsInvalid, "intrinsic.json");
    }

    [Fact]
    public void Depth_of_8_bits()
    {
        var capture = HeadCapture.Write(At("capture"), 3);
        for (var i = 0; i < 3; i++)
            File.Copy(HeadCapture.ColorFile(capture, i), HeadCapture.DepthFile(capture, i), overwrite: true);
        MustFail(capture, 3, ErrorId.DepthFormatUnsupported, "000000.png", "rame 0");
    }

    [Fact]
    public void Depth_and_colour_of_different_size()
    {
        var capture = HeadCapture.Write(At("capture"), 3);
        for (var i = 0; i < 3; i++)
            File.WriteAllBytes(HeadCapture.ColorFile(capture, i), ImageFile.EncodePng(new ColorImage(160, 120, new byte[3 * 160 * 120])));
        MustFail(capture, 3, ErrorId.ImageSizeMismatch, "000000.png", "160x120", "320x240");
    }

    [Fact]
    public void Truncated_images()
    {
        var capture = HeadCapture.Write(At("capture"), 3);
        for (var i = 0; i < 3; i++)
            File.WriteAllBytes(HeadCapture.DepthFile(capture, i), File.ReadAllBytes(HeadCapture.DepthFile(capture, i))[..3000]);
        MustFail(capture, 3, ErrorId.ImageCorrupt, "000000.png");
    }

    [Fact]
    public void A_header_of_60000_by_60000()
    {
        var capture = HeadCapture.Write(At("capture"), 3);
        for (var i = 0; i < 3; i++)
        {
            var bytes = File.ReadAllBytes(HeadCapture.ColorFile(capture, i));
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), 60000);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), 60000);
            File.WriteAllBytes(HeadCapture.ColorFile(capture, i), bytes);
        }
        MustFail(capture, 3, ErrorId.ImageTooLarge, "000000.png", "60000");
    }

    [Fact]
    public void A_text_file_called_png()
    {
        var capture = HeadCapture.Write(At("capture"), 3);
        for (var i = 0; i < 3; i++)
            File.WriteAllText(HeadCapture.ColorFile(capture, i), "this is no picture");
        MustFail(capture, 3, ErrorId.ImageCorrupt, "000000.png");
    }

    [Fact]
    public void Timestamps_that_go_back()
    {
        var capture = HeadCapture.Write(At("capture"), 4);
        File.WriteAllText(Path.Combine(capture, "timestamps.txt"), "000000 0.0\n000001 0.1\n000002 0.05\n000003 0.2\n");
        MustFail(capture, 3, ErrorId.TimestampsInvalid, "timestamps.txt");
    }

    [Fact]
    public void A_video_without_a_head()
    {
        var capture = HeadCapture.Write(At("capture"), 3, new EllipsoidHead(shoulders: false, head: false, wall: 0.6));
        MustFail(capture, 4, ErrorId.HeadNotFound, "rame 0");
    }

    [Fact]
    public void One_frame_only()
    {
        var capture = HeadCapture.Write(At("capture"), 1);
        MustFail(capture, 4, ErrorId.TooFewFrames, "1 frame");
    }

    [Fact]
    public void An_output_below_a_file()
    {
        var capture = HeadCapture.Write(At("capture"), 2);
        File.WriteAllText(At("file"), "");
        var (code, _, error) = FaceRecon("reconstruct", capture, "--output", Path.Combine(At("file"), "out"));
        Assert.Equal(5, code);
        Assert.EndsWith("[OutputNotWritable]", error.TrimEnd(), StringComparison.Ordinal);
    }
}
