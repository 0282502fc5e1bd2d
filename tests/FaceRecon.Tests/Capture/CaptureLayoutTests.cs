namespace FaceRecon.Tests;

public class CaptureLayoutTests
{
    private static void AssertFrame(RgbdFrame frame, int number, double scale = 8000)
    {
        Assert.Equal(TinyCapture.Color(number).Pixels, frame.Color.Pixels);
        Assert.Equal(TinyCapture.Depth(number, scale: scale).Select(d => (float)(d / scale)), frame.Depth.Depths);
    }

    [Fact]
    public void Capture_folder_is_read()
    {
        using var capture = TinyCapture.CaptureFolder(3);
        var video = RgbdVideo.Open(capture.Path);
        Assert.Equal((CaptureLayout.CaptureFolder, 3, false), (video.Layout, video.FrameCount, video.RemovesDistortion));
        Assert.Equal(new CameraIntrinsics(16, 12, 15, 15.5, 7.25, 5.5), video.Intrinsics);
        var frames = video.ReadFrames().ToArray();
        for (var i = 0; i < 3; i++)
        {
            AssertFrame(frames[i], i);
            Assert.Equal((i, i / 30.0, video.Intrinsics), (frames[i].Index, frames[i].Timestamp, frames[i].Intrinsics));
            Assert.Equal(capture.At($"depth/{i:000000}.png"), frames[i].DepthPath);
        }
    }

    [Fact]
    public void Timestamps_belong_to_the_frame_that_their_line_names()
    {
        using var capture = TinyCapture.CaptureFolder(3);
        capture.Write("timestamps.txt", "# frame seconds\n000002 12.5\n000000 10\n\n000001\t11.25\n");
        Assert.Equal([10, 11.25, 12.5], RgbdVideo.Open(capture.Path).ReadFrames().Select(f => f.Timestamp));
    }

    [Fact]
    public void Capture_folder_takes_jpeg_colour_and_plural_intrinsics()
    {
        using var capture = TinyCapture.CaptureFolder(1);
        File.Move(capture.At("intrinsic.json"), capture.At("intrinsics.json"));
        File.Delete(capture.At("color/000000.png"));
        var grey = new ColorImage(16, 12, [.. Enumerable.Repeat((byte)140, 3 * 16 * 12)]);
        capture.Write("color/000000.jpg", TestImages.Encode(grey, "jpegsave_buffer"));
        Assert.All(RgbdVideo.Open(capture.Path).ReadFrames().Single().Color.Pixels, p => Assert.InRange(p, 138, 142));
    }

    [Theory]
    [InlineData("rgb", "camera_intrinsic.json")]
    [InlineData("image", "intrinsic.json")]
    [InlineData("color", "camera_intrinsic.json")]
    public void Open3D_folder_is_read_in_millimetres(string colorFolder, string intrinsics)
    {
        using var capture = new TinyCapture();
        capture.Write(intrinsics, """{"width": 16, "height": 12, "intrinsic_matrix": [15, 0, 0, 0, 15.5, 0, 7.25, 5.5, 1]}""");
        for (var i = 0; i < 2; i++)
        {
            capture.Write($"{colorFolder}/frame-{9 + i}.png", ImageFile.EncodePng(TinyCapture.Color(i)));
            capture.Write($"depth/frame-{9 + i}.png", TinyCapture.DepthPng(i, 1000));
        }
        var video = RgbdVideo.Open(capture.Path);
        Assert.Equal((CaptureLayout.Open3D, 2), (video.Layout, video.FrameCount));
        Assert.Equal(new CameraIntrinsics(16, 12, 15, 15.5, 7.25, 5.5), video.Intrinsics);
        var frames = video.ReadFrames().ToArray();
        AssertFrame(frames[0], 0, 1000);   // frame-9 comes before frame-10
        AssertFrame(frames[1], 1, 1000);
    }

    [Fact]
    public void Open3D_files_named_apart_are_paired_in_order()
    {
        using var capture = new TinyCapture();
        capture.Write("camera_intrinsic.json", """{"width": 16, "height": 12, "intrinsic_matrix": [15, 0, 0, 0, 15.5, 0, 7.25, 5.5, 1], "depth_scale": 8000}""");
        for (var i = 0; i < 3; i++)
        {
            capture.Write($"color/{i:00}-color.png", ImageFile.EncodePng(TinyCapture.Color(i)));
            capture.Write($"depth/{i:00}-depth.png", TinyCapture.DepthPng(i));
        }
        var frames = RgbdVideo.Open(capture.Path).ReadFrames().ToArray();
        Assert.Equal(3, frames.Length);
        AssertFrame(frames[2], 2);
    }

    private static TinyCapture Tum(string colorTimes, string depthTimes)
    {
        var capture = new TinyCapture();
        var colors = colorTimes.Split(' ');
        var depths = depthTimes.Split(' ');
        capture.Write("rgb.txt", "# color images\n# timestamp filename\n" + string.Concat(colors.Select((t, i) => $"{t} rgb/{t}.png\n")));
        capture.Write("depth.txt", "# depth maps\n" + string.Concat(depths.Select((t, i) => $"{t} depth/{t}.png\r\n")));
        capture.Write("intrinsics.json", TinyCapture.Camera.Replace(", \"depth_scale\": 8000", "", StringComparison.Ordinal));
        for (var i = 0; i < colors.Length; i++)
            capture.Write($"rgb/{colors[i]}.png", ImageFile.EncodePng(TinyCapture.Color(i)));
        for (var i = 0; i < depths.Length; i++)
            capture.Write($"depth/{depths[i]}.png", TinyCapture.DepthPng(i, 5000));
        return capture;
    }

    [Fact]
    public void Tum_images_within_20_ms_make_a_frame()
    {
        // 20.0 ms apart belongs together, 20.1 ms does not.
        using var capture = Tum("1305031102.100000 1305031102.200000 1305031102.300000", "1305031102.120000 1305031102.220100 1305031102.299000");
        var video = RgbdVideo.Open(capture.Path);
        Assert.Equal((CaptureLayout.Tum, 2), (video.Layout, video.FrameCount));
        var frames = video.ReadFrames().ToArray();
        Assert.Equal([1305031102.12, 1305031102.299], frames.Select(f => f.Timestamp));
        Assert.Equal(TinyCapture.Color(0).Pixels, frames[0].Color.Pixels);
        Assert.Equal(TinyCapture.Color(2).Pixels, frames[1].Color.Pixels);
        Assert.Equal(TinyCapture.Depth(2, scale: 5000).Select(d => d / 5000f), frames[1].Depth.Depths);
    }

    [Fact]
    public void Tum_image_serves_one_frame_only()
    {
        // Both depths are within 20 ms of the colour; the nearer has it. The last two colours fight for one depth likewise.
        using var capture = Tum("1.000 2.000 2.004", "0.990 1.005 2.001");
        var frames = RgbdVideo.Open(capture.Path).ReadFrames().ToArray();
        Assert.Equal([1.005, 2.001], frames.Select(f => f.Timestamp));
        Assert.EndsWith("1.000.png", frames[0].ColorPath, StringComparison.Ordinal);
        Assert.EndsWith("2.000.png", frames[1].ColorPath, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rgbd_dataset_freiburg1_desk", 517.3, 255.3, true)]
    [InlineData("rgbd_dataset_freiburg2_xyz", 520.9, 249.7, true)]
    [InlineData("rgbd_dataset_freiburg3_teddy", 535.4, 247.6, false)]
    [InlineData("mine", 525, 239.5, false)]
    public void Tum_folder_without_intrinsics_has_the_published_ones(string name, double fx, double cy, bool distorted)
    {
        using var capture = new TinyCapture();
        capture.Write($"{name}/rgb.txt", "1 rgb/1.png");
        capture.Write($"{name}/depth.txt", "1 depth/1.png");
        var video = RgbdVideo.Open(capture.At(name) + "/");
        Assert.Equal((640, 480, fx, cy), (video.Intrinsics.Width, video.Intrinsics.Height, video.Intrinsics.Fx, video.Intrinsics.Cy));
        Assert.Equal(distorted, video.RemovesDistortion);
    }

    [Fact]
    public void Bply_folder_is_read()
    {
        using var capture = new TinyCapture();
        for (var i = 0; i < 3; i++)
            capture.Write($"frame-{i:000}.ply", TinyCapture.Bply(i));
        var video = RgbdVideo.Open(capture.Path);
        Assert.Equal((CaptureLayout.Bply, 3), (video.Layout, video.FrameCount));
        // Apple's principal point 77.5 of 160 from the corner is pixel 7.75 - 0.5 of 16.
        Assert.Equal(new CameraIntrinsics(16, 12, 15, 15, 7.25, 5.5), video.Intrinsics);
        var frames = video.ReadFrames().ToArray();
        for (var i = 0; i < 3; i++)
        {
            AssertFrame(frames[i], i);
            Assert.Equal(100 + 0.1 * i, frames[i].Timestamp, 9);
        }
    }

    [Fact]
    public void Bply_frame_of_another_focal_length_is_resampled_to_the_first_frames_camera()
    {
        using var capture = new TinyCapture();
        capture.Write("0.ply", TinyCapture.Bply(0));
        capture.Write("1.ply", TinyCapture.Bply(1, focalLength: 165));
        var frames = RgbdVideo.Open(capture.Path).ReadFrames().ToArray();
        Assert.Equal(frames[0].Intrinsics, frames[1].Intrinsics);
        // Row 6, column 3 of the first camera is (3-7.25)/15*16.5+7.25 = 2.575 and (6-5.5)/15*16.5+5.5 = 6.05 of the second.
        var stored = TinyCapture.Depth(1);
        double At(int x, int y) => stored[y * 16 + x] / 8000.0;
        var expected = 0.95 * (0.425 * At(2, 6) + 0.575 * At(3, 6)) + 0.05 * (0.425 * At(2, 7) + 0.575 * At(3, 7));
        Assert.Equal(expected, frames[1].Depth.Depths[6 * 16 + 3], 4);
    }

    [SkippableFact]
    public void Bply_frames_are_those_of_the_mannequin_capture_folder()
    {
        var folder = SampleCaptures.Find("truedepth-mannequin");
        Skip.If(folder is null, SampleCaptures.Absent);
        foreach (var correction in (LensCorrection[])[LensCorrection.None, LensCorrection.Tables])
        {
            var options = new RgbdVideoOptions(LensCorrection: correction);
            var images = RgbdVideo.Open(folder, options);
            var bply = RgbdVideo.Open(Path.Combine(folder, "bply"), options);
            Assert.Equal((90, 3), (images.FrameCount, bply.FrameCount));
            Assert.Equal(images.Intrinsics.Fx, bply.Intrinsics.Fx, 6);
            Assert.Equal(images.Intrinsics.Cx, bply.Intrinsics.Cx, 6);
            Assert.Equal(images.Intrinsics.Cy, bply.Intrinsics.Cy, 6);
            foreach (var (a, b) in images.ReadFrames(new FrameSelection(First: 3)).Zip(bply.ReadFrames()))
            {
                Assert.Equal(a.Color.Pixels, b.Color.Pixels);
                Assert.Equal(a.Timestamp, b.Timestamp, 6);
                Assert.Equal(0, a.Depth.Depths.Zip(b.Depth.Depths, (x, y) => Math.Abs(x - y)).Max(), 5);
                Assert.InRange(a.Depth.Depths.Count(z => z > 0), 60000, 76800);
            }
        }
    }

    [SkippableFact]
    public void Synthetic_capture_is_passed_through_untouched()
    {
        var folder = SampleCaptures.Find("synthetic-a");
        Skip.If(folder is null, SampleCaptures.Absent);
        var video = RgbdVideo.Open(folder);
        Assert.Equal((60, 640, 480, false), (video.FrameCount, video.Intrinsics.Width, video.Intrinsics.Height, video.RemovesDistortion));
        var frame = video.ReadFrames(new FrameSelection(Skip: 7, First: 1)).Single();
        Assert.Equal(7, frame.Index);
        Assert.Equal(ImageFile.ReadColor(Path.Combine(folder, "color", "000007.png")).Pixels, frame.Color.Pixels);
        Assert.Equal(ImageFile.ReadDepth16(Path.Combine(folder, "depth", "000007.png"), out _, out _).Select(d => (float)(d / 10000.0)), frame.Depth.Depths);
    }
}
