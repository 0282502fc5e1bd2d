using System.Text.Json;
using System.Text.RegularExpressions;

namespace FaceRecon.Tests;

/// <summary>Our files, opened in programs that people look at meshes with. Skipped where those are not installed.</summary>
public sealed partial class OtherProgramsTests : IDisposable
{
    private static readonly TriangleMesh Mesh = TestMeshes.WithTexture(FaceSurface.Reconstruct(TestClouds.Sphere(3000, 0.08f, 0.0003f)));

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] WriteAll()
    {
        var options = new MeshFileOptions { Unit = LengthUnit.Metre, Provenance = [new("capture", "a ball")] };
        _folder.Write("ball.mtl", TestMeshes.Bytes(stream => ObjWriter.WriteMaterial(stream, "ball.png")));
        _folder.Write("ball.png", ImageFile.EncodePng(Mesh.Texture!.Image));
        return
        [
            _folder.Write("ball.ply", TestMeshes.Bytes(stream => PlyWriter.WriteMesh(stream, Mesh, options))),
            _folder.Write("ascii.ply", TestMeshes.Bytes(stream => PlyWriter.WriteMesh(stream, Mesh, options with { Ascii = true }))),
            _folder.Write("ball.stl", TestMeshes.Bytes(stream => StlWriter.Write(stream, Mesh, options))),
            _folder.Write("ball.obj", TestMeshes.Bytes(stream => ObjWriter.Write(stream, Mesh, options, "ball.mtl"))),
            _folder.Write("ball.glb", TestMeshes.Bytes(stream => GlbWriter.Write(stream, Mesh, UprightFrame.Face, options))),
        ];
    }

    [SkippableFact]
    public void Blender_opens_and_renders_every_format()
    {
        var blender = OtherProgram.Find("blender");
        Skip.If(blender is null, "Blender is not installed");

        var text = OtherProgram.Run(blender!, _folder.Path,
            ["--background", "--factory-startup", "--python-exit-code", "1", "--python", Path.Combine(OtherProgram.RepositoryRoot, "tests/blender/open.py"), "--", .. WriteAll(), "picture.png"]);

        var opened = text.Split('\n').Where(line => line.StartsWith("OPENED ", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line[7..]).RootElement).ToArray();
        Assert.Equal(5, opened.Length);
        foreach (var file in opened)
        {
            var name = Path.GetFileName(file.GetProperty("path").GetString()!);
            // glTF's vertices are those of the charts; in the others they are shared.
            Assert.Equal(name == "ball.glb" ? Mesh.Texture!.Corners.Distinct().Count() : Mesh.VertexCount, file.GetProperty("vertices").GetInt32());
            Assert.Equal(Mesh.TriangleCount, file.GetProperty("faces").GetInt32());
            Assert.All(file.GetProperty("size").EnumerateArray(), side => Assert.InRange(side.GetDouble(), 0.155, 0.165));
            Assert.Equal(name is "ball.stl" or "ball.glb" ? 0 : 1, file.GetProperty("colors").GetArrayLength());
            Assert.Equal(name is "ball.obj" or "ball.glb" ? "[[16, 16]]" : "[]", file.GetProperty("pictures").GetRawText());
        }
        // The ball in the middle of the picture in its texture's colours, nothing in the corners.
        var picture = ImageFile.ReadColor(Path.Combine(_folder.Path, "picture.png"));
        var middle = Enumerable.Range(0, 3).Select(c => (int)picture.Pixels[3 * (64 * 128 + 64) + c]).ToArray();
        Assert.True(middle.Max() > 30, string.Join(' ', middle));
        Assert.Equal([0, 0, 0], picture.Pixels[..3]);
    }

    [SkippableFact]
    public void MeshLab_opens_PLY_and_STL()
    {
        // Debian's MeshLab 2020.09 knows no glTF, and of OBJ any file at all ends it: an assertion of its reader's fails.
        var (server, display) = (OtherProgram.Find("meshlabserver"), OtherProgram.Find("xvfb-run"));
        Skip.If(server is null || display is null, "MeshLab or xvfb is not installed");
        foreach (var file in WriteAll()[..3])
        {
            var text = OtherProgram.Run(display!, _folder.Path, "-a", server!, "-i", file, "-o", "again.ply");
            var counts = LoadedCounts().Match(text);
            Assert.True(counts.Success, text);
            Assert.Equal((Mesh.VertexCount, Mesh.TriangleCount), (int.Parse(counts.Groups[1].ValueSpan), int.Parse(counts.Groups[2].ValueSpan)));
            Assert.Equal(Mesh.TriangleCount, MeshFile.Read(Path.Combine(_folder.Path, "again.ply")).TriangleCount);
        }
    }

    [GeneratedRegex(@"loaded has (\d+) vn (\d+) fn")]
    private static partial Regex LoadedCounts();
}
