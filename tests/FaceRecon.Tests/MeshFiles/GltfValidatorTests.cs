using System.Text.Json;

namespace FaceRecon.Tests;

/// <summary>What the Khronos glTF validator says about our files.</summary>
public sealed class GltfValidatorTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private JsonElement[] Validate(params string[] files) =>
        [.. OtherProgram.Run("node", _folder.Path, [Path.Combine(OtherProgram.RepositoryRoot, "tests/gltf/validate.mjs"), .. files])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private string Write(string name, TriangleMesh mesh, MeshFileOptions? options = null) =>
        _folder.Write(name, TestMeshes.Bytes(stream => GlbWriter.Write(stream, mesh, null, options)));

    [Fact]
    public void Our_files_are_valid_with_colours_without_and_with_a_texture()
    {
        var full = TestMeshes.Octahedron();
        var options = new MeshFileOptions { Provenance = [new("capture", "Ünïcode \"quoted\""), new("frames", "60")] };

        var reports = Validate(
            Write("full.glb", full, options),
            Write("bare.glb", new TriangleMesh(full.Vertices, full.Normals, full.Triangles)),
            Write("textured.glb", TestMeshes.WithTexture(full), options),
            Write("surface.glb", FaceSurface.Reconstruct(TestClouds.Sphere(8000, 0.08f, 0.0003f))));

        Assert.Equal(4, reports.Length);
        foreach (var report in reports)
        {
            Assert.True(report.GetProperty("errors").GetInt32() == 0 && report.GetProperty("warnings").GetInt32() == 0, report.ToString());
            // The validator does not know our own attribute _SIGMA by its meaning, and says so; nothing else is to be said.
            Assert.True(report.GetProperty("infos").GetInt32() == 0, report.ToString());
        }
        Assert.Equal(8, reports[0].GetProperty("triangles").GetInt32());
        // One vertex more for each chart that a vertex lies in.
        Assert.Equal([6, 6, 12], reports[..3].Select(report => report.GetProperty("vertices").GetInt32()));
    }

    [Fact]
    public void The_validator_finds_what_is_wrong()
    {
        var bytes = TestMeshes.Bytes(stream => GlbWriter.Write(stream, TestMeshes.Octahedron()));
        // An index far beyond the vertices, in the last four bytes.
        bytes.AsSpan(bytes.Length - 4).Fill(0x7F);
        Assert.True(Validate(_folder.Write("broken.glb", bytes))[0].GetProperty("errors").GetInt32() > 0);
    }
}
