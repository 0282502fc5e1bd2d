using System.IO.Compression;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace FaceRecon.Tests;

public sealed class ViewerPageTests : IDisposable
{
    private const string Hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&\"'";
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Geometry_comes_back_within_a_hundredth_of_a_millimetre()
    {
        var ball = TestMeshes.Sphere(new Vector3(0.02f, -0.05f, 0.45f), 0.12f, default, v => ((int)(1000 * v.X) & 255, (int)(900 * v.Y) & 255, 7));
        var sigma = Array.ConvertAll(ball.Vertices, v => v.X < 0 ? float.NaN : 0.0001f + MathF.Abs(v.Y) / 50);
        var error = Array.ConvertAll(ball.Vertices, v => v.Y < -0.1f ? float.NaN : v.X / 100);
        error[3] = 1;
        var mesh = new TriangleMesh(ball.Vertices, ball.Normals, ball.Triangles, ball.Colors, sigma);

        var packed = new PackedGeometry(mesh, error);
        var reader = new Unpacked(packed.Compress());

        for (var axis = 0; axis < 3; axis++)
        {
            var words = reader.Words(mesh.VertexCount);
            for (var v = 0; v < mesh.VertexCount; v++)
                Assert.True(Math.Abs(packed.Origin[axis] + words[v] * packed.Step - mesh.Vertices[v][axis]) < 0.00001);
        }
        for (var channel = 0; channel < 3; channel++)
            Assert.Equal(Enumerable.Range(0, mesh.VertexCount).Select(v => mesh.Colors[3 * v + channel]), reader.Plane(mesh.VertexCount));
        Assert.All(reader.Words(mesh.VertexCount).Zip(sigma), pair => AssertLength(pair.Second, pair.First, 0));
        Assert.All(reader.Words(mesh.VertexCount).Zip(error), pair => AssertLength(Math.Min(pair.Second, 0.032767f), pair.First, 32767));
        Assert.Equal(mesh.Triangles, reader.Triangles(mesh.TriangleCount));
        Assert.True(reader.AtEnd);
    }

    [Fact]
    public void A_page_loads_nothing_and_no_name_becomes_part_of_it()
    {
        var page = Page(Scene() with { Title = Hostile, Facts = [new(Hostile, Hostile)], Landmarks = [new FaceLandmark(Hostile, default, 1)] });

        var scripts = Regex.Matches(page, "<script[^>]*>");
        Assert.Equal(3, scripts.Count);
        var outside = Regex.Replace(page, "<script type=\"module\">.*?</script>", "", RegexOptions.Singleline);
        Assert.DoesNotContain("<img", outside, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(@"<\w[^>]*\s(src|href)\s*=", Regex.Replace(outside, "<script.*?</script>", "", RegexOptions.Singleline));
        Assert.DoesNotContain("http", outside.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var policy = Regex.Match(page, "Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value;
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("connect-src", policy, StringComparison.Ordinal);
        // The licence of what it carries goes with it.
        Assert.Contains("three.js authors", page, StringComparison.Ordinal);
        Assert.Contains("WITHOUT WARRANTY OF ANY KIND", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_face_of_150_000_vertices_takes_less_than_five_megabytes()
    {
        // Rough in shape, colour and uncertainty, as a real one is.
        var random = new Random(1);
        var ball = TestMeshes.Sphere(new Vector3(0, 0, 0.4f), 0.1f, default, _ => (random.Next(150, 158), random.Next(110, 118), random.Next(90, 98)), rings: 274);
        var rough = Array.ConvertAll(ball.Vertices, v => v + 0.0001f * new Vector3(random.NextSingle(), random.NextSingle(), random.NextSingle()));
        var mesh = new TriangleMesh(rough, ball.Normals, ball.Triangles, ball.Colors, Array.ConvertAll(rough, _ => 0.0002f + 0.00002f * random.NextSingle()));
        Assert.InRange(mesh.VertexCount, 150_000, 152_000);

        var page = TestMeshes.Bytes(stream => ViewerPage.Write(stream, new ViewerScene { Mesh = mesh, Title = "size" }));

        Assert.InRange(page.Length, 1_000_000, 4_000_000);
    }

    [Fact]
    public void The_same_face_is_the_same_page_and_a_wrong_number_of_errors_is_refused()
    {
        Assert.Equal(Page(Scene()), Page(Scene()));
        Assert.Throws<ArgumentException>(() => Page(Scene() with { Error = [1, 2, 3] }));
    }

    [SkippableFact]
    public void A_browser_draws_every_triangle_in_the_colours_of_its_error()
    {
        Skip.If(HeadlessBrowser.Program is null, HeadlessBrowser.Missing);
        var scene = Scene();
        var path = _scratch.Write("face.html", Page(scene));

        var (picture, console) = HeadlessBrowser.Photograph(path, "#error", _scratch, 800, 600);

        Assert.Contains($"FaceRecon drew {scene.Mesh.TriangleCount} triangles of {scene.Mesh.VertexCount} vertices", console, StringComparison.Ordinal);
        Assert.DoesNotContain("Uncaught", console, StringComparison.Ordinal);
        Assert.DoesNotContain("Content Security Policy", console, StringComparison.Ordinal);
        // The camera looks along z with y down: what is at smaller x is left. Behind the reference is blue, before it red.
        var (left, right, beside) = (Pixel(picture, 428, 300), Pixel(picture, 628, 300), Pixel(picture, 262, 12));
        Assert.True(left.B > left.R + 60, $"blue on the left: {left}");
        Assert.True(right.R > right.B + 60, $"red on the right: {right}");
        Assert.True(Math.Abs(beside.R - beside.B) < 12 && beside.R > 200, $"nothing beside: {beside}");
        // A sphere: about as high beside its middle as it is wide across, where it is white for a few pixels.
        int Extent(bool column) => Enumerable.Range(column ? 0 : 257, column ? 600 : 543)
            .Count(i => column ? Coloured(Pixel(picture, 478, i)) : Coloured(Pixel(picture, i, 300)));
        Assert.InRange(Extent(column: false), 380, 543);
        Assert.InRange(Extent(column: true) / (double)Extent(column: false), 0.9, 1.1);
    }

    [SkippableFact]
    public void A_browser_shows_names_as_text_and_offers_what_there_is()
    {
        Skip.If(HeadlessBrowser.Program is null, HeadlessBrowser.Missing);
        var scene = Scene() with { Title = Hostile, Landmarks = [new FaceLandmark(Hostile, new Vector3d(0, 0, 0.3), 4), new FaceLandmark("NoseTip", new Vector3d(0, 0, 0.31), 9)] };
        var path = _scratch.Write("face.html", Page(scene));

        var document = HeadlessBrowser.Document(path, "#shaded&keypoints&cameras", _scratch);

        Assert.Matches($"<html[^>]*data-state=\"ready\"[^>]*data-vertices=\"{scene.Mesh.VertexCount}\"", document);
        Assert.Contains("<option value=\"1\">NoseTip</option>", document, StringComparison.Ordinal);
        Assert.Contains("<option value=\"0\">&lt;/script&gt;&lt;script&gt;alert(1)", document, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", document[..document.IndexOf("<script type=\"module\"", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Equal(["color", "shaded", "sigma", "error"], Regex.Matches(document, "name=\"mode\" value=\"(\\w+)\"").Select(match => match.Groups[1].Value));
        Assert.Contains("4,704 vertices", document, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_damaged_page_says_so()
    {
        Skip.If(HeadlessBrowser.Program is null, HeadlessBrowser.Missing);
        var page = Page(Scene());
        var data = page.IndexOf("id=\"geometry\">", StringComparison.Ordinal) + "id=\"geometry\">".Length;
        var path = _scratch.Write("face.html", page.Remove(data + 400, 4000));

        var document = HeadlessBrowser.Document(path, "", _scratch);

        Assert.Contains("data-state=\"failed\"", document, StringComparison.Ordinal);
        Assert.Contains("The face cannot be shown", document, StringComparison.Ordinal);
    }

    private static ViewerScene Scene()
    {
        var ball = TestMeshes.Sphere(new Vector3(0, 0, 0.4f), 0.1f, (200, 150, 120));
        var mesh = new TriangleMesh(ball.Vertices, ball.Normals, ball.Triangles, ball.Colors, Array.ConvertAll(ball.Vertices, v => 0.0002f));
        return new ViewerScene
        {
            Mesh = mesh,
            Title = "A ball",
            Error = Array.ConvertAll(ball.Vertices, v => v.X < 0 ? -0.0005f : 0.0005f),
            Landmarks = [new FaceLandmark("NoseTip", new Vector3d(0, 0, 0.3), 4)],
            Frames = [new FramePose(0, 0, RigidTransform.Identity), new FramePose(1, 0.1, RigidTransform.FromTranslation(new Vector3d(0.1, 0, 0))), new FramePose(2, 0.2, RigidTransform.Identity, "blurred")],
        };
    }

    private static string Page(ViewerScene scene) => Encoding.UTF8.GetString(TestMeshes.Bytes(stream => ViewerPage.Write(stream, scene)));

    private static void AssertLength(float expected, int word, int zero)
    {
        if (float.IsNaN(expected))
            Assert.Equal(65535, word);
        else
            Assert.InRange((word - zero) * PackedGeometry.LengthStep - expected, -0.6e-6, 0.6e-6);
    }

    private static bool Coloured((int R, int G, int B) pixel) => Math.Max(Math.Abs(pixel.R - pixel.G), Math.Abs(pixel.G - pixel.B)) > 25;

    private static (int R, int G, int B) Pixel(ColorImage image, int x, int y)
    {
        var i = 3 * (y * image.Width + x);
        return (image.Pixels[i], image.Pixels[i + 1], image.Pixels[i + 2]);
    }

    /// <summary>Reads what <c>geometry.js</c> reads.</summary>
    private sealed class Unpacked
    {
        private readonly byte[] _bytes;
        private int _place;

        public Unpacked(byte[] compressed)
        {
            using var stream = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            stream.CopyTo(plain);
            _bytes = plain.ToArray();
        }

        public bool AtEnd => _place == _bytes.Length;

        public int[] Words(int count)
        {
            var words = new int[count];
            for (int i = 0, last = 0; i < count; i++)
                words[i] = last = last + UnZigZag(_bytes[_place + i] | _bytes[_place + count + i] << 8) & 0xFFFF;
            _place += 2 * count;
            return words;
        }

        public byte[] Plane(int count)
        {
            var plane = new byte[count];
            for (var i = 0; i < count; i++)
                plane[i] = (byte)((i > 0 ? plane[i - 1] : 0) + _bytes[_place + i]);
            _place += count;
            return plane;
        }

        public int[] Triangles(int count)
        {
            var triangles = new int[3 * count];
            for (int t = 0, first = 0; t < triangles.Length; t += 3)
            {
                first += Number();
                (triangles[t], triangles[t + 1], triangles[t + 2]) = (first, first + Number(), first + Number());
            }
            return triangles;
        }

        private int Number()
        {
            var value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var b = _bytes[_place++];
                value |= (b & 127) << shift;
                if (b < 128)
                    return UnZigZag(value);
            }
        }

        private static int UnZigZag(int n) => n >> 1 ^ -(n & 1);
    }
}
