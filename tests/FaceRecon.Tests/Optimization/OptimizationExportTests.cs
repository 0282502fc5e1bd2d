using System.Text.Json;

namespace FaceRecon.Tests;

public sealed class OptimizationExportTests : IDisposable
{
    private static readonly FaceCloud Merged = Merge();
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private static FaceCloud Merge()
    {
        var merger = new CloudMerger(new MergeOptions { VoxelSize = 0.003 });
        for (var i = 0; i < 6; i++)
            merger.Add(FramePointCloud.FromFrame(new EllipsoidHead().Render(EllipsoidHead.Orbit(-0.25 + 0.1 * i), i, noise: 0.002, seed: i + 1)));
        return merger.Complete();
    }

    private JsonElement Report(string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_scratch.Path, folder, "report.json")));
        return document.RootElement.Clone();
    }

    [Fact]
    public void The_report_tells_what_the_optimisation_did_and_the_correction_lies_beside_it()
    {
        // Weights the wrong way round: there is something to warn of.
        var face = FaceOptimizer.Optimize(Merged, new OptimizeOptions { VoxelSize = 0.003, SemanticWeight = 0.5, StructuralWeight = 2, RefineIntrinsics = true });
        var folder = Path.Combine(_scratch.Path, "out");
        var files = FaceExport.Write(face, folder).Files;
        var report = Report("out").GetProperty("optimization");
        var expected = face.Optimization!;
        Assert.Equal(expected.DepthErrorMillimetre, report.GetProperty("depth_error_millimetre").GetDouble());
        Assert.Equal(expected.FocalScale, report.GetProperty("focal_scale").GetDouble());
        Assert.Equal(expected.Iterations, report.GetProperty("iterations").GetInt32());
        Assert.Equal(expected.Warnings, report.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()));
        Assert.Contains(expected.Warnings, warning => warning.Contains("structural weight", StringComparison.Ordinal));
        var dense = Assert.Single(report.GetProperty("terms").EnumerateArray(), term => term.GetProperty("name").GetString() == "dense");
        Assert.True(dense.GetProperty("residuals").GetInt32() > 1000);
        Assert.True(dense.GetProperty("cost_before").GetDouble() > 0);
        Assert.True(dense.GetProperty("cost_after").GetDouble() > 0);
        Assert.Equal(expected.Observability.Select(mode => mode.Name), report.GetProperty("observability").EnumerateArray().Select(mode => mode.GetProperty("name").GetString()));
        Assert.NotEmpty(expected.Observability);
        Assert.All(report.GetProperty("observability").EnumerateArray(), mode => Assert.InRange(mode.GetProperty("observed").GetDouble(), 0, 1));

        Assert.Contains(Path.Combine(folder, "depth_correction.json"), files);
        var read = DepthCorrectionFile.Read(Path.Combine(folder, "depth_correction.json"));
        Assert.Equal(face.DepthCorrection!.Shared(160, 120), read.Shared(160, 120), 15);
        Assert.Equal(face.DepthCorrection.Frames.Count, read.Frames.Count);
        var picture = ImageFile.ReadColor(Path.Combine(folder, "depth_correction.png"));
        Assert.Equal((320, 240), (picture.Width, picture.Height));
        Assert.Equal(face.DepthCorrection.Draw().Pixels, picture.Pixels);
    }

    [Fact]
    public void Without_the_optimisation_there_is_nothing_to_tell()
    {
        var files = FaceExport.Write(Merged, Path.Combine(_scratch.Path, "plain")).Files;
        Assert.Equal(JsonValueKind.Null, Report("plain").GetProperty("optimization").ValueKind);
        Assert.DoesNotContain(files, file => Path.GetFileName(file).StartsWith("depth_correction", StringComparison.Ordinal));
    }
}
