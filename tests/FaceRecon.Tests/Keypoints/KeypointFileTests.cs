using System.Text;

namespace FaceRecon.Tests;

public sealed class KeypointFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back()
    {
        var keypoints = KeypointScheme.Ibug68.Names.Select((name, i) => new SemanticKeypoint
        {
            Name = name, U = 10.25 * i, V = 200.5 - i, Sigma = 0.5 + 0.25 * i, IsVisible = i % 3 != 0,
            Position = i % 2 == 0 ? new Vector3d(0.125 * i, -0.02, 0.4) : null,
            Covariance = i % 2 == 0 ? new Covariance3d(1e-6, 2e-7, -3e-7, 4e-6, 5e-7, 6e-6) : default,
        }).ToArray();
        KeypointSet[] sets =
        [
            new() { FrameIndex = 4, Scheme = KeypointScheme.Ibug68, Semantic = keypoints, Score = 0.97, Up = ImageDirection.Left, FaceBox = new ImageBox(1, 2, 30, 40) },
            new() { FrameIndex = 5, Scheme = KeypointScheme.Ibug68 },
        ];
        using var stream = new MemoryStream();
        KeypointFile.Write(stream, sets);
        var read = KeypointFile.Read(_folder.Write("keypoints.json", stream.ToArray()));
        Assert.Equal(2, read.Count);
        Assert.Equal(sets[0].Semantic, read[0].Semantic);
        Assert.Equal(sets[0] with { Semantic = [] }, read[0] with { Semantic = [] });
        Assert.False(read[1].HasFace);
        Assert.Equal(5, read[1].FrameIndex);
    }

    [Fact]
    public void Every_frame_is_written_when_it_comes()
    {
        using var stream = new MemoryStream();
        var lengths = new List<long>();
        IEnumerable<KeypointSet> Frames()
        {
            for (var i = 0; i < 20; i++)
            {
                lengths.Add(stream.Length);
                yield return new KeypointSet { FrameIndex = i, Scheme = KeypointScheme.Ibug68, Semantic = [.. KeypointScheme.Ibug68.Names.Select(name => new SemanticKeypoint { Name = name, U = 1, V = 2 })] };
            }
        }
        KeypointFile.Write(stream, Frames());
        for (var i = 1; i < lengths.Count; i++)
            Assert.InRange(lengths[i] - lengths[i - 1], 68 * 20, 68 * 200);
    }

    [Fact]
    public void Structural_keypoints_are_read_back_and_still_match()
    {
        KeypointSet[] sets = [CorrugatedSheet.Keypoints(CorrugatedSheet.View(0, 0)), CorrugatedSheet.Keypoints(CorrugatedSheet.View(0.1, 0.1), 1)];
        using var stream = new MemoryStream();
        KeypointFile.Write(stream, sets);
        var read = KeypointFile.Read(_folder.Write("keypoints.json", stream.ToArray()));
        Assert.Same(KeypointScheme.None, read[0].Scheme);
        for (var i = 0; i < sets[0].Structural.Count; i++)
        {
            var (expected, actual) = (sets[0].Structural[i], read[0].Structural[i]);
            Assert.Equal(expected.U, actual.U, 1e-4);
            Assert.Equal(expected.Turn, actual.Turn, 1e-4);
            Assert.InRange((expected.Position!.Value - actual.Position!.Value).Length, 0, 2e-7);
            Assert.Equal(1, System.Numerics.Tensors.TensorPrimitives.Dot(expected.Descriptor.Span, actual.Descriptor.Span), 1e-4f);
        }
        Assert.Equal(StructuralMatcher.Match(sets[0], sets[1]).Count, StructuralMatcher.Match(read[0], read[1]).Count, 3.0);
    }

    [Fact]
    public void A_user_may_bring_names_and_pixels_only()
    {
        var path = _folder.Write("mine.json", """
            { "format": "FaceRecon keypoints", "version": 1, "frames": [
              { "frame": 0, "semantic": [ { "name": "NoseTip", "u": 100, "v": 80.5 }, { "name": "Mole", "u": 90, "v": 70 } ] },
              { "frame": 1, "semantic": [ { "name": "NoseTip", "u": 101, "v": 80.5 }, { "name": "Mole", "u": 91, "v": 70 } ] } ] }
            """);
        var read = KeypointFile.Read(path);
        Assert.Same(read[0].Scheme, read[1].Scheme);
        var lifted = KeypointLifter.Lift(read[0], KeypointTestData.Surface((_, _) => 0.4));
        Assert.Equal(0.4, lifted["NoseTip"]!.Position!.Value.Z, 4);
        Assert.True(lifted["Mole"]!.IsVisible);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[1, 2]")]
    [InlineData("""{ "format": "something else", "version": 1, "frames": [] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 7, "frames": [] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1 }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": "x", "semantic": [] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "semantic": [ { "u": 1, "v": 1 } ] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "semantic": [ { "name": "A", "u": 1e999, "v": 1 } ] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "semantic": [ { "name": "A", "u": 1, "v": 1, "sigma": 0 } ] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "semantic": [ { "name": "A", "u": 1, "v": 1, "position": [1, 2] } ] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "semantic": [ { "name": "A", "u": 1, "v": 1 }, { "name": "a", "u": 1, "v": 1 } ] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "scheme": "Ibug68", "semantic": [ { "name": "A", "u": 1, "v": 1 } ] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "semantic": [], "structural": [ { "u": 1 } ] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "semantic": [], "structural": [ { "u": 1, "v": 1e999 } ] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "semantic": [], "structural": [ { "u": 1, "v": 1, "sigma": -1 } ] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "semantic": [], "structural": [ { "u": 1, "v": 1, "descriptor": "not base64!" } ] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "semantic": [], "structural": [ { "u": 1, "v": 1, "descriptor": "AAAA" } ] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "semantic": [], "structural": [ { "u": 1, "v": 1, "descriptor": "AHwAfA==" } ] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "semantic": [], "structural": [ { "u": 1, "v": 1, "descriptor": "" } ] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "semantic": [], "structural": [ { "u": 1, "v": 1, "descriptor": "ADwAPA==" }, { "u": 1, "v": 1, "descriptor": "ADw=" } ] } ] }""")]
    [InlineData("""{ "format": "FaceRecon keypoints", "version": 1, "frames": [ { "frame": 0, "semantic": [], "structural": [ { "u": 1, "v": 1, "position": [1, 2, 1e999] } ] } ] }""")]
    public void Anything_else_is_one_clear_error(string text)
    {
        var path = _folder.Write("bad.json", Encoding.UTF8.GetBytes(text));
        var error = Assert.Throws<FaceReconException>(() => KeypointFile.Read(path));
        Assert.Equal(ErrorId.KeypointsInvalid, error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_one_clear_error() =>
        Assert.Equal(ErrorId.KeypointsInvalid, Assert.Throws<FaceReconException>(() => KeypointFile.Read(Path.Combine(_folder.Path, "none.json"))).ErrorId);
}
