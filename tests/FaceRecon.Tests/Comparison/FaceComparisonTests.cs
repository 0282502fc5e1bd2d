using System.Numerics;
using System.Text;
using System.Text.Json;

namespace FaceRecon.Tests;

/// <summary>Comparisons whose outcome is known.</summary>
public sealed class FaceComparisonTests : IDisposable
{
    private static readonly TriangleMesh Surface = GroundTruthScoreTests.MakeTruth().Surface;

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(string name, TriangleMesh mesh) => _folder.Write(name, TestMeshes.Bytes(stream => PlyWriter.WriteMesh(stream, mesh)));

    private static TriangleMesh With(Vector3[] vertices) => new(vertices, MeshNormals.Compute(vertices, Surface.Triangles), Surface.Triangles);

    private static TriangleMesh Lifted(float height) => With([.. Surface.Vertices.Zip(Surface.Normals, (v, n) => v + height * n)]);

    private static TriangleMesh Moved(RigidTransform motion, double scale = 1) => With(new Similarity(motion, scale).Points(Surface.Vertices));

    [Fact]
    public void A_lifted_surface_is_off_by_what_it_was_lifted_and_within_what_is_more()
    {
        var options = new ComparisonOptions { Alignment = ComparisonAlignment.None, Thresholds = [0.0004, 0.0006] };
        var comparison = FaceComparison.Run(Lifted(0.0005f), Write("reference.ply", Surface), options: options);

        Assert.InRange(comparison.Accuracy.MeanMillimetre, 0.495, 0.505);
        Assert.InRange(comparison.Accuracy.Percentile95Millimetre, 0.49, 0.505);
        Assert.InRange(comparison.Completeness.MeanMillimetre, 0.49, 0.505);
        Assert.InRange(comparison.BiasMillimetre, 0.495, 0.505);
        Assert.InRange(FaceComparison.Run(Lifted(-0.0005f), Write("again.ply", Surface), options: options).BiasMillimetre, -0.505, -0.495);
        Assert.InRange(comparison.Thresholds[0].FScore, 0, 0.02);
        Assert.InRange(comparison.Thresholds[1].FScore, 0.999, 1);
        Assert.InRange(comparison.NormalMeanDegrees, 0, 1.5);
        Assert.All(comparison.VertexError, error => Assert.InRange(error, 0.00047f, 0.00051f));
        Assert.Equal(double.NaN, comparison.FittedScale);
    }

    [Theory]
    [InlineData(0.02, -0.03, 0.01, 0.004)]
    [InlineData(3.0, 0.2, 0.1, 0.5)]
    [InlineData(0.1, 1.4, -0.2, 2)]
    public void A_surface_that_lies_elsewhere_is_brought_back(double x, double y, double z, double away)
    {
        // As long, wide and deep as a head: a ball would fit any way up.
        var head = With(Array.ConvertAll(Surface.Vertices, v => v * new Vector3(1, 1.4f, 0.8f)));
        var motion = RigidTransform.FromRotationVector(new Vector3d(x, y, z), new Vector3d(away, -away / 2, away));
        var comparison = FaceComparison.Run(Write("result.ply", With(new Similarity(motion, 1).Points(head.Vertices))), Write("reference.ply", head));

        Assert.InRange(comparison.Accuracy.MeanMillimetre, 0, 0.002);
        Assert.InRange(comparison.Accuracy.MaximumMillimetre, 0, 0.02);
        Assert.InRange((comparison.Alignment * motion).RotationAngle, 0, 1e-4);
        Assert.InRange(comparison.FittedScale, 0.9999, 1.0001);
    }

    [Fact]
    public void A_surface_that_is_too_large_is_shrunk_if_asked_for()
    {
        var (large, reference) = (Moved(RigidTransform.Identity, 1.01), Write("reference.ply", Surface));
        var rigid = FaceComparison.Run(large, reference);
        var scaled = FaceComparison.Run(large, reference, options: new ComparisonOptions { Alignment = ComparisonAlignment.Similarity });

        Assert.InRange(rigid.Accuracy.MeanMillimetre, 0.3, 1);
        Assert.InRange(rigid.FittedScale, 1 / 1.01 - 1e-4, 1 / 1.01 + 1e-4);
        Assert.Equal(1, rigid.Scale);
        Assert.InRange(scaled.Accuracy.MeanMillimetre, 0, 0.002);
        Assert.Equal(rigid.FittedScale, scaled.Scale, 6);
    }

    [Fact]
    public void Half_of_a_surface_is_accurate_and_half_complete()
    {
        var half = Surface.Triangles.Chunk(3).Where(t => Surface.Vertices[t[0]].X > 0).SelectMany(t => t).ToArray();
        var comparison = FaceComparison.Run(new TriangleMesh(Surface.Vertices, Surface.Normals, half), Write("reference.ply", Surface));

        Assert.InRange(comparison.Accuracy.MeanMillimetre, 0, 0.002);
        var within = comparison.Thresholds[0];
        Assert.InRange(within.Completeness, 0.48, 0.53);
        Assert.Equal(2 * within.Completeness / (1 + within.Completeness), within.FScore, 3);
        // What is missing counts as 20 mm away, however far it is.
        Assert.InRange(comparison.Completeness.MeanMillimetre, 5, 10);
        // The other way round half of the result shows what the reference does not.
        var other = FaceComparison.Run(Surface, Write("half.ply", new TriangleMesh(Surface.Vertices, Surface.Normals, half)));
        Assert.InRange(other.Thresholds[0].Completeness, 0.999, 1);
        Assert.True(other.Accuracy.Samples < 70_000, $"{other.Accuracy.Samples}");
        Assert.Contains(other.VertexError, float.IsNaN);
    }

    [Fact]
    public void Clouds_are_compared_too_also_without_normals()
    {
        var cloud = new TriangleMesh(Surface.Vertices, Surface.Normals, []);
        var bare = new TriangleMesh(Surface.Vertices, new Vector3[Surface.VertexCount], []);
        var moved = Moved(RigidTransform.FromRotationVector(new Vector3d(0.02, 0.01, 0.03), new Vector3d(0.002, 0.001, -0.002)));
        foreach (var (reference, least, most) in ((string, double, double)[])[(Write("cloud.ply", cloud), 0, 0.05), (Write("bare.ply", bare), 0.2, 0.8)])
        {
            var comparison = FaceComparison.Run(moved, reference);
            Assert.InRange(comparison.Completeness.MeanMillimetre, 0, 0.05);
            // With normals the points are discs, between which there is nothing; without, places between them are as far away as they are.
            Assert.InRange(comparison.Accuracy.MeanMillimetre, least, most);
        }
        var result = FaceComparison.Run(cloud, Write("surface.ply", Surface), Path.Combine(_folder.Path, "out"));
        Assert.InRange(result.Accuracy.MeanMillimetre, 0, 0.002);
        Assert.Equal(result.Mesh!.VertexCount, result.VertexError.Length);
        Assert.Equal(3 * Surface.VertexCount, result.VertexError.Length);
        Assert.Equal(double.NaN, FaceComparison.Run(moved, Write("none.ply", bare)).NormalMeanDegrees);
        var error = Assert.Throws<FaceReconException>(() => FaceComparison.Run(bare, Write("both.ply", bare)));
        Assert.Equal(ErrorId.InvalidOption, error.ErrorId);
    }

    [Fact]
    public void Files_show_the_error_and_say_the_numbers()
    {
        var output = Path.Combine(_folder.Path, "out");
        var reference = Write("reference.ply", Surface);
        var options = new ComparisonOptions { Alignment = ComparisonAlignment.None };
        var comparison = FaceComparison.Run(Write("result.ply", Lifted(0.0005f)), reference, output, options);

        Assert.Equal(["comparison.json", "comparison.ply", "comparison.png"], comparison.Files.Select(Path.GetFileName).Order());
        var read = MeshFile.Read(Path.Combine(output, "comparison.ply"));
        Assert.Equal(Surface.VertexCount, read.VertexCount);
        // Outside is red.
        Assert.True(read.Colors.Chunk(3).All(c => c[0] > c[2] + 50));
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(output, "comparison.json")));
        Assert.Equal(comparison.Accuracy.MeanMillimetre, json.RootElement.GetProperty("accuracy").GetProperty("mean_millimetre").GetDouble());
        Assert.Equal(comparison.Thresholds[1].FScore, json.RootElement.GetProperty("thresholds")[1].GetProperty("f_score").GetDouble());
        var picture = ImageFile.ReadColor(Path.Combine(output, "comparison.png"));
        Assert.Equal(1800, picture.Width);
        Assert.Equal(ErrorId.OutputExists, Assert.Throws<FaceReconException>(() => FaceComparison.Run(Surface, reference, output, options)).ErrorId);
        FaceComparison.Run(Surface, reference, output, options with { Force = true });
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var reference = Write("reference.ply", Surface);
        var one = FaceComparison.Run(Lifted(0.0003f), reference, options: new ComparisonOptions { MaxThreads = 1 });
        var three = FaceComparison.Run(Lifted(0.0003f), reference, options: new ComparisonOptions { MaxThreads = 3 });
        Assert.Equal((one.Accuracy, one.Completeness, one.Alignment, one.FittedScale), (three.Accuracy, three.Completeness, three.Alignment, three.FittedScale));
        Assert.Equal(one.VertexError, three.VertexError);
    }

    [Theory]
    [InlineData("ply\nformat ascii 1.0\nelement vertex 2000000000\nproperty float x\nproperty float y\nproperty float z\nend_header\n0 0 0\n")]
    [InlineData("ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 99\n")]
    [InlineData("ply\nformat binary_little_endian 1.0\nelement vertex -5\nend_header\n")]
    [InlineData("no mesh at all")]
    [InlineData("")]
    public void Broken_files_end_in_one_error_and_write_nothing(string contents)
    {
        var broken = _folder.Write("broken.ply", Encoding.ASCII.GetBytes(contents));
        var (good, output) = (Write("good.ply", Surface), Path.Combine(_folder.Path, "out"));
        var before = GC.GetTotalAllocatedBytes();
        Assert.Equal(ErrorId.MeshInvalid, Assert.Throws<FaceReconException>(() => FaceComparison.Run(broken, good, output)).ErrorId);
        Assert.Equal(ErrorId.MeshInvalid, Assert.Throws<FaceReconException>(() => FaceComparison.Run(Surface, broken, output)).ErrorId);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 100 << 20);
        Assert.False(Directory.Exists(output));
        Assert.Equal(ErrorId.MeshNotFound, Assert.Throws<FaceReconException>(() => FaceComparison.Run(Path.Combine(_folder.Path, "no.ply"), good)).ErrorId);
        Assert.Equal(ErrorId.InvalidOption, Assert.Throws<FaceReconException>(() => FaceComparison.Run(good, good, options: new ComparisonOptions { Thresholds = [-1] })).ErrorId);
    }
}
