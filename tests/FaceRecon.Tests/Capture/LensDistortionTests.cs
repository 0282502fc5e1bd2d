using System.Text.Json;

namespace FaceRecon.Tests;

public class LensDistortionTests
{
    private static readonly CameraIntrinsics Camera = new(320, 240, 300, 310, 158, 121);

    [Theory]
    // From OpenCV's projectPoints for K and (k1 k2 p1 p2 k3 k4 k5 k6) = (-0.2, 0.1, 0.002, -0.003, 0.05, 0.01, -0.02, 0.03).
    [InlineData(0, 0, 9.835744484249574, 8.095056492885846)]
    [InlineData(158, 121, 158, 121)]
    [InlineData(300, 60, 292.65269434663855, 63.217560995089656)]
    [InlineData(319, 239, 307.6148934079648, 231.20958920038112)]
    public void Brown_agrees_with_OpenCV(double u, double v, double expectedU, double expectedV)
    {
        var (du, dv) = new BrownDistortion(Camera, -0.2, 0.1, 0.002, -0.003, 0.05, 0.01, -0.02, 0.03).Distort(u, v);
        Assert.Equal(expectedU, du, 6);
        Assert.Equal(expectedV, dv, 6);
    }

    [Fact]
    public void Table_is_interpolated_between_evenly_spaced_radii()
    {
        // Centre at the corner coordinates (160, 120) of 320x240: the farthest corner is 200 away, entries are 100 apart.
        var lens = new RadialTableDistortion([0, 0.1, 0.3], (160, 120), (320, 240), 320, 240);
        // 50 to the right of the centre, halfway to the second entry: magnified by 1.05.
        Assert.Equal((160 + 50 * 1.05 - 0.5, 119.5), lens.Distort(160 + 50 - 0.5, 119.5));
        // The corner itself: by 1.3; and no more beyond.
        var (u, v) = lens.Distort(319.5, 239.5);
        Assert.Equal(160 + 160 * 1.3 - 0.5, u, 9);
        Assert.Equal(120 + 120 * 1.3 - 0.5, v, 9);
        Assert.Equal(160 + 300 * 1.3 - 0.5, lens.Distort(459.5, 119.5).U, 9);
    }

    [Fact]
    public void Table_at_another_reference_size_is_the_same_lens()
    {
        var small = new RadialTableDistortion([0, 0.01, 0.03], (150, 125), (320, 240), 320, 240);
        var large = new RadialTableDistortion([0, 0.01, 0.03], (1500, 1250), (3200, 2400), 320, 240);
        var (u, v) = small.Distort(31, 47);
        Assert.Equal(u, large.Distort(31, 47).U, 9);
        Assert.Equal(v, large.Distort(31, 47).V, 9);
    }

    [SkippableFact]
    public void Brown_fit_of_the_mannequin_agrees_with_its_inverse_table()
    {
        var folder = SampleCaptures.Find("truedepth-mannequin");
        Skip.If(folder is null, SampleCaptures.Absent);
        var stated = IntrinsicsFile.Read(Path.Combine(folder, "intrinsics.json"), out _);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "intrinsics.json")));
        var apple = json.RootElement.GetProperty("apple_lens");
        var inverse = new RadialTableDistortion(
            [.. apple.GetProperty("inverse_lens_distortion_lookup_table").EnumerateArray().Select(e => e.GetDouble())],
            (1536.593505859375, 1149.3253173828125), (3088, 2316), 320, 240);

        double fitSquared = 0, roundTrip = 0;
        for (var v = 0; v < 240; v++)
            for (var u = 0; u < 320; u++)
            {
                var (a, b) = (stated.Coefficients!.Distort(u, v), inverse.Distort(u, v));
                fitSquared += Squared(a, b);
                var there = inverse.Distort(u, v);
                roundTrip = Math.Max(roundTrip, Squared(stated.Tables!.Distort(there.U, there.V), (u, v)));
            }
        // The file says that its fit is good to 0.078 px rms. It is a fit to the inverse table, so it leads the way
        // opposite to ours: the two tables undo each other.
        Assert.InRange(Math.Sqrt(fitSquared / (320 * 240)), 0.05, 0.09);
        Assert.InRange(Math.Sqrt(roundTrip), 0, 0.25);
    }

    private static double Squared((double U, double V) a, (double U, double V) b) => (a.U - b.U) * (a.U - b.U) + (a.V - b.V) * (a.V - b.V);

    /// <summary>A pattern of the ideal image: smooth, so that resampling twice hardly blurs it.</summary>
    private static double Pattern(double u, double v) => 127 + 60 * Math.Sin(u * 0.13) + 60 * Math.Cos(v * 0.11);

    [Theory]
    [InlineData("\"distortion\": {\"k1\": -0.2, \"k2\": 0.08, \"p1\": 0.001, \"p2\": -0.002}")]
    [InlineData("\"apple_lens\": {\"center_ref\": [158.5, 121.5], \"reference_size\": [320, 240], \"lens_distortion_lookup_table\": [0, -0.004, -0.016, -0.036, -0.064]}")]
    public void Undistorted_video_shows_the_ideal_image(string lens)
    {
        var camera = $$"""{"fx": 300, "fy": 310, "cx": 158, "cy": 121, "width": 320, "height": 240, "depth_scale": 8000, {{lens}} }""";
        using var capture = new TinyCapture();
        var stated = IntrinsicsFile.Read(capture.Write("intrinsic.json", camera), out _);
        var model = stated.Lens(LensCorrection.Automatic)!;
        // Each taken pixel shows the ideal point that the lens brings there, found by fixed-point iteration.
        var color = new byte[3 * 320 * 240];
        var depth = new ushort[320 * 240];
        var largest = 0.0;
        for (int v = 0, i = 0; v < 240; v++)
            for (var u = 0; u < 320; u++, i++)
            {
                double x = u, y = v;
                for (var k = 0; k < 60; k++)
                {
                    var (du, dv) = model.Distort(x, y);
                    (x, y) = (x + u - du, y + v - dv);
                }
                largest = Math.Max(largest, Math.Abs(x - u) + Math.Abs(y - v));
                color[3 * i] = color[3 * i + 1] = color[3 * i + 2] = (byte)Math.Round(Pattern(x, y));
                depth[i] = (ushort)Math.Round(8000 * (0.4 + 0.0004 * x + 0.0002 * y));
            }
        Assert.InRange(largest, 5, 40);
        capture.Write("color/000000.png", ImageFile.EncodePng(new ColorImage(320, 240, color)));
        capture.Write("depth/000000.png", ImageFile.EncodePng16(320, 240, depth));

        var video = RgbdVideo.Open(capture.Path);
        Assert.True(video.RemovesDistortion);
        Assert.Equal(Camera, video.Intrinsics);
        var frame = video.ReadFrames().Single();
        double worstColor = 0, worstDepth = 0;
        var covered = 0;
        for (int v = 0, i = 0; v < 240; v++)
            for (var u = 0; u < 320; u++, i++)
            {
                if (frame.Depth.Depths[i] == 0)
                    continue;
                covered++;
                worstColor = Math.Max(worstColor, Math.Abs(frame.Color.Pixels[3 * i] - Pattern(u, v)));
                worstDepth = Math.Max(worstDepth, Math.Abs(frame.Depth.Depths[i] - (0.4 + 0.0004 * u + 0.0002 * v)));
            }
        Assert.InRange(covered, 76000, 76800);
        Assert.InRange(worstColor, 0, 2.5);      // grey levels; without correction it is over 60
        Assert.InRange(worstDepth, 0, 0.00025);   // metres: 2 quantisation steps

        var untouched = RgbdVideo.Open(capture.Path, new RgbdVideoOptions(LensCorrection: LensCorrection.None)).ReadFrames().Single();
        Assert.Equal(color, untouched.Color.Pixels);
    }

    [Fact]
    public void Coefficients_come_as_an_array_too()
    {
        using var capture = new TinyCapture();
        var camera = """{"fx": 300, "fy": 310, "cx": 158, "cy": 121, "width": 320, "height": 240, "depth_scale": 8000, "distortion": """;
        var array = IntrinsicsFile.Read(capture.Write("a.json", camera + "[-0.1, 0.02, 0.001, 0.002, 0.003]}"), out _).Coefficients!;
        var named = IntrinsicsFile.Read(capture.Write("b.json", camera + """{"k1": -0.1, "k2": 0.02, "p1": 0.001, "p2": 0.002, "k3": 0.003}}"""), out _).Coefficients!;
        Assert.Equal(named.Distort(20, 30), array.Distort(20, 30));
        Assert.NotEqual((20, 30), array.Distort(20, 30));
        Assert.Null(IntrinsicsFile.Read(capture.Write("c.json", camera + "[0, 0, 0, 0]}"), out _).Coefficients);
    }
}
