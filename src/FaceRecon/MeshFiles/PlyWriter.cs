using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace FaceRecon;

/// <summary>
/// Writes PLY (Stanford polygon format): float positions and normals, 8-bit colours, a float property sigma, the
/// standard deviation along the normal, and an 8-bit property filled, 1 where a gap in the data was closed and nothing
/// measured. Binary little-endian unless asked for text.
/// </summary>
public static class PlyWriter
{
    private const int RecordsPerBuffer = 4096;

    /// <summary>Writes a mesh: vertices x y z nx ny nz [red green blue] [sigma] [filled], faces as vertex_indices.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="mesh">The mesh, metres.</param>
    /// <param name="options">Unit, text or binary, provenance; null for the defaults.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void WriteMesh(Stream stream, TriangleMesh mesh, MeshFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(mesh);
        options ??= new MeshFileOptions();
        var (colored, uncertain, marked) = (mesh.Colors.Length > 0, mesh.Sigma.Length > 0, mesh.Filled.Length > 0);
        var layout = new VertexLayout(colored, uncertain, marked);
        WriteHeader(stream, options, mesh.VertexCount, layout, mesh.TriangleCount);
        var scale = options.Scale;
        WriteVertices(stream, options.Ascii, mesh.VertexCount, layout, (int i, ref VertexRecord v) =>
        {
            v.Position = mesh.Vertices[i] * scale;
            v.Normal = mesh.Normals[i];
            if (colored)
                (v.Red, v.Green, v.Blue) = (mesh.Colors[3 * i], mesh.Colors[3 * i + 1], mesh.Colors[3 * i + 2]);
            if (uncertain)
                v.Sigma = mesh.Sigma[i] * scale;
            if (marked)
                v.Filled = (byte)(mesh.Filled[i] ? 1 : 0);
        });
        WriteFaces(stream, options.Ascii, mesh.Triangles);
    }

    /// <summary>Writes a cloud: vertices x y z nx ny nz red green blue sigma.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="cloud">The cloud, metres.</param>
    /// <param name="options">Unit, text or binary, provenance; null for the defaults.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void WriteCloud(Stream stream, PointCloud cloud, MeshFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(cloud);
        options ??= new MeshFileOptions();
        var layout = new VertexLayout(Colored: true, Uncertain: true, Marked: false);
        WriteHeader(stream, options, cloud.Count, layout, -1);
        var scale = options.Scale;
        WriteVertices(stream, options.Ascii, cloud.Count, layout, (int i, ref VertexRecord v) =>
        {
            v.Position = new Vector3(cloud.X[i], cloud.Y[i], cloud.Z[i]) * scale;
            v.Normal = new Vector3(cloud.NormalX[i], cloud.NormalY[i], cloud.NormalZ[i]);
            (v.Red, v.Green, v.Blue) = (cloud.Colors[3 * i], cloud.Colors[3 * i + 1], cloud.Colors[3 * i + 2]);
            v.Sigma = cloud.Sigma[i] * scale;
        });
    }

    private struct VertexRecord
    {
        public Vector3 Position;
        public Vector3 Normal;
        public byte Red;
        public byte Green;
        public byte Blue;
        public float Sigma;
        public byte Filled;
    }

    /// <summary>Which properties the vertices have beside positions and normals.</summary>
    private readonly record struct VertexLayout(bool Colored, bool Uncertain, bool Marked)
    {
        public int Size => 24 + (Colored ? 3 : 0) + (Uncertain ? 4 : 0) + (Marked ? 1 : 0);
    }

    private delegate void FillVertex(int index, ref VertexRecord record);

    private static void WriteHeader(Stream stream, MeshFileOptions options, int vertices, VertexLayout layout, int faces)
    {
        var header = new StringBuilder("ply\nformat ").Append(options.Ascii ? "ascii" : "binary_little_endian").Append(" 1.0\n");
        foreach (var line in options.CommentLines())
            header.Append("comment ").Append(line).Append('\n');
        header.Append(CultureInfo.InvariantCulture, $"element vertex {vertices}\n");
        foreach (var name in (ReadOnlySpan<string>)["x", "y", "z", "nx", "ny", "nz"])
            header.Append("property float ").Append(name).Append('\n');
        if (layout.Colored)
            header.Append("property uchar red\nproperty uchar green\nproperty uchar blue\n");
        if (layout.Uncertain)
            header.Append("property float sigma\n");
        if (layout.Marked)
            header.Append("property uchar filled\n");
        if (faces >= 0)
            header.Append(CultureInfo.InvariantCulture, $"element face {faces}\nproperty list uchar int vertex_indices\n");
        stream.Write(Encoding.ASCII.GetBytes(header.Append("end_header\n").ToString()));
    }

    private static void WriteVertices(Stream stream, bool ascii, int count, VertexLayout layout, FillVertex fill)
    {
        var buffer = new byte[RecordsPerBuffer * (ascii ? 160 : layout.Size)];
        var used = 0;
        var record = new VertexRecord();
        for (var i = 0; i < count; i++)
        {
            fill(i, ref record);
            used += ascii
                ? FormatVertex(buffer.AsSpan(used), record, layout)
                : PackVertex(buffer.AsSpan(used), record, layout);
            if (i % RecordsPerBuffer == RecordsPerBuffer - 1 || i == count - 1)
            {
                stream.Write(buffer, 0, used);
                used = 0;
            }
        }
    }

    private static int PackVertex(Span<byte> target, in VertexRecord record, VertexLayout layout)
    {
        BinaryPrimitives.WriteSingleLittleEndian(target, record.Position.X);
        BinaryPrimitives.WriteSingleLittleEndian(target[4..], record.Position.Y);
        BinaryPrimitives.WriteSingleLittleEndian(target[8..], record.Position.Z);
        BinaryPrimitives.WriteSingleLittleEndian(target[12..], record.Normal.X);
        BinaryPrimitives.WriteSingleLittleEndian(target[16..], record.Normal.Y);
        BinaryPrimitives.WriteSingleLittleEndian(target[20..], record.Normal.Z);
        var used = 24;
        if (layout.Colored)
        {
            (target[24], target[25], target[26]) = (record.Red, record.Green, record.Blue);
            used = 27;
        }
        if (layout.Uncertain)
        {
            BinaryPrimitives.WriteSingleLittleEndian(target[used..], record.Sigma);
            used += 4;
        }
        if (layout.Marked)
            target[used] = record.Filled;
        return layout.Size;
    }

    private static int FormatVertex(Span<byte> target, in VertexRecord record, VertexLayout layout)
    {
        var line = new AsciiLine(target);
        line.Add(record.Position.X);
        line.Add(record.Position.Y);
        line.Add(record.Position.Z);
        line.Add(record.Normal.X);
        line.Add(record.Normal.Y);
        line.Add(record.Normal.Z);
        if (layout.Colored)
        {
            line.Add(record.Red);
            line.Add(record.Green);
            line.Add(record.Blue);
        }
        if (layout.Uncertain)
            line.Add(record.Sigma);
        if (layout.Marked)
            line.Add(record.Filled);
        return line.End();
    }

    private static void WriteFaces(Stream stream, bool ascii, int[] triangles)
    {
        var buffer = new byte[RecordsPerBuffer * (ascii ? 40 : 13)];
        var used = 0;
        for (var i = 0; i < triangles.Length; i += 3)
        {
            var target = buffer.AsSpan(used);
            if (ascii)
            {
                var line = new AsciiLine(target);
                line.Add(3);
                line.Add(triangles[i]);
                line.Add(triangles[i + 1]);
                line.Add(triangles[i + 2]);
                used += line.End();
            }
            else
            {
                target[0] = 3;
                BinaryPrimitives.WriteInt32LittleEndian(target[1..], triangles[i]);
                BinaryPrimitives.WriteInt32LittleEndian(target[5..], triangles[i + 1]);
                BinaryPrimitives.WriteInt32LittleEndian(target[9..], triangles[i + 2]);
                used += 13;
            }
            if (i / 3 % RecordsPerBuffer == RecordsPerBuffer - 1 || i == triangles.Length - 3)
            {
                stream.Write(buffer, 0, used);
                used = 0;
            }
        }
    }
}
