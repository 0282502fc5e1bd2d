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
    private FaceDetector _faces = null!;
    private LandmarkModel _landmarkModel = null!;
    private OrientedSquare _square;
    private StructuralKeypointDetector _structural = null!;
    private FaceKeypointDetector _keypoints = null!;
    private KeypointSet[] _sets = [];
    private int _next;

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
        var options = new FaceKeypointOptions();
        _faces = new FaceDetector(options.Threads);
        _landmarkModel = LandmarkModel.Open(null, options.Threads);
        _square = _faces.Detect(_frames[30].Color, ImageDirection.Up)[0].Square;
        _structural = new StructuralKeypointDetector(options);
        _keypoints = new FaceKeypointDetector(options);
        _sets = Array.ConvertAll(_clouds, cloud => _keypoints.Detect(cloud).Keypoints!);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _faces?.Dispose();
        _landmarkModel?.Dispose();
        _structural?.Dispose();
        _keypoints?.Dispose();
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

    [Benchmark(Description = "detect the face, one direction")]
    public int DetectFace() => _faces.Detect(_frames[30].Color, ImageDirection.Up).Count;

    [Benchmark(Description = "face mesh, 468 landmarks")]
    public double FaceMesh() => _landmarkModel.Find(_frames[30].Color, _square, new ImageLandmarks(_landmarkModel.Scheme.Count));

    [Benchmark(Description = "structural keypoints: detect and describe")]
    public int Structural() => _structural.Detect(_clouds[30], _sets[30], CancellationToken.None).Length;

    [Benchmark(Description = "match a pair of frames")]
    public int Match() => StructuralMatcher.Match(_sets[30], _sets[31]).Count;

    // Through the video and over again, so that each frame is the one after the last.
    [Benchmark(Description = "all keypoints, one frame")]
    public KeypointSet Keypoints() => _keypoints.Detect(_clouds[_next++ % _clouds.Length]).Keypoints!;

    [Benchmark(Description = "merge 60 frames: register, integrate")]
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
