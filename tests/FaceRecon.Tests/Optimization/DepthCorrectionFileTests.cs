namespace FaceRecon.Tests;

public sealed class DepthCorrectionFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Save(DepthCorrection correction)
    {
        using var stream = new MemoryStream();
        DepthCorrectionFile.Write(stream, correction);
        return _folder.Write("correction.json", stream.ToArray());
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var correction = SomeCorrection.Make(640, 480, focalScale: 1.0345, frames:
        [
            new(7, 0.0011, -0.002, 0.41),
            new(3, -0.0004, 0.001, 0.39) { Own = SomeCorrection.Spline(new ImageBox(200, 100, 180, 240), 2, 2, 0.0007) },
        ]);
        var path = Save(correction);
        var read = DepthCorrectionFile.Read(path);
        Assert.Equal((640, 480, 1.0345), (read.Width, read.Height, read.FocalScale));
        Assert.Equal([3, 7], read.Frames.Select(frame => frame.FrameIndex));
        foreach (var (u, v) in new[] { (0.0, 0.0), (639.0, 479.0), (311.25, 207.75), (-40.0, 900.0) })
        {
            Assert.Equal(correction.Shared(u, v), read.Shared(u, v), 15);
            foreach (var frame in new[] { 3, 7, 99 })
                Assert.Equal(correction.Correct(frame, u, v, 0.45), read.Correct(frame, u, v, 0.45), 15);
        }
        Assert.NotEqual(read.Correct(3, 300, 200, 0.45), read.Correct(7, 300, 200, 0.45));
        var bytes = File.ReadAllBytes(path);
        Assert.Equal(bytes, File.ReadAllBytes(Save(read)));
    }

    [Fact]
    public void What_never_ends_is_refused()
    {
        if (!OperatingSystem.IsWindows())
            Assert.Equal(ErrorId.DepthCorrectionInvalid, Assert.Throws<FaceReconException>(() => DepthCorrectionFile.Read("/dev/zero")).ErrorId);
    }

    [Fact]
    public void What_serves_other_captures_has_no_frames()
    {
        var correction = SomeCorrection.Make(64, 48, frames: [new(0, 0.001, 0, 0.4)]);
        var read = DepthCorrectionFile.Read(Save(correction.WithoutFrames()));
        Assert.Empty(read.Frames);
        Assert.Equal(correction.Shared(10, 20), read.Correct(0, 10, 20, 0.4) - 0.4, 12);
    }

    private const string Image = """ "format": "FaceRecon depth correction", "version": 1, "image": [64, 48] """;
    private const string Spline = """ "area": [0, 0, 64, 48], "columns": 4, "rows": 4, "controls": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] """;

    [Fact]
    public void The_least_that_a_file_needs_is_enough()
    {
        var read = DepthCorrectionFile.Read(_folder.Write("least.json", $$"""{ {{Image}}, "focal_scale": 1, {{Spline}}, "frames": [] }"""));
        Assert.Equal(0, read.Shared(32, 24));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[1, 2]")]
    [InlineData("null")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1 }""")]
    [InlineData("""{ "format": "FaceRecon depth correction", "version": 9 }""")]
    [InlineData("""{ "format": 3, "version": 1 }""")]
    [InlineData("{" + Image + "}")]
    [InlineData("{" + Image + ", \"focal_scale\": 1," + Spline + "}")]
    [InlineData("{" + Image + ", \"focal_scale\": 1," + Spline + ", \"frames\": {} }")]
    [InlineData("{" + Image + ", \"focal_scale\": 0," + Spline + ", \"frames\": [] }")]
    [InlineData("{" + Image + ", \"focal_scale\": \"1\"," + Spline + ", \"frames\": [] }")]
    [InlineData("{" + Image + ", \"focal_scale\": 1e999," + Spline + ", \"frames\": [] }")]
    [InlineData("{" + Image + ", \"focal_scale\": 1," + Spline + ", \"frames\": [ { \"frame\": 0.5, \"offset\": 0, \"scale\": 0, \"distance\": 0 } ] }")]
    [InlineData("{" + Image + ", \"focal_scale\": 1," + Spline + ", \"frames\": [ { \"frame\": 99999999999, \"offset\": 0, \"scale\": 0, \"distance\": 0 } ] }")]
    [InlineData("{" + Image + ", \"focal_scale\": 1," + Spline + ", \"frames\": [ { \"frame\": 1, \"offset\": 1e999, \"scale\": 0, \"distance\": 0 } ] }")]
    [InlineData("{" + Image + ", \"focal_scale\": 1," + Spline + ", \"frames\": [ { \"frame\": 1, \"offset\": 0, \"scale\": 0, \"distance\": 0, \"own\": {} } ] }")]
    [InlineData("{" + Image + ", \"focal_scale\": 1," + Spline + ", \"frames\": [ { \"frame\": 1, \"offset\": 0, \"scale\": 0, \"distance\": 0 }, { \"frame\": 1, \"offset\": 0, \"scale\": 0, \"distance\": 0 } ] }")]
    public void What_is_no_correction_is_refused(string text) => Refused(_folder.Write("wrong.json", text));

    [Theory]
    [InlineData("[64, 48]", "[0, 48]")]
    [InlineData("[64, 48]", "[64, 1e300]")]
    [InlineData("[64, 48]", "[64]")]
    [InlineData("[64, 48]", "64")]
    [InlineData("[0, 0, 64, 48]", "[0, 0, 0, 48]")]
    [InlineData("[0, 0, 64, 48]", "[0, 0, 64, -48]")]
    [InlineData("\"columns\": 4", "\"columns\": 3")]
    [InlineData("\"columns\": 4", "\"columns\": 5")]
    [InlineData("\"columns\": 4", "\"columns\": 2000000000")]
    [InlineData("\"rows\": 4", "\"rows\": -4")]
    [InlineData("[0, 0, 0, 0,", "[0, 0, 0,")]
    [InlineData("[0, 0, 0, 0,", "[0, 0, 0, 1e999,")]
    [InlineData("[0, 0, 0, 0,", "[0, 0, 0, null,")]
    public void A_spline_that_is_none_is_refused(string right, string wrong)
    {
        var text = $$"""{ {{Image}}, "focal_scale": 1, {{Spline}}, "frames": [] }""";
        Assert.Contains(right, text, StringComparison.Ordinal);
        Refused(_folder.Write("wrong.json", text.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused()
    {
        var whole = File.ReadAllBytes(Save(SomeCorrection.Make(64, 48, frames: [new(0, 0.001, 0, 0.4)])));
        for (var length = 0; length < whole.Length - 1; length += 37)
            Refused(_folder.Write("short.json", whole.AsSpan(0, length)));
    }

    [Fact]
    public void Depth_without_end_is_refused() =>
        Refused(_folder.Write("deep.json", new string('[', 100_000)));

    [Fact]
    public void What_is_no_file_or_none_of_a_sane_size_is_refused()
    {
        Refused(Path.Combine(_folder.Path, "nowhere.json"));
        Refused(_folder.Path);
        var large = Path.Combine(_folder.Path, "large.json");
        using (var file = File.Create(large))
            file.SetLength(1L << 32);
        Refused(large);
    }

    private static void Refused(string path)
    {
        var error = Assert.Throws<FaceReconException>(() => DepthCorrectionFile.Read(path));
        Assert.Equal(ErrorId.DepthCorrectionInvalid, error.ErrorId);
        Assert.Equal(path, error.Path);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }
}
