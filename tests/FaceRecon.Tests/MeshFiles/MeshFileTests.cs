using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace FaceRecon.Tests;

public sealed class MeshFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static byte[] Octahedron(string format, LengthUnit unit = LengthUnit.Metre) => Write(TestMeshes.Octahedron(), format, unit);

    private static byte[] Write(TriangleMesh mesh, string format, LengthUnit unit)
    {
        var options = new MeshFileOptions { Unit = unit, Ascii = format == "ascii.ply" };
        return TestMeshes.Bytes(stream =>
        {
            if (format.EndsWith("ply", StringComparison.Ordinal))
                PlyWriter.WriteMesh(stream, mesh, options);
            else if (format == "obj")
                ObjWriter.Write(stream, mesh, options);
            else if (format == "stl")
                StlWriter.Write(stream, mesh, options);
            else
                GlbWriter.Write(stream, mesh, UprightFrame.Face, options);
        });
    }

    [Theory]
    [InlineData("ply")]
    [InlineData("ascii.ply")]
    [InlineData("obj")]
    [InlineData("glb")]
    public void What_we_write_comes_back_bit_by_bit(string format)
    {
        var mesh = TestMeshes.Octahedron();

        var read = MeshFile.Read(_folder.Write($"mesh.{format}", Octahedron(format)));

        Assert.Equal(mesh.Vertices, read.Vertices);
        Assert.Equal(mesh.Normals, read.Normals);
        Assert.Equal(mesh.Triangles, read.Triangles);
        Assert.Equal(mesh.Colors, read.Colors);
        Assert.Equal(format == "obj" ? [] : mesh.Sigma, read.Sigma);
    }

    [Fact]
    public void Stl_comes_back_with_its_corners_joined_again()
    {
        var mesh = TestMeshes.Octahedron();

        var read = MeshFile.Read(_folder.Write("mesh.stl", Octahedron("stl")));

        Assert.Equal(mesh.VertexCount, read.VertexCount);
        Assert.Equal(mesh.Triangles.Select(v => mesh.Vertices[v]), read.Triangles.Select(v => read.Vertices[v]));
        MeshValidity.Check(read);
    }

    [Theory]
    [InlineData("ply")]
    [InlineData("obj")]
    [InlineData("stl")]
    public void Millimetres_come_back_as_metres(string format)
    {
        var path = _folder.Write($"mesh.{format}", Octahedron(format, LengthUnit.Millimetre));
        Assert.Equal(0.06f, MeshFile.Read(path).Vertices.Max(v => v.X), 6);
        Assert.Equal(60, MeshFile.Read(path, LengthUnit.Metre).Vertices.Max(v => v.X), 3);
    }

    [Fact]
    public void A_textured_mesh_comes_back_from_Glb_with_its_picture()
    {
        var mesh = TestMeshes.WithTexture(TestMeshes.Octahedron());

        var read = MeshFile.Read(_folder.Write("mesh.glb", TestMeshes.Bytes(stream => GlbWriter.Write(stream, mesh, UprightFrame.Face))));

        Assert.Equal(mesh.Triangles.Select(v => mesh.Vertices[v]), read.Triangles.Select(v => read.Vertices[v]));
        Assert.Equal(mesh.Texture!.Corners.Select(p => mesh.Texture.Coordinates[p]), read.Texture!.Corners.Select(p => read.Texture.Coordinates[p]));
        Assert.Equal(mesh.Texture.Image.Pixels, read.Texture.Image.Pixels);
        // Without colours of its own a vertex has that of its place in the picture.
        var (x, y) = ((int)(16 * read.Texture.Coordinates[3].X), (int)(16 * read.Texture.Coordinates[3].Y));
        Assert.Equal(mesh.Texture.Image.Pixels.AsSpan(3 * (16 * y + x), 3), read.Colors.AsSpan(9, 3));
    }

    [Theory]
    [InlineData("ply")]
    [InlineData("ascii.ply")]
    [InlineData("obj")]
    [InlineData("stl")]
    [InlineData("glb")]
    public void Meshes_of_random_clouds_are_valid_in_every_format(string format)
    {
        foreach (var seed in (ReadOnlySpan<int>)[1, 2, 3])
        {
            // Two noisy balls that may meet, and a square.
            var random = new Random(seed);
            var mesh = FaceSurface.Reconstruct(TestClouds.Join(
                TestClouds.Sphere(3000, 0.05f, 0.0004f, 0.2f, default, seed),
                TestClouds.Sphere(2000, 0.03f, 0.0004f, 0.2f, new Vector3(0.06f + 0.04f * random.NextSingle(), 0.02f, 0), seed + 10),
                TestClouds.Square(0.08f, 0.002f, 0.0003f, seed: seed)));
            var unit = seed == 2 && format != "glb" ? LengthUnit.Millimetre : LengthUnit.Metre;

            var read = MeshFile.Read(_folder.Write($"random{seed}.{format}", Write(mesh, format, unit)));

            MeshValidity.Check(read);
            Assert.Equal((mesh.VertexCount, mesh.TriangleCount), (read.VertexCount, read.TriangleCount));
        }
    }

    [Fact]
    public void Obj_of_other_programs_is_read()
    {
        const string text = "# made elsewhere\r\nmtllib ../../etc/passwd\r\no thing\r\nv 0 0 0\nv 1 0 0 1.0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvn 0 0 2\ns off\nf 1/1/1 2/1/1 3/1/1 4/1/1\nf -4 -2 -1\nl 1 2\n";
        var read = MeshFile.Read(_folder.Write("other.obj", text));
        Assert.Equal([0, 1, 2, 0, 2, 3, 0, 2, 3], read.Triangles);
        Assert.All(read.Normals, normal => Assert.Equal(Vector3.UnitZ, normal));
        Assert.Empty(read.Colors);
    }

    [Fact]
    public void Stl_as_text_is_read()
    {
        const string text = "solid x\n facet normal 0 0 1\n outer loop\n vertex 0 0 0\n vertex 1 0 0\n vertex 0 1 0\n endloop\n endfacet\nendsolid x\n";
        var read = MeshFile.Read(_folder.Write("text.stl", text));
        Assert.Equal([0, 1, 2], read.Triangles);
        Assert.Equal(Vector3.UnitZ, read.Normals[0]);
    }

    [Fact]
    public void Points_that_lie_nowhere_are_left_out_of_a_cloud_and_not_taken_in_a_mesh()
    {
        const string vertices = "element vertex 4\nproperty float x\nproperty float y\nproperty float z\nproperty float nx\nproperty float ny\nproperty float nz\nproperty uchar red\nproperty uchar green\nproperty uchar blue\n";
        const string numbers = "0 0 0 nan 0 0 1 2 3\nnan 0 0 0 0 1 4 5 6\n1 0 0 0 0 1 7 8 9\n1 1e30 0 0 0 1 7 8 9\n";
        var cloud = MeshFile.ReadCloud(_folder.Write("cloud.ply", $"ply\nformat ascii 1.0\n{vertices}end_header\n{numbers}"));
        Assert.Equal([0f, 1f], cloud.X);
        Assert.Equal([0f, 1f], cloud.NormalZ.Select(z => z));
        Assert.Equal([1, 2, 3, 7, 8, 9], cloud.Colors);
        var mesh = _folder.Write("mesh.ply", $"ply\nformat ascii 1.0\n{vertices}element face 1\nproperty list uchar int vertex_indices\nend_header\n{numbers}3 0 1 2\n");
        Assert.Contains("vertex 1", Refusal(mesh).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, byte[]> HostileFiles
    {
        get
        {
            var files = new TheoryData<string, string, byte[]>
            {
                { "name.fbx", "another format", [1, 2, 3] },
                { "empty.obj", "nothing", [] },
                { "cloud.obj", "no faces", "v 0 0 0\n"u8.ToArray() },
                { "range.obj", "index out of range", "v 0 0 0\nf 1 2 1\n"u8.ToArray() },
                { "zero.obj", "index zero", "v 0 0 0\nf 0 0 0\n"u8.ToArray() },
                { "back.obj", "index before the first", "v 0 0 0\nf -1 -2 -1\n"u8.ToArray() },
                { "words.obj", "words", "v zero 0 0\n"u8.ToArray() },
                { "edge.obj", "two corners", "v 0 0 0\nf 1 1\n"u8.ToArray() },
                { "polygon.obj", "a hundred corners", Encoding.ASCII.GetBytes("v 0 0 0\nf" + string.Concat(Enumerable.Repeat(" 1", 100))) },
                { "normal.obj", "no such normal", "v 0 0 0\nf 1//1 1//1 1//1\n"u8.ToArray() },
                { "short.stl", "binary, cut", Octahedron("stl")[..200] },
                { "corners.stl", "text, cut", "solid x\nvertex 0 0 0\nvertex 1 0 0\n"u8.ToArray() },
                { "nan.stl", "text, nan", "solid x\nvertex 0 0 0\nvertex 1 0 0\nvertex nan 0 0\n"u8.ToArray() },
                { "none.glb", "no glTF", "glTF but not really, though long enough"u8.ToArray() },
            };
            var whole = Octahedron("glb");
            foreach (var (name, from, to) in ((string, string, string)[])
                [("count.glb", "\"count\":6", "\"count\":9"), ("large.glb", "\"count\":6", "\"count\":99999999999"), ("view.glb", "\"byteOffset\":0", "\"byteOffset\":-4"),
                 ("far.glb", "\"byteOffset\":0", "\"byteOffset\":4294967296"), ("type.glb", "\"componentType\":5126", "\"componentType\":1"), ("words.glb", "\"count\":6", "\"count\":\"six\""),
                 ("depth.glb", "\"asset\":{", "\"asset\":{\"extras\":" + new string('[', 1000) + new string(']', 1000) + ","), ("outside.glb", "\"buffers\":[{", "\"buffers\":[{\"uri\":\"/etc/passwd\","),
                 ("packed.glb", "\"scene\":0", "\"extensionsRequired\":[\"KHR_draco_mesh_compression\"],\"scene\":0"), ("placed.glb", "\"nodes\":[{\"mesh\"", "\"nodes\":[{\"scale\":[2,2,2],\"mesh\""),
                 ("shape.glb", "\"type\":\"VEC3\"", "\"type\":\"MAT4\""), ("mesh.glb", "\"POSITION\":0", "\"POSITION\":77"), ("primitive.glb", "\"meshes\":[", "\"meshes\":[7,")])
                files.Add(name, to, Replaced(whole, from, to));
            return files;
        }
    }

    [Theory]
    [MemberData(nameof(HostileFiles))]
    public void A_hostile_file_gives_one_clear_error_and_takes_no_memory(string name, string what, byte[] contents)
    {
        var path = _folder.Write(name, contents);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Refusal(path);
        Assert.True(error.ErrorId == ErrorId.MeshInvalid, what);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Theory]
    [InlineData("ply")]
    [InlineData("ascii.ply")]
    [InlineData("obj")]
    [InlineData("stl")]
    [InlineData("glb")]
    public void A_file_cut_or_changed_anywhere_is_read_or_refused_and_nothing_else(string format)
    {
        var whole = Octahedron(format);
        var random = new Random(7);
        int refused = 0, read = 0;
        for (var trial = 0; trial < 1500; trial++)
        {
            var bytes = whole.ToArray();
            if (trial % 3 == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            for (var change = random.Next(4); change > 0 && bytes.Length > 0; change--)
                bytes[random.Next(bytes.Length)] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)'9', _ => 255 };
            var path = _folder.Write($"mutant.{format}", bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var mesh = MeshFile.Read(path);
                Assert.All(mesh.Triangles, v => Assert.InRange(v, 0, mesh.VertexCount - 1));
                Assert.All(mesh.Vertices, v => Assert.True(float.IsFinite(v.LengthSquared())));
                Assert.All(mesh.Normals, n => Assert.Equal(1, n.Length(), 3));
                read++;
            }
            catch (FaceReconException e)
            {
                Assert.Equal(ErrorId.MeshInvalid, e.ErrorId);
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
        }
        Assert.True(refused > 300 && read > 100, $"{refused} refused, {read} read");
    }

    [Fact]
    public void A_file_larger_than_any_face_is_not_read()
    {
        var path = Path.Combine(_folder.Path, "large.ply");
        using (var stream = File.Create(path))
            stream.SetLength(MeshFile.MaximumBytes + 1L);
        Assert.Equal(ErrorId.MeshInvalid, Refusal(path).ErrorId);
    }

    [Fact]
    public void What_is_not_there_or_no_file_is_named()
    {
        Assert.Equal(ErrorId.MeshNotFound, Refusal(Path.Combine(_folder.Path, "none.ply")).ErrorId);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "folder.ply"));
        Assert.Contains("folder.ply", Refusal(Path.Combine(_folder.Path, "folder.ply")).Message, StringComparison.Ordinal);
    }

    private static FaceReconException Refusal(string path) => Assert.Throws<FaceReconException>(() => MeshFile.Read(path));

    /// <summary>A GLB file with something else in its description; lengths are put right.</summary>
    private static byte[] Replaced(byte[] glb, string from, string to)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(glb.AsSpan(12));
        var json = Encoding.UTF8.GetString(glb, 20, length);
        Assert.Contains(from, json, StringComparison.Ordinal);
        var at = json.IndexOf(from, StringComparison.Ordinal);
        json = json[..at] + to + json[(at + from.Length)..];
        return TestMeshes.Bytes(stream => GlbFile.Write(stream, Encoding.UTF8.GetBytes(json), [glb[(20 + length + 8)..]]));
    }
}
