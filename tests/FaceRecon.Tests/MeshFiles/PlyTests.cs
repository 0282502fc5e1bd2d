using System.Text;

namespace FaceRecon.Tests;

public sealed class PlyTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_mesh_comes_back_bit_by_bit(bool ascii)
    {
        var whole = TestMeshes.Octahedron();
        var mesh = new TriangleMesh(whole.Vertices, whole.Normals, whole.Triangles, whole.Colors, whole.Sigma) { Filled = [false, true, false, false, true, true] };
        var path = _folder.Write("mesh.ply", TestMeshes.Bytes(s => PlyWriter.WriteMesh(s, mesh, new MeshFileOptions { Ascii = ascii })));

        var read = MeshFile.Read(path);

        Assert.Equal(mesh.Vertices, read.Vertices);
        Assert.Equal(mesh.Normals, read.Normals);
        Assert.Equal(mesh.Triangles, read.Triangles);
        Assert.Equal(mesh.Colors, read.Colors);
        Assert.Equal(mesh.Sigma, read.Sigma);
        Assert.Equal(mesh.Filled, read.Filled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cloud_larger_than_the_write_buffer_comes_back_bit_by_bit(bool ascii)
    {
        var cloud = TestClouds.Sphere(10_000, 0.1f, 0.0003f, 0.1f);
        var path = _folder.Write("cloud.ply", TestMeshes.Bytes(s => PlyWriter.WriteCloud(s, cloud, new MeshFileOptions { Ascii = ascii })));

        var read = MeshFile.ReadCloud(path);

        Assert.Equal(cloud.X, read.X);
        Assert.Equal(cloud.NormalZ, read.NormalZ);
        Assert.Equal(cloud.Colors, read.Colors);
        Assert.Equal(cloud.Sigma, read.Sigma);
    }

    [Fact]
    public void The_header_states_unit_and_provenance_and_cannot_be_broken_out_of()
    {
        var options = new MeshFileOptions { Unit = LengthUnit.Millimetre, Provenance = [new("source", "a\nend_header\nb")] };
        var bytes = TestMeshes.Bytes(s => PlyWriter.WriteMesh(s, TestMeshes.Octahedron(), options));

        var text = Encoding.Latin1.GetString(bytes);
        Assert.StartsWith("ply\nformat binary_little_endian 1.0\ncomment unit millimetre\ncomment source a_end_header_b\nelement vertex 6\n", text, StringComparison.Ordinal);
        // The comment is believed, and a caller who knows better more.
        var path = _folder.Write("mm.ply", bytes);
        var read = MeshFile.Read(path);
        Assert.Equal(0.06f, read.Vertices[0].X, 6);
        Assert.Equal(0.0001f, read.Sigma[0], 8);
        Assert.Equal(1, read.Normals[0].X);
        Assert.Equal(60, MeshFile.Read(path, LengthUnit.Metre).Vertices[0].X, 4);
    }

    [Fact]
    public void Files_of_other_programs_are_read()
    {
        // Other names and types, quads, double coordinates, float colours, an unknown element in front, big-endian.
        var ascii = "ply\r\nformat ascii 1.0\r\nobj_info x\r\nelement camera 1\r\nproperty list uchar float rays\r\nelement vertex 4\r\n" +
            "property double x\r\nproperty double y\r\nproperty double z\r\nproperty float red\r\nproperty uchar alpha\r\nelement face 1\r\nproperty uchar flags\r\n" +
            "property list uchar uint vertex_index\r\nend_header\r\n2 0.5 1\r\n0 0 0 1 7\r\n1 0 0 0.5 7\r\n1 1e0 0 0 7\r\n0 1 0 0 7\r\n3 4 0 1 2 3\r\n";
        var read = MeshFile.Read(_folder.Write("other.ply", ascii));
        Assert.Equal([0, 1, 2, 0, 2, 3], read.Triangles);
        Assert.Equal(1, read.Vertices[2].Y);
        Assert.Equal([255, 128], [read.Colors[0], read.Colors[3]]);

        byte[] big = [.. "ply\nformat binary_big_endian 1.0\nelement vertex 1\nproperty float x\nproperty short y\nproperty double z\nend_header\n"u8,
            0x3F, 0x80, 0, 0, 0xFF, 0xFE, 0x40, 0x08, 0, 0, 0, 0, 0, 0];
        var cloud = MeshFile.ReadCloud(_folder.Write("big.ply", big));
        Assert.Equal((1f, -2f, 3f), (cloud.X[0], cloud.Y[0], cloud.Z[0]));
    }

    public static TheoryData<string, string> BrokenFiles => new()
    {
        { "empty", "" },
        { "not ply", "solid x\n" },
        { "header without end", "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\n" },
        { "endless header", "ply\n" + new string('c', 200_000) },
        { "no format", "ply\nelement vertex 0\nend_header\n" },
        { "unknown format", "ply\nformat utf8 1.0\nend_header\n" },
        { "two billion vertices", "ply\nformat binary_little_endian 1.0\nelement vertex 2000000000\nproperty float x\nproperty float y\nproperty float z\nend_header\n" },
        { "many vertices in text", "ply\nformat ascii 1.0\nelement vertex 1000000\nproperty float x\nproperty float y\nproperty float z\nend_header\n1 2 3\n" },
        { "negative count", "ply\nformat ascii 1.0\nelement vertex -1\nproperty float x\nend_header\n" },
        { "count beyond int", "ply\nformat ascii 1.0\nelement vertex 99999999999999999999\nproperty float x\nend_header\n" },
        { "vertices of nothing", "ply\nformat ascii 1.0\nelement vertex 2000000000\nend_header\n" },
        { "no coordinates", "ply\nformat ascii 1.0\nelement vertex 1\nproperty float q\nend_header\n1\n" },
        { "no vertices", "ply\nformat ascii 1.0\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n3 0 0 0\n" },
        { "data cut short", "ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty float y\nproperty float z\nend_header\n1 2 3 45678901\n" },
        { "words for numbers", "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nend_header\nx y z w\n" },
        { "index out of range", "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n1 2 3\n3 0 1 0\n" },
        { "negative index", "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n1 2 3\n3 0 -1 0\n" },
        { "polygon of a million corners", "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nelement face 1\nproperty list int int vertex_indices\nend_header\n1 2 3\n1000000 0 0 0\n" },
        { "endless list to skip", "ply\nformat ascii 1.0\nelement junk 1\nproperty list int float q\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nend_header\n2000000000 1 2 3\n" },
        { "list counted in floats", "ply\nformat ascii 1.0\nelement vertex 1\nproperty list float int x\nend_header\n1 2\n" },
        { "property before element", "ply\nformat ascii 1.0\nproperty float x\nend_header\n" },
        { "no faces", "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nend_header\n1 2 3\n" },
    };

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void A_broken_file_gives_one_clear_error_and_takes_no_memory(string name, string contents)
    {
        var path = _folder.Write("broken.ply", contents);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var e = Assert.Throws<FaceReconException>(() => MeshFile.Read(path));

        Assert.True(e.ErrorId == ErrorId.MeshInvalid, name);
        Assert.Contains("broken.ply", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }
}
