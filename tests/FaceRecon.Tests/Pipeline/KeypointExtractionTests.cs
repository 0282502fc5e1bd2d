using System.Diagnostics;

namespace FaceRecon.Tests;

/// <summary>facerecon keypoints, from the program that a user starts down to the class behind it.</summary>
public sealed class KeypointExtractionTests : IClassFixture<KeypointExtractionTests.Sample>, IDisposable
{
    /// <summary>A capture of a face, made once for all tests.</summary>
    public sealed class Sample : IDisposable
    {
        private readonly ScratchFolder _scratch = new();

        public Sample() => SyntheticRgbdVideo.Write(Capture, new SyntheticCaptureOptions { Frames = 5, Width = 320, Height = 240 });

        public string Capture => Path.Combine(_scratch.Path, "capture");

        public void Dispose() => _scratch.Dispose();
    }

    private readonly ScratchFolder _scratch = new();
    private readonly string _capture;

    public KeypointExtractionTests(Sample sample) => _capture = sample.Capture;

    public void Dispose() => _scratch.Dispose();

    private string At(params string[] names) => Path.Combine([_scratch.Path, .. names]);

    private static (int ExitCode, string Output, string Error) Keypoints(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "FaceRecon.Cli.dll"), "keypoints", .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    [Fact]
    public void The_program_writes_keypoints_pictures_and_a_summary()
    {
        var (code, output, error) = Keypoints(_capture, "--output", At("out"), "--overlay", "--skip", "1", "--every", "2");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("2 of 2 used, a face in 2", output, StringComparison.Ordinal);
        Assert.Contains("landmarks visible on a face, of FaceMesh468", output, StringComparison.Ordinal);
        Assert.Contains("2 pictures", output, StringComparison.Ordinal);
        Assert.InRange(output.Split('\n').Length, 4, 24);
        Assert.Equal(["keypoints.json", "overlay"], Directory.GetFileSystemEntries(At("out")).Select(Path.GetFileName).Order());
        Assert.Equal(["000001.png", "000003.png"], Directory.GetFiles(At("out", "overlay")).Select(Path.GetFileName).Order());
        var sets = KeypointFile.Read(At("out", "keypoints.json"));
        Assert.Equal([1, 3], sets.Select(set => set.FrameIndex));
        Assert.All(sets, set => Assert.InRange(set.VisibleCount, 120, 468));
        var picture = ImageFile.ReadColor(At("out", "overlay", "000001.png"));
        Assert.Equal((960, 720), (picture.Width, picture.Height));
    }

    [Fact]
    public void The_program_and_the_stages_find_the_same()
    {
        Assert.Equal(0, Keypoints(_capture, "--output", At("out"), "--threads", "1", "--quiet").ExitCode);
        using var detector = new FaceKeypointDetector();
        using var stages = new MemoryStream();
        KeypointFile.Write(stages, RgbdVideo.Open(_capture).ReadFrames().Select(frame => detector.Detect(FramePointCloud.FromFrame(frame)).Keypoints!));
        Assert.Equal(stages.ToArray(), File.ReadAllBytes(At("out", "keypoints.json")));
    }

    [Fact]
    public void A_folder_with_contents_is_refused_without_force_and_kept_with_it()
    {
        Directory.CreateDirectory(At("out", "overlay"));
        File.WriteAllText(At("out", "overlay", "mine.png"), "mine");
        var (code, _, error) = Keypoints(_capture, "--output", At("out"), "--overlay", "--first", "1");
        Assert.Equal(2, code);
        Assert.Contains("[OutputExists]", error, StringComparison.Ordinal);
        for (var run = 0; run < 2; run++)
        {
            Assert.Equal(0, Keypoints(_capture, "--output", At("out"), "--overlay", "--first", "1", "--force").ExitCode);
            Assert.Equal(["000000.png", "mine.png"], Directory.GetFiles(At("out", "overlay")).Select(Path.GetFileName).Order());
        }
        Assert.Equal("mine", File.ReadAllText(At("out", "overlay", "mine.png")));
    }

    [Theory]
    [InlineData(2, ErrorId.InvalidOption, "--semantic-model", "None", "--structural-model", "none")]
    [InlineData(2, ErrorId.InvalidOption, "--minimum-angle", "181")]
    [InlineData(2, ErrorId.InvalidOption, "--minimum-angle", "NaN")]
    [InlineData(2, ErrorId.InvalidOption, "--every", "0")]
    [InlineData(2, ErrorId.InvalidOption, "--semantic-model", "")]
    [InlineData(2, ErrorId.ModelNotFound, "--semantic-model", "nowhere.onnx")]
    [InlineData(2, ErrorId.ModelInvalid, "--semantic-model", "nowhere.tflite")]
    public void Bad_usage_is_one_line_and_leaves_nothing(int exitCode, ErrorId id, params string[] options)
    {
        var (code, output, error) = Keypoints([_capture, "--output", At("out"), .. options]);
        Assert.Equal((exitCode, ""), (code, output));
        Assert.EndsWith($"[{id}]", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_scratch.Path));
    }

    [Theory]
    [InlineData(false, 3, ErrorId.CaptureNotFound)]
    [InlineData(true, 4, ErrorId.HeadNotFound)]
    public void A_capture_that_cannot_be_used_is_one_line_and_leaves_nothing(bool exists, int exitCode, ErrorId id)
    {
        if (exists)
            HeadCapture.Write(At("capture"), 2, new EllipsoidHead(shoulders: false, head: false, wall: 0.6));
        var (code, _, error) = Keypoints(At("capture"), "--output", At("out"));
        Assert.Equal(exitCode, code);
        Assert.EndsWith($"[{id}]", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("out")));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(_scratch.Path), entry => Path.GetFileName(entry).StartsWith('.'));
    }

    [Fact]
    public void A_head_without_a_face_is_no_error()
    {
        var capture = HeadCapture.Write(At("capture"), 3);
        File.WriteAllText(HeadCapture.DepthFile(capture, 1), "this is no picture");
        var result = KeypointExtraction.Run(capture, At("out"));
        Assert.Equal((2, 0, 0), (result.FrameCount, result.FaceCount, result.MedianVisible));
        Assert.Equal(ErrorId.ImageCorrupt, Assert.Single(result.Unusable).ErrorId);
        var sets = KeypointFile.Read(Assert.Single(result.Files));
        Assert.Equal([0, 2], sets.Select(set => set.FrameIndex));
        Assert.All(sets, set => Assert.False(set.HasFace));
    }

    [Fact]
    public void Stopped_in_the_middle_it_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        var progress = new Stop(stop, 2);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            KeypointExtraction.Run(_capture, At("new", "out"), new KeypointExtractionOptions { Overlay = true }, progress, stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(_scratch.Path));
    }

    private sealed class Stop(CancellationTokenSource source, int after) : IProgress<ReconstructionProgress>
    {
        public void Report(ReconstructionProgress value)
        {
            if (value.Done >= after)
                source.Cancel();
        }
    }
}
