using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FaceRecon.Tests;

/// <summary>A small reconstruction, made once for all tests of its report.</summary>
public sealed class ReportedFace : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public ReportedFace()
    {
        Capture = Path.Combine(_scratch.Path, "anna");
        Folder = Path.Combine(_scratch.Path, "out");
        SyntheticRgbdVideo.Write(Capture, new SyntheticCaptureOptions { Frames = 12, Width = 320, Height = 240, Seed = 11 });
        // A frame that is none.
        File.WriteAllText(Path.Combine(Capture, "depth", "000004.png"), "no image");
        Result = FaceReconstruction.Run(Capture, Folder, new ReconstructionOptions
        {
            Merge = new MergeOptions { VoxelSize = 0.002 },
            Optimize = new OptimizeOptions { Rounds = 1, Patches = 1000 },
            Export = new ExportOptions { Command = "facerecon reconstruct 'anna & <ben>'" },
        });
        Json = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "report.json")))!.AsObject();
        Page = File.ReadAllText(Path.Combine(Folder, "report.html"));
    }

    public string Capture { get; }
    public string Folder { get; }
    public ReconstructionResult Result { get; }
    public JsonObject Json { get; }
    public string Page { get; }

    public void Dispose() => _scratch.Dispose();
}

public sealed class ReportTests(ReportedFace reported) : IClassFixture<ReportedFace>
{
    private const string Hostile = "</td><script>alert(1)</script><img src=x onerror=alert(2)>";

    [Fact]
    public void Coverage_is_where_the_camera_was_by_the_truth()
    {
        var truth = GroundTruth.Load(reported.Capture);
        double[] yaws = [.. truth.Trajectory.Select(frame => Math.Atan2(frame.CameraToWorld.Translation.X, frame.CameraToWorld.Translation.Z) * 180 / Math.PI)];
        var coverage = reported.Json["coverage"]!;

        Assert.InRange((double)coverage["yaw_from_degrees"]! - yaws.Min(), -7, 7);
        Assert.InRange((double)coverage["yaw_to_degrees"]! - yaws.Max(), -7, 7);
        Assert.InRange((double)coverage["face_share"]!, 0.95, 1);
        Assert.Equal(reported.Result.Face.Landmarks.Count, (int)coverage["landmarks"]!);
        Assert.Equal(reported.Result.Mesh.VertexCount, reported.Json["uncertainty"]!["histogram"]!.AsArray().Sum(count => (int)count!));
        Assert.InRange((double)reported.Json["uncertainty"]!["face_median_millimetre"]!, 0.02, 1);
    }

    [Fact]
    public void The_report_tells_what_it_was_made_with_and_by_which_models()
    {
        Assert.Equal("facerecon reconstruct 'anna & <ben>'", (string?)reported.Json["command"]);
        Assert.Equal(0.002, (double)reported.Json["options"]!["merge"]!["voxel_size"]!);
        Assert.Equal("Ply, Glb", (string?)reported.Json["options"]!["export"]!["formats"]);
        Assert.Equal(InstalledModel.All().Take(2).Select(model => model.Sha256), reported.Json["models"]!.AsArray().Select(model => (string?)model!["sha256"]));
        Assert.StartsWith(".NET", (string?)reported.Json["runtime"]!["framework"], StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d UTC$", (string?)reported.Json["created"]!);
        Assert.True((double)reported.Json["seconds"]!["files"]! > 0);
        Assert.Equal(reported.Result.Face.Landmarks.Count, reported.Json["landmarks"]!.AsArray().Count);
        var frame = reported.Json["frames"]!.AsArray()[4]!;
        Assert.False((bool)frame["accepted"]!);
        Assert.Null(frame["yaw_degrees"]);
        Assert.DoesNotContain(4, reported.Json["keyframes"]!.AsArray().Select(index => (int)index!));
    }

    [Fact]
    public void Every_number_on_the_page_is_that_of_the_file()
    {
        var values = new ReportValues(reported.Json);
        var numbers = Regex.Matches(reported.Page, "<data data-of=\"([^\"]+)\" value=\"([^\"]+)\">([^<]+)</data>");
        var texts = Regex.Matches(reported.Page, "<span data-of=\"([^\"]+)\">([^<]*)</span>");

        Assert.True(numbers.Count > 150 && texts.Count > 60, $"{numbers.Count} and {texts.Count}");
        foreach (Match number in numbers)
        {
            var (path, value, shown) = (number.Groups[1].Value, number.Groups[2].Value, number.Groups[3].Value);
            Assert.Equal(values.Number(path), double.Parse(value, CultureInfo.InvariantCulture));
            // What is read is the value, in some unit, to the digits that are shown.
            var read = double.Parse(shown.Replace('\u2212', '-').Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            var digits = shown.Contains('.') ? shown.Length - shown.IndexOf('.') - 1 : 0;
            Assert.Contains([1.0, 100, 1000], factor => Math.Abs(read - factor * values.Number(path)!.Value) <= 0.501 * Math.Pow(10, -digits));
        }
        foreach (Match text in texts)
        {
            var path = text.Groups[1].Value;
            var expected = values.At(path) is { } node && node.GetValueKind() != System.Text.Json.JsonValueKind.String ? node.ToJsonString() : values.At(path) is null ? "null" : values.Text(path);
            Assert.Equal(expected, WebUtility.HtmlDecode(text.Groups[2].Value));
        }
        foreach (var path in new[] { "optimization.terms.1.cost_before", "optimization.terms.1.cost_after", "optimization.observability.0.observed", "coverage.face_share", "frames.7.residual_rms_millimetre", "seconds.frames" })
            Assert.Contains($"data-of=\"{path}\"", reported.Page, StringComparison.Ordinal);
        // The reason of the frame that was left out, the option that was changed, and the drawing of every frame.
        Assert.Contains("data-of=\"frames.4.rejection\"", reported.Page, StringComparison.Ordinal);
        Assert.Matches("<tr class=\"changed\"><td>merge.voxel_size</td>.*?0.002.*?0.001", reported.Page);
        Assert.Equal(11, Regex.Count(reported.Page, "<title>frame \\d+: residual"));
    }

    [Fact]
    public void The_page_is_small_has_no_script_and_asks_for_nothing()
    {
        Assert.InRange(reported.Page.Length, 50_000, 1_500_000);
        Assert.DoesNotContain("<script", reported.Page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<\\w[^>]*\\s(src|href)\\s*=\\s*\"(?!data:image/)", reported.Page);
        Assert.DoesNotContain("style=", reported.Page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", reported.Page, StringComparison.Ordinal);
        Assert.Contains("script-src 'none'", reported.Page, StringComparison.Ordinal);
        Assert.Contains("<title>anna &#8211; face reconstruction</title>", reported.Page, StringComparison.Ordinal);
    }

    [Fact]
    public void No_name_and_no_reason_becomes_part_of_the_page()
    {
        var json = reported.Json.DeepClone().AsObject();
        json["capture"] = $"/home/{Hostile}";
        foreach (var name in new[] { "command", "layout", "fingerprint", "version", "created" })
            json[name] = Hostile;
        json["warnings"] = new JsonArray(Hostile);
        json["frames"]![4]!["rejection"] = Hostile;
        json["frames"]![5]!["accepted"] = false;
        json["models"]![0]!["name"] = Hostile;
        json["options"]!["merge"]![Hostile] = Hostile;
        json["seconds"]![Hostile] = 1;

        var page = Page(json);

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img src=x", page, StringComparison.OrdinalIgnoreCase);
        Assert.True(Regex.Count(page, "&lt;script&gt;") > 8);
    }

    [Fact]
    public void A_face_that_was_exported_alone_has_a_page_that_says_what_is_not_known()
    {
        var face = reported.Result.Face;
        var report = new ReconstructionReport(face, new TriangleMesh(reported.Result.Mesh.Vertices, reported.Result.Mesh.Normals, reported.Result.Mesh.Triangles));
        var json = report.ToJson();
        json["optimization"] = null;
        json["coverage"]!["face_share"] = null;
        // Infinity is a text in JSON.
        json["frames"]![2]!["residual_rms_millimetre"] = "Infinity";

        var page = Page(json);

        Assert.Contains("not known", page, StringComparison.Ordinal);
        Assert.DoesNotContain("optimised together", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_video_has_a_page_that_can_still_be_read()
    {
        var json = reported.Json.DeepClone().AsObject();
        var frames = json["frames"]!.AsArray();
        var some = frames.Select(frame => frame!.DeepClone()).ToArray();
        for (var i = frames.Count; i < 6000; i++)
        {
            var next = some[i % some.Length].DeepClone();
            next["index"] = i;
            frames.Add(next);
        }

        var page = Page(json);

        Assert.InRange(page.Length, 200_000, 1_000_000);
        Assert.InRange(Regex.Count(page, "<title>frames \\d+ to \\d+: residual"), 300, 500);
    }

    [SkippableFact]
    public void A_browser_shows_the_page_with_its_style_and_pictures()
    {
        Skip.If(HeadlessBrowser.Program is null, HeadlessBrowser.Missing);
        using var scratch = new ScratchFolder();

        var (picture, console) = HeadlessBrowser.Photograph(Path.Combine(reported.Folder, "report.html"), "", scratch, 900, 1200);

        Assert.DoesNotContain("Content Security Policy", console, StringComparison.Ordinal);
        // Tiles have a ground of their own, the preview its skin: neither is there without style and pictures.
        var colors = Enumerable.Range(0, picture.Width * picture.Height).Select(i => (picture.Pixels[3 * i], picture.Pixels[3 * i + 1], picture.Pixels[3 * i + 2])).ToArray();
        Assert.True(colors.Count(color => color == (0xF4, 0xF6, 0xF8)) > 20_000, "tiles");
        Assert.True(colors.Count(color => color.Item1 > color.Item3 + 20) > 20_000, "skin");
    }

    private static string Page(JsonObject json) =>
        Encoding.UTF8.GetString(TestMeshes.Bytes(stream => ReportPage.Write(stream, JsonNode.Parse(json.ToJsonString())!.AsObject(), new ReportPictures([1, 2, 3], null))));
}
