using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace FaceRecon.Tests;

public class MeshWriterTests
{
    [Fact]
    public void Obj_has_positions_with_colours_normals_and_faces_from_one()
    {
        var lines = Encoding.ASCII.GetString(TestMeshes.Bytes(s =>
            ObjWriter.Write(s, TestMeshes.Octahedron(), new MeshFileOptions { Unit = LengthUnit.Millimetre, Provenance = [new("source", "x")] }))).Split('\n');

        Assert.Equal("# unit millimetre", lines[0]);
        Assert.Equal("# source x", lines[1]);
        var first = lines.First(l => l.StartsWith("v ", StringComparison.Ordinal)).Split(' ').Skip(1).Select(w => double.Parse(w, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal([60, 20, 400, 1, 0, 0], first.Select(v => Math.Round(v, 3)));
        Assert.Equal(6, lines.Count(l => l.StartsWith("vn ", StringComparison.Ordinal)));
        Assert.Equal("f 1//1 3//3 5//5", lines.First(l => l.StartsWith("f ", StringComparison.Ordinal)));
        Assert.Equal(8, lines.Count(l => l.StartsWith("f ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Obj_of_a_textured_mesh_has_places_from_the_bottom_left_and_a_material()
    {
        var mesh = TestMeshes.WithTexture(TestMeshes.Octahedron());
        var lines = Encoding.ASCII.GetString(TestMeshes.Bytes(s => ObjWriter.Write(s, mesh, null, "face.mtl"))).Split('\n');

        Assert.Contains("mtllib face.mtl", lines);
        Assert.Equal(12, lines.Count(l => l.StartsWith("vt ", StringComparison.Ordinal)));
        Assert.Equal("vt 0 0.9", lines.First(l => l.StartsWith("vt ", StringComparison.Ordinal)));
        Assert.Equal(["f 1/1/1 3/3/3 5/5/5", "f 3/9/3 1/7/1 6/12/6"], lines.Where(l => l.StartsWith("f ", StringComparison.Ordinal)).Where((_, i) => i is 0 or 4));
        Assert.True(Array.IndexOf(lines, "usemtl skin") < Array.FindIndex(lines, l => l.StartsWith("f ", StringComparison.Ordinal)));
        var material = Encoding.ASCII.GetString(TestMeshes.Bytes(s => ObjWriter.WriteMaterial(s, "face_texture.png")));
        Assert.Contains("newmtl skin\n", material, StringComparison.Ordinal);
        Assert.EndsWith("map_Kd face_texture.png\n", material, StringComparison.Ordinal);
        // Without a material the texture is left out.
        Assert.DoesNotContain("vt", Encoding.ASCII.GetString(TestMeshes.Bytes(s => ObjWriter.Write(s, mesh))), StringComparison.Ordinal);
    }

    [Fact]
    public void Stl_has_a_record_a_triangle_with_its_normal()
    {
        var bytes = TestMeshes.Bytes(s => StlWriter.Write(s, TestMeshes.Octahedron(), new MeshFileOptions { Unit = LengthUnit.Millimetre }));

        Assert.Equal(84 + 8 * 50, bytes.Length);
        Assert.Equal(8, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(80)));
        Assert.False(Encoding.ASCII.GetString(bytes, 0, 5).Equals("solid", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(1 / Math.Sqrt(3), Single(84), 5);
        Assert.Equal(60, Single(96), 3);

        double Single(int at) => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at));
    }

    [Fact]
    public void Glb_is_upright_aligned_and_has_its_bounds()
    {
        var mesh = TestMeshes.Octahedron();
        var bytes = TestMeshes.Bytes(s => GlbWriter.Write(s, mesh, null, new MeshFileOptions { Provenance = [new("frames", "60"), new("quote", "\"é\"")] }));

        Assert.Equal("glTF", Encoding.ASCII.GetString(bytes, 0, 4));
        Assert.Equal(2, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)));
        Assert.Equal(bytes.Length, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8)));
        var jsonLength = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12));
        Assert.Equal(0, jsonLength % 4);
        using var json = JsonDocument.Parse(bytes.AsMemory(20, jsonLength));
        var root = json.RootElement;
        Assert.Equal("60", root.GetProperty("asset").GetProperty("extras").GetProperty("frames").GetString());
        Assert.Equal("\"é\"", root.GetProperty("asset").GetProperty("extras").GetProperty("quote").GetString());
        // Camera axes x right, y down, z forward become x right, y up, z towards the viewer.
        var position = root.GetProperty("accessors")[0];
        Assert.Equal([-0.04, -0.07, -0.45], position.GetProperty("min").EnumerateArray().Select(v => Math.Round(v.GetDouble(), 5)));
        Assert.Equal([0.06, 0.03, -0.35], position.GetProperty("max").EnumerateArray().Select(v => Math.Round(v.GetDouble(), 5)));
        var binary = bytes.AsSpan(20 + jsonLength + 8);
        Assert.Equal(binary.Length, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(20 + jsonLength)));
        Assert.Equal(binary.Length, root.GetProperty("buffers")[0].GetProperty("byteLength").GetInt32());
        foreach (var view in root.GetProperty("bufferViews").EnumerateArray())
            Assert.Equal(0, view.GetProperty("byteOffset").GetInt32() % 4);
        // sRGB 128 is 0.2159 of the light of 255.
        var colors = root.GetProperty("bufferViews")[2].GetProperty("byteOffset").GetInt32();
        Assert.Equal(0.2159, BinaryPrimitives.ReadUInt16LittleEndian(binary[(colors + 4 * 8)..]) / 65535.0, 4);
    }

    [Fact]
    public void Upright_frames_turn_any_camera_the_right_way_up()
    {
        var face = UprightFrame.Face.ToYUp();
        Assert.Equal(new Vector3d(1, 2, 3), face.Rotate(new Vector3d(1, 2, 3)));
        // A phone on its side: the top of the head is to the left of its image, which is -x.
        var phone = new UprightFrame(new Vector3d(-1, 0, 0), new Vector3d(0.1, 0, 1)).ToYUp();
        Near(new Vector3d(0, 1, 0), phone.Rotate(new Vector3d(-1, 0, 0)));
        Near(new Vector3d(0, 0, 1), phone.Rotate(new Vector3d(0, 0, -1)));
        Assert.Equal(1, phone.Orthonormalized().RotationAngle / phone.RotationAngle, 9);
        Assert.Throws<ArgumentException>(() => new UprightFrame(new Vector3d(0, 0, 1), new Vector3d(0, 0, 1)).ToYUp());

        static void Near(Vector3d expected, Vector3d actual) => Assert.True((expected - actual).Length < 1e-12, $"{expected} {actual}");
    }

    [Fact]
    public void A_trajectory_has_the_accepted_frames_in_TUM_format()
    {
        var pose = RigidTransform.FromRotationVector(new Vector3d(0.1, -0.2, 0.3), new Vector3d(0.01, -0.02, 1.5));
        var text = Encoding.ASCII.GetString(TestMeshes.Bytes(s => TrajectoryWriter.Write(s,
            [new FramePose(0, 0, RigidTransform.Identity), new FramePose(1, 1 / 30.0, pose, "blurred"), new FramePose(2, 2 / 30.0, pose)])));

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#').ToArray();
        Assert.Equal("0.000000 0.000000000 0.000000000 0.000000000 0.000000000 0.000000000 0.000000000 1.000000000", lines[0]);
        Assert.Equal(2, lines.Length);
        var n = lines[1].Split(' ').Select(w => double.Parse(w, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(2 / 30.0, n[0], 6);
        var read = RigidTransform.FromQuaternion(n[4], n[5], n[6], n[7], new Vector3d(n[1], n[2], n[3]));
        Assert.True((read.Inverse() * pose).RotationAngle < 1e-8);
        Assert.True((read.Translation - pose.Translation).Length < 1e-8);
    }

    [Fact]
    public void Writers_leave_their_stream_open()
    {
        using var stream = new MemoryStream();
        var mesh = TestMeshes.Octahedron();
        PlyWriter.WriteMesh(stream, mesh);
        ObjWriter.Write(stream, mesh);
        StlWriter.Write(stream, mesh);
        GlbWriter.Write(stream, mesh);
        TrajectoryWriter.Write(stream, []);
        Assert.True(stream.CanWrite);
    }

    [Fact]
    public void A_mesh_without_colour_or_sigma_is_written_without()
    {
        var full = TestMeshes.Octahedron();
        var bare = new TriangleMesh(full.Vertices, full.Normals, full.Triangles);
        Assert.DoesNotContain("red", Encoding.Latin1.GetString(TestMeshes.Bytes(s => PlyWriter.WriteMesh(s, bare))), StringComparison.Ordinal);
        Assert.DoesNotContain("COLOR_0", Encoding.Latin1.GetString(TestMeshes.Bytes(s => GlbWriter.Write(s, bare))), StringComparison.Ordinal);
        Assert.Contains("v 0.01 0.07 0.4\n", Encoding.Latin1.GetString(TestMeshes.Bytes(s => ObjWriter.Write(s, bare))), StringComparison.Ordinal);
    }
}
