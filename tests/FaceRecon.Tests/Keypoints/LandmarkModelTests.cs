using FaceRecon.ModelConverter;

namespace FaceRecon.Tests;

public sealed class LandmarkModelTests : IDisposable
{
    private const string DebianShapePredictor = "/usr/share/dlib/shape_predictor_68_face_landmarks.dat";
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_model_is_one_clear_error()
    {
        foreach (var name in (string[])["none.onnx", "none.dat"])
        {
            var error = Assert.Throws<FaceReconException>(() => LandmarkModel.Open(Path.Combine(_folder.Path, name), 1));
            Assert.Equal(ErrorId.ModelNotFound, error.ErrorId);
            Assert.Equal(2, error.ExitCode);
        }
    }

    [Theory]
    [InlineData("garbage.onnx", "this is no model at all")]
    [InlineData("empty.onnx", "")]
    [InlineData("garbage.dat", "this is no model at all")]
    [InlineData("empty.dat", "")]
    [InlineData("model.tflite", "TFL3")]
    public void A_file_that_is_no_model_is_one_clear_error(string name, string text)
    {
        var path = _folder.Write(name, text);
        var error = Assert.Throws<FaceReconException>(() => LandmarkModel.Open(path, 1));
        Assert.Equal(ErrorId.ModelInvalid, error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    // A sequence of 2^62 items, a matrix of 2^31 rows, a tree with more leaves than nodes allow: sizes are believed only with bytes behind them.
    [InlineData("0101 8101 8101 03ffffff00 08ffffffffffffff3f")]
    [InlineData("0101 84ffffff7f 8101")]
    [InlineData("0101 8102 8101 0101 00 0101 00 0101 0101 00 0105")]
    [InlineData("0102")]
    [InlineData("7f")]
    public void A_hostile_shape_predictor_costs_no_memory(string hex)
    {
        var path = _folder.Write("hostile.dat", Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(ErrorId.ModelInvalid, Assert.Throws<FaceReconException>(() => new DlibShapePredictor(path)).ErrorId);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [SkippableFact]
    public void The_shape_predictor_agrees_with_dlib()
    {
        Skip.IfNot(File.Exists(DebianShapePredictor), "Debian's libdlib-data is not installed.");
        var pixels = new byte[3 * 200 * 200];
        for (var y = 0; y < 200; y++)
        for (var x = 0; x < 200; x++)
        for (var c = 0; c < 3; c++)
            pixels[3 * (y * 200 + x) + c] = (byte)((x * x * 3 + y * y * 5 + x * y * 2 + c * 71) / 97 % 256);
        using var model = new DlibShapePredictor(DebianShapePredictor);
        var landmarks = new ImageLandmarks(68);
        // dlib's rectangle (50, 60)-(149, 159), whose corners are the centres of those pixels.
        model.Find(new ColorImage(200, 200, pixels), new OrientedSquare(99.5, 109.5, 99, 0), landmarks);
        // What dlib 19.24 itself gives, rounded to pixels as it does.
        int[] expected =
        [
            41, 103, 42, 117, 45, 132, 49, 145, 56, 156, 66, 164, 79, 170, 93, 174, 106, 173, 117, 168, 125, 160, 130, 151, 136, 141, 140, 130,
            140, 119, 140, 109, 139, 99, 62, 92, 70, 87, 78, 84, 87, 83, 94, 87, 109, 84, 113, 80, 120, 78, 125, 77, 130, 80, 102, 90,
            104, 97, 106, 103, 108, 110, 91, 115, 97, 118, 104, 120, 111, 117, 116, 113, 70, 97, 75, 93, 80, 92, 86, 93, 81, 94, 76, 96,
            111, 90, 116, 88, 120, 87, 124, 89, 120, 90, 116, 90, 76, 132, 86, 126, 96, 124, 103, 125, 109, 124, 116, 125, 123, 128, 116, 138,
            109, 144, 102, 145, 96, 144, 85, 140, 77, 133, 97, 128, 103, 127, 109, 127, 121, 128, 108, 139, 102, 141, 96, 141,
        ];
        for (var i = 0; i < 68; i++)
        {
            Assert.Equal(expected[2 * i], landmarks.U[i], 0.51);
            Assert.Equal(expected[2 * i + 1], landmarks.V[i], 0.51);
        }
    }

    /// <summary>A network whose outputs are single values of its input: landmark k is at (value of pixel k in channel 0, in channel 2).</summary>
    private string WriteNetwork(string description, int side = 16)
    {
        var graph = new OnnxGraph("probe");
        var count = 3 * side * side;
        var weights = new float[count * 4];
        weights[0] = weights[(2 * side * side) * 4 + 1] = 1;
        weights[(side * side - 1) * 4 + 2] = weights[(3 * side * side - 1) * 4 + 3] = 1;
        graph.Input("image", [1, 3, side, side]);
        graph.Constant("shape", [1, count]);
        graph.Constant("weights", [count, 4], weights);
        graph.Node("Reshape", ["image", "shape"], "flat");
        graph.Node("MatMul", ["flat", "weights"], "points");
        graph.Output("points", [1, 4]);
        _folder.Write("probe.json", description);
        return _folder.Write("probe.onnx", graph.ToBytes());
    }

    [Theory]
    [InlineData("RGB", 200, 50)]
    [InlineData("BGR", 50, 200)]
    public void A_network_sees_the_image_as_its_scheme_says(string channels, double first, double second)
    {
        var path = WriteNetwork($$"""
            { "name": "Probe", "landmarks": ["A", "B"], "size": 16, "margin": 1, "channels": "{{channels}}",
              "scale": 1, "mean": [10, 10, 10], "std": [400, 400, 400], "range": "Unit" }
            """);
        var pixels = new byte[3 * 16 * 16];
        for (var i = 0; i < pixels.Length; i += 3)
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (200, 100, 50);
        using var model = LandmarkModel.Open(path, 1);
        var landmarks = new ImageLandmarks(2);
        model.Find(new ColorImage(16, 16, pixels), new OrientedSquare(7.5, 7.5, 16, 0), landmarks);
        Assert.Equal(["A", "B"], model.Scheme.Names);
        // The crop is the image: 0 is its left rim, half a pixel before the centre of its first column.
        Assert.Equal((first - 10) / 400 * 16 - 0.5, landmarks.U[0], 3);
        Assert.Equal((second - 10) / 400 * 16 - 0.5, landmarks.V[1], 3);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{ "name": "P", "landmarks": ["A", "A"], "size": 16 }""")]
    [InlineData("""{ "name": "P", "landmarks": ["A", "B"], "size": 1000000 }""")]
    [InlineData("""{ "name": "P", "landmarks": ["A", "B"], "size": 16, "std": [0, 1, 1] }""")]
    [InlineData("""{ "name": "P", "landmarks": ["A", "B"], "size": 16, "colour": "RGB" }""")]
    [InlineData("""{ "name": "P", "landmarks": ["A", "B"], "size": 32 }""")]
    [InlineData("""{ "name": "P", "landmarks": ["A", "B", "C"], "size": 16 }""")]
    [InlineData("""{ "name": "P", "landmarks": ["A", "B"], "size": 16, "output": "other" }""")]
    public void A_scheme_that_does_not_fit_its_network_is_one_clear_error(string description)
    {
        var path = WriteNetwork(description);
        Assert.Equal(ErrorId.ModelInvalid, Assert.Throws<FaceReconException>(() => LandmarkModel.Open(path, 1)).ErrorId);
    }

    [Fact]
    public void A_network_without_a_scheme_says_which_file_is_missing()
    {
        var path = WriteNetwork("{}");
        File.Delete(Path.ChangeExtension(path, ".json"));
        var error = Assert.Throws<FaceReconException>(() => LandmarkModel.Open(path, 1));
        Assert.Equal(ErrorId.ModelNotFound, error.ErrorId);
        Assert.Contains("probe.json", error.Message, StringComparison.Ordinal);
    }
}
