using FaceRecon.ModelConverter;

namespace FaceRecon.Tests;

public sealed class ModelConverterTests
{
    private static readonly byte[] Assets = PackedAssets.Read(
        RepositoryFile("node_modules/@mediapipe/face_mesh/face_mesh_solution_packed_assets.data"));

    [Fact]
    public void Face_detection_computes_what_the_original_graph_does() => AssertSameArithmetic(PackedAssets.FaceDetection(Assets), -1, 1);

    [Fact]
    public void Face_mesh_computes_what_the_original_graph_does() => AssertSameArithmetic(PackedAssets.FaceMesh(Assets), 0, 1);

    /// <summary>Every tenth step and the outputs, on a fixed picture of waves: an error of padding or layout shows where it enters.</summary>
    private static void AssertSameArithmetic(TfliteModel model, double low, double high)
    {
        var side = model.Tensors[model.Inputs[0]].Shape[1];
        var rows = new double[side * side * 3];
        var planes = new float[rows.Length];
        for (var y = 0; y < side; y++)
        for (var x = 0; x < side; x++)
        for (var c = 0; c < 3; c++)
        {
            var value = low + (high - low) * (0.5 + 0.3 * Math.Sin(0.11 * x + 0.7 * c) + 0.2 * Math.Cos(0.07 * y * (c + 1) + 0.03 * x));
            rows[(y * side + x) * 3 + c] = value;
            planes[(c * side + y) * side + x] = (float)value;
        }
        var inside = model.Operators.Where((step, i) => i % 10 == 9 && step.Code != TfliteOperatorCode.Dequantize)
            .Select(step => step.Outputs[0]).Except(model.Outputs).ToArray();
        using var folder = new ScratchFolder();
        using var converted = new OnnxModel(folder.Write("model.onnx", TfliteToOnnx.Convert(model, "test", inside)), 1);
        Assert.Equal(model.Outputs.Length + inside.Length, converted.Outputs.Length);
        using var result = converted.Run(planes, 1, 3, side, side);

        var expected = TfliteReference.Evaluate(model, rows);
        for (var k = 0; k < converted.Outputs.Length; k++)
        {
            var tensor = int.Parse(converted.Outputs[k].Name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
            var (shape, values) = (model.Tensors[tensor].Shape, result.Values(k).ToArray());
            Assert.Equal(expected[tensor]!.Length, values.Length);
            var largest = expected[tensor]!.Max(Math.Abs);
            for (var i = 0; i < values.Length; i++)
            {
                var j = i;
                if (shape.Length == 4)
                {
                    var area = shape[1] * shape[2];
                    j = i % area * shape[3] + i / area;
                }
                Assert.True(Math.Abs(values[i] - expected[tensor]![j]) < 1e-3 * Math.Max(largest, 1),
                    $"tensor {tensor}, entry {i}: {values[i]} instead of {expected[tensor]![j]}");
            }
        }
    }

    [Fact]
    public void Canonical_face_has_the_vertices_and_triangles_of_the_mesh()
    {
        var lines = PackedAssets.CanonicalFace(Assets).Split('\n');
        Assert.Equal(468, lines.Count(line => line.StartsWith("v ", StringComparison.Ordinal)));
        Assert.Equal(898, lines.Count(line => line.StartsWith("f ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Operators_that_the_face_models_lack_are_refused()
    {
        var model = PackedAssets.FaceDetection(Assets);
        var odd = model with { Operators = [.. model.Operators, new TfliteOperator((TfliteOperatorCode)9, [0], [1])] };
        Assert.Throws<NotSupportedException>(() => TfliteToOnnx.Convert(odd, "odd"));
    }

    private static string RepositoryFile(string path)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "FaceRecon.slnx")))
                return Path.Combine(folder, path);
        throw new FileNotFoundException($"No checkout around {AppContext.BaseDirectory}.");
    }
}
