using BenchmarkDotNet.Attributes;

namespace FaceRecon.Benchmarks;

/// <summary>Each stage on the shipped sample, 640x480. Per frame for decode, cloud and merge; for all 60 frames after that.</summary>
[MemoryDiagnoser]
public class StageBenchmarks : IDisposable
{
    private string _folder = "";
    private RgbdFrame[] _frames = [];
    private FramePointCloud[] _clouds = [];
    private FaceCloud _face = null!;
    private TriangleMesh _mesh = null!;
    private byte[] _color = [], _depth = [];

    [GlobalSetup]
    public void Prepare()
    {
        _folder = Directory.CreateTempSubdirectory("facerecon-benchmark-").FullName;
        var capture = Path.Combine(_folder, "capture");
        SyntheticRgbdVideo.Write(capture, new SyntheticCaptureOptions());
        _frames = [.. RgbdVideo.Open(capture).ReadFrames()];
        _clouds = [.. _frames.Select(frame => FramePointCloud.FromFrame(frame))];
        _face = Merge();
        _mesh = FaceSurface.Reconstruct(_face.Points);
        _color = ImageFile.EncodePng(_frames[0].Color);
        _depth = File.ReadAllBytes(_frames[0].DepthPath);
        File.WriteAllBytes(Path.Combine(_folder, "color.png"), _color);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        if (_folder.Length > 0)
            Directory.Delete(_folder, recursive: true);
        _folder = "";
        GC.SuppressFinalize(this);
    }

    [Benchmark(Description = "decode colour PNG, one frame")]
    public ColorImage DecodeColor() => ImageFile.ReadColor(Path.Combine(_folder, "color.png"));

    [Benchmark(Description = "decode depth PNG, one frame")]
    public DepthImage DecodeDepth() => ImageFile.ReadDepth(_frames[0].DepthPath, 10000);

    [Benchmark(Description = "find the head, one frame")]
    public HeadRegion? FindHead() => HeadRegion.Find(_frames[30].Depth, _frames[30].Intrinsics, new PointCloudOptions());

    [Benchmark(Description = "cloud with normals, one frame")]
    public FramePointCloud Cloud() => FramePointCloud.FromFrame(_frames[30]);

    [Benchmark(Description = "merge 60 frames: register, integrate, final cloud")]
    public FaceCloud Merge()
    {
        var merger = new CloudMerger();
        foreach (var cloud in _clouds)
            merger.Add(cloud);
        return merger.Complete();
    }

    [Benchmark(Description = "Poisson surface, trimmed and coloured")]
    public TriangleMesh Surface() => FaceSurface.Reconstruct(_face.Points);

    [Benchmark(Description = "write face.ply")]
    public long WritePly()
    {
        using var stream = new MemoryStream();
        PlyWriter.WriteMesh(stream, _mesh);
        return stream.Length;
    }
}
