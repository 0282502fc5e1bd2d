using System.Buffers.Binary;
using System.Globalization;

namespace FaceRecon.Tests;

/// <summary>Each way a capture can be wrong, its error id, and that the message names what is at fault.</summary>
public class BadCaptureTests
{
    private static FaceReconException Fails(ErrorId expected, string path, string named)
    {
        var error = Assert.Throws<FaceReconException>(() => RgbdVideo.Open(path).ReadFrames(onBadFrame: _ => { }).Count());
        Assert.Equal(expected, error.ErrorId);
        Assert.Equal(3, error.ExitCode);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        return error;
    }

    [Fact]
    public void No_folder()
    {
        using var capture = TinyCapture.CaptureFolder(1);
        Fails(ErrorId.CaptureNotFound, capture.At("nowhere"), "nowhere");
        Fails(ErrorId.CaptureNotFound, capture.At("intrinsic.json"), "is a file");
    }

    [Fact]
    public void Empty_folder()
    {
        using var capture = new TinyCapture();
        Fails(ErrorId.CaptureEmpty, capture.Path, capture.Path);
    }

    [Fact]
    public void A_folder_of_results_is_no_capture()
    {
        using var capture = new TinyCapture();
        capture.Write("face.ply", "ply\nformat ascii 1.0\nelement vertex 0\nend_header\n" + new string(' ', 1000));
        Fails(ErrorId.CaptureEmpty, capture.Path, capture.Path);
    }

    [Fact]
    public void No_images()
    {
        using var capture = TinyCapture.CaptureFolder(1);
        File.Delete(capture.At("depth/000000.png"));
        Fails(ErrorId.CaptureEmpty, capture.Path, "depth holds no images");
    }

    [Fact]
    public void No_intrinsics()
    {
        using var capture = TinyCapture.CaptureFolder(2);
        File.Delete(capture.At("intrinsic.json"));
        Fails(ErrorId.IntrinsicsMissing, capture.Path, "intrinsic.json");
    }

    [Theory]
    [InlineData("\"fx\": 15", "\"f\": 15", ErrorId.IntrinsicsMissing, "fx")]
    [InlineData("\"depth_scale\": 8000", "\"x\": 1", ErrorId.IntrinsicsMissing, "depth_scale")]
    [InlineData("\"fx\": 15", "\"fx\": 0", ErrorId.IntrinsicsInvalid, "focal length")]
    [InlineData("\"fy\": 15.5", "\"fy\": -3", ErrorId.IntrinsicsInvalid, "focal length")]
    [InlineData("\"fx\": 15", "\"fx\": NaN", ErrorId.IntrinsicsInvalid, "NaN")]
    [InlineData("\"fx\": 15", "\"fx\": \"NaN\"", ErrorId.IntrinsicsInvalid, "fx")]
    [InlineData("\"fx\": 15", "\"fx\": 1e999", ErrorId.IntrinsicsInvalid, "fx")]
    [InlineData("\"cx\": 7.25", "\"cx\": 17", ErrorId.IntrinsicsInvalid, "principal point")]
    [InlineData("\"cy\": 5.5", "\"cy\": -1", ErrorId.IntrinsicsInvalid, "principal point")]
    [InlineData("\"width\": 16", "\"width\": 16.5", ErrorId.IntrinsicsInvalid, "width")]
    [InlineData("\"width\": 16", "\"width\": 100000", ErrorId.IntrinsicsInvalid, "100000")]
    [InlineData("\"width\": 16", "\"width\": 32", ErrorId.ImageSizeMismatch, "32x12")]
    [InlineData("\"depth_scale\": 8000", "\"depth_scale\": 0", ErrorId.DepthScaleInvalid, "depth_scale 0")]
    [InlineData("\"depth_scale\": 8000", "\"depth_scale\": 1000", ErrorId.DepthScaleInvalid, "such as 5000")]
    [InlineData("\"depth_scale\": 8000", "\"depth_scale\": 80000", ErrorId.DepthScaleInvalid, "depth_scale")]
    [InlineData("\"depth_scale\": 8000", "\"depth_scale\": 8000, \"distortion\": [1, 2, 3]", ErrorId.IntrinsicsInvalid, "distortion")]
    [InlineData("\"depth_scale\": 8000", "\"depth_scale\": 8000, \"distortion\": {\"model\": \"fisheye\", \"k1\": 0.1}", ErrorId.IntrinsicsInvalid, "fisheye")]
    [InlineData("\"depth_scale\": 8000", "\"depth_scale\": 8000, \"distortion\": {\"k1\": -2}", ErrorId.IntrinsicsInvalid, "folds")]
    [InlineData("\"depth_scale\": 8000", "\"depth_scale\": 8000, \"apple_lens\": {\"center_ref\": [8, 6], \"reference_size\": [16, 12]}", ErrorId.IntrinsicsMissing, "lens_distortion_lookup_table")]
    [InlineData("\"depth_scale\": 8000", "\"depth_scale\": 8000, \"apple_lens\": {\"center_ref\": [8, 60], \"reference_size\": [16, 12], \"lens_distortion_lookup_table\": [0, 0.1]}", ErrorId.IntrinsicsInvalid, "centre")]
    [InlineData("\"depth_scale\": 8000", "\"depth_scale\": 8000, \"apple_lens\": {\"center_ref\": [8, 6], \"reference_size\": [16, 16], \"lens_distortion_lookup_table\": [0, 0.1]}", ErrorId.IntrinsicsInvalid, "shape")]
    [InlineData("{", "", ErrorId.IntrinsicsInvalid, "JSON")]
    public void Intrinsics(string part, string replacement, ErrorId expected, string named)
    {
        using var capture = TinyCapture.CaptureFolder(2, TinyCapture.Camera.Replace(part, replacement, StringComparison.Ordinal));
        Fails(expected, capture.Path, named);
        Fails(expected, capture.Path, "intrinsic.json");
    }

    [Fact]
    public void A_huge_intrinsics_file_is_not_read()
    {
        using var capture = TinyCapture.CaptureFolder(1, TinyCapture.Camera + new string(' ', 2 << 20));
        Fails(ErrorId.IntrinsicsInvalid, capture.Path, "intrinsic.json");
    }

    /// <summary>One broken frame among five: reading goes on, the error names frame and file. Alone, it is the video's error.</summary>
    private static void CostsThatFrameOnly(ErrorId expected, string file, Action<string> breakFile)
    {
        using var capture = TinyCapture.CaptureFolder(5);
        breakFile(capture.At($"{file}/000003.png"));
        var errors = new List<FaceReconException>();
        Assert.Equal([0, 1, 2, 4], RgbdVideo.Open(capture.Path).ReadFrames(onBadFrame: errors.Add).Select(f => f.Index));
        var error = Assert.Single(errors);
        Assert.Equal((expected, 3), (error.ErrorId, error.FrameIndex));
        Assert.Contains("Frame 3", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{file}/000003.png", error.Message.Replace('\\', '/'), StringComparison.Ordinal);
        Assert.Equal(expected, Assert.Throws<FaceReconException>(() => RgbdVideo.Open(capture.Path).ReadFrames().Count()).ErrorId);

        using var alone = TinyCapture.CaptureFolder(1);
        breakFile(alone.At($"{file}/000000.png"));
        Fails(expected, alone.Path, "000000.png");
    }

    private static void Cut(string file) => File.WriteAllBytes(file, File.ReadAllBytes(file)[..^60]);

    [Fact]
    public void Truncated_colour() => CostsThatFrameOnly(ErrorId.ImageCorrupt, "color", Cut);

    [Fact]
    public void Truncated_depth() => CostsThatFrameOnly(ErrorId.ImageCorrupt, "depth", Cut);

    [Fact]
    public void Missing_colour() => CostsThatFrameOnly(ErrorId.FrameMissing, "color", file =>
    {
        File.Delete(file);
        File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(file)!, "000009.txt"), [1]);
        if (file.EndsWith("000000.png", StringComparison.Ordinal))
            File.CreateSymbolicLink(file, "nowhere.png");
    });

    [Fact]
    public void Missing_depth() => CostsThatFrameOnly(ErrorId.FrameMissing, "depth", file =>
    {
        File.Delete(file);
        if (file.EndsWith("000000.png", StringComparison.Ordinal))
            File.CreateSymbolicLink(file, "nowhere.png");
    });

    [Fact]
    public void Text_renamed_to_png() => CostsThatFrameOnly(ErrorId.ImageCorrupt, "color", file => File.WriteAllText(file, "no picture"));

    [Fact]
    public void Depth_of_8_bit() => CostsThatFrameOnly(ErrorId.DepthFormatUnsupported, "depth", file => File.WriteAllBytes(file, TestImages.EncodeGrey8(16, 12)));

    [Fact]
    public void Colour_of_another_size() => CostsThatFrameOnly(ErrorId.ImageSizeMismatch, "color", file => File.WriteAllBytes(file, ImageFile.EncodePng(TinyCapture.Color(0, 8, 6))));

    [Fact]
    public void Depth_of_another_size() => CostsThatFrameOnly(ErrorId.ImageSizeMismatch, "depth", file => File.WriteAllBytes(file, ImageFile.EncodePng16(12, 16, TinyCapture.Depth(0))));

    [Fact]
    public void Gigapixel_header() => CostsThatFrameOnly(ErrorId.ImageTooLarge, "depth", file =>
    {
        var png = File.ReadAllBytes(file);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 60000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 60000);
        File.WriteAllBytes(file, png);
    });

    [Theory]
    [InlineData("000000 1\n000001 1\n000002 2", "line 2")]
    [InlineData("000000 1\n000001 3\n000002 2", "line 3")]
    [InlineData("000000 1\n000001 soon\n000002 2", "line 2")]
    [InlineData("000000 1\n000001 NaN\n000002 2", "line 2")]
    [InlineData("000000 1\n000001\n000002 2", "line 2")]
    [InlineData("000000 1\n000002 2", "000001")]
    public void Timestamps(string text, string named)
    {
        using var capture = TinyCapture.CaptureFolder(3);
        capture.Write("timestamps.txt", text);
        Fails(ErrorId.TimestampsInvalid, capture.Path, named);
        Fails(ErrorId.TimestampsInvalid, capture.Path, "timestamps.txt");
    }

    [Theory]
    [InlineData("../outside.png")]
    [InlineData("/etc/outside.png")]
    [InlineData("rgb/../../outside.png")]
    public void Tum_list_that_leads_out_of_the_capture(string file)
    {
        using var capture = new TinyCapture();
        capture.Write("tum/rgb.txt", $"1 {file}");
        capture.Write("tum/depth.txt", "1 depth/1.png");
        Fails(ErrorId.FrameMissing, capture.At("tum"), "rgb.txt, line 1");
    }

    [Theory]
    [InlineData("1 a.png\n1 b.png", ErrorId.TimestampsInvalid, "line 2")]
    [InlineData("one a.png", ErrorId.TimestampsInvalid, "line 1")]
    [InlineData("1", ErrorId.TimestampsInvalid, "line 1")]
    [InlineData("7 a.png", ErrorId.CaptureEmpty, "20 ms")]
    [InlineData("# nothing", ErrorId.CaptureEmpty, "20 ms")]
    public void Tum_lists(string rgb, ErrorId expected, string named)
    {
        using var capture = new TinyCapture();
        capture.Write("rgb.txt", rgb);
        capture.Write("depth.txt", "1 depth/1.png");
        Fails(expected, capture.Path, named);
    }

    [Theory]
    [InlineData("element color 192", "element color 193")]
    [InlineData("element depth 192", "element depth 190")]
    [InlineData("element color 192", "element color 2000000000")]
    [InlineData("element metadata ", "element metadata 9")]
    [InlineData("property float g", "property uchar g")]
    [InlineData("binary_little_endian", "binary_big_endian")]
    [InlineData("end_header", "end-header")]
    [InlineData("\"width\": 16", "\"width\": 17")]
    public void Bply_that_contradicts_itself_costs_that_frame_only(string part, string replacement)
    {
        using var capture = new TinyCapture();
        for (var i = 0; i < 3; i++)
            capture.Write($"{i}.ply", TinyCapture.Bply(i));
        var file = System.Text.Encoding.Latin1.GetString(TinyCapture.Bply(1));
        Assert.Contains(part, file, StringComparison.Ordinal);
        capture.Write("1.ply", System.Text.Encoding.Latin1.GetBytes(file.Replace(part, replacement, StringComparison.Ordinal)));
        var errors = new List<FaceReconException>();
        Assert.Equal([0, 2], RgbdVideo.Open(capture.Path).ReadFrames(onBadFrame: errors.Add).Select(f => f.Index));
        Assert.Equal((ErrorId.ContainerCorrupt, 1), (Assert.Single(errors).ErrorId, errors[0].FrameIndex));
    }

    [Fact]
    public void Bply_cut_short()
    {
        using var capture = new TinyCapture();
        capture.Write("0.ply", TinyCapture.Bply(0).AsSpan(..^5));
        Fails(ErrorId.ContainerCorrupt, capture.Path, "0.ply");
    }

    [Fact]
    public void Bply_whose_clock_runs_backwards_costs_the_late_frame()
    {
        using var capture = new TinyCapture();
        foreach (var (name, frame) in (ReadOnlySpan<(string, int)>)[("0", 0), ("1", 5), ("2", 2), ("3", 6)])
            capture.Write(name + ".ply", TinyCapture.Bply(frame));
        var errors = new List<FaceReconException>();
        Assert.Equal([0, 1, 3], RgbdVideo.Open(capture.Path).ReadFrames(onBadFrame: errors.Add).Select(f => f.Index));
        Assert.Equal(ErrorId.TimestampsInvalid, Assert.Single(errors).ErrorId);
    }

    [Theory]
    [InlineData(-1, null, 1)]
    [InlineData(0, 0, 1)]
    [InlineData(0, null, 0)]
    [InlineData(5, null, 1)]
    public void Selections_that_make_no_sense(int skip, int? first, int every)
    {
        using var capture = TinyCapture.CaptureFolder(5);
        var error = Assert.Throws<FaceReconException>(() => RgbdVideo.Open(capture.Path).ReadFrames(new FrameSelection(skip, first, every)));
        Assert.Equal(ErrorId.InvalidOption, error.ErrorId);
    }

    [Fact]
    public void A_lens_model_that_the_capture_does_not_have()
    {
        using var capture = TinyCapture.CaptureFolder(1);
        foreach (var correction in (LensCorrection[])[LensCorrection.Tables, LensCorrection.Coefficients])
            Assert.Equal(ErrorId.InvalidOption, Assert.Throws<FaceReconException>(() =>
                RgbdVideo.Open(capture.Path, new RgbdVideoOptions(LensCorrection: correction))).ErrorId);
    }

    [Theory]
    [InlineData(0.3, true)]
    [InlineData(1.45, true)]
    [InlineData(0.1, false)]
    [InlineData(1.6, false)]
    public void A_face_is_filmed_at_arms_length(double metres, bool plausible)
    {
        using var capture = TinyCapture.CaptureFolder(0);
        var depth = Enumerable.Repeat((ushort)(metres * 8000), 192).ToArray();
        depth[5] = 80;   // a stray pixel at 10 mm
        Array.Fill<ushort>(depth, 48000, 100, 80);   // and a far background
        capture.Write("color/000000.png", ImageFile.EncodePng(TinyCapture.Color(0)));
        capture.Write("depth/000000.png", ImageFile.EncodePng16(16, 12, depth));
        if (plausible)
        {
            Assert.Single(RgbdVideo.Open(capture.Path).ReadFrames());
            return;
        }
        var error = Fails(ErrorId.DepthScaleInvalid, capture.Path, "depth_scale");
        Assert.Contains((metres * 8000).ToString("0", CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }
}
