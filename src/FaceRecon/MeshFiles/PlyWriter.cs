using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace FaceRecon;

/// <summary>
/// Writes PLY (Stanford polygon format): float positions and normals, 8-bit colours, and a float
/// property sigma, the standard deviation along the normal. Binary little-endian unless asked for text.
/// </summary>
public static class PlyWriter
{
    private const int RecordsPerBuffer = 4096;

    /// <summary>Writes a mesh: vertices x y z nx ny nz [red green blue] [sigma], faces as vertex_indices.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="mesh">The mesh, metres.</param>
    /// <param name="options">Unit, text or binary, provenance; null for the defaults.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void WriteMesh(Stream stream, TriangleMesh mesh, MeshFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(mesh);
        options ??= new MeshFileOptions();
        var (colored, uncertain) = (mesh.Colors.Length > 0, mesh.Sigma.Length > 0);
        WriteHeader(stream, options, mesh.VertexCount, colored, uncertain, mesh.TriangleCount);
        var scale = options.Scale;
        WriteVertices(stream, options.Ascii, mesh.VertexCount, colored, uncertain, (int i, ref VertexRecord v) =>
        {
            v.Position = mesh.Vertices[i] * scale;
            v.Normal = mesh.Normals[i];
            if (colored)
                (v.Red, v.Green, v.Blue) = (mesh.Colors[3 * i], mesh.Colors[3 * i + 1], mesh.Colors[3 * i + 2]);
            if (uncertain)
                v.Sigma = mesh.Sigma[i] * scale;
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
        WriteHeader(stream, options, cloud.Count, true, true, -1);
        var scale = options.Scale;
        WriteVertices(stream, options.Ascii, cloud.Count, true, true, (int i, ref VertexRecord v) =>
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
    }

    private delegate void FillVertex(int index, ref VertexRecord record);

    private static void WriteHeader(Stream stream, MeshFileOptions options, int vertices, bool colored, bool uncertain, int faces)
    {
        var header = new StringBuilder("ply\nformat ").Append(options.Ascii ? "ascii" : "binary_little_endian").Append(" 1.0\n");
        foreach (var line in options.CommentLines())
            header.Append("comment ").Append(line).Append('\n');
        header.Append(CultureInfo.InvariantCulture, $"element vertex {vertices}\n");
        foreach (var name in (ReadOnlySpan<string>)["x", "y", "z", "nx", "ny", "nz"])
            header.Append("property float ").Append(name).Append('\n');
        if (colored)
            header.Append("property uchar red\nproperty uchar green\nproperty uchar blue\n");
        if (uncertain)
            header.Append("property float sigma\n");
        if (faces >= 0)
            header.Append(CultureInfo.InvariantCulture, $"element face {faces}\nproperty list uchar int vertex_indices\n");
        stream.Write(Encoding.ASCII.GetBytes(header.Append("end_header\n").ToString()));
    }

    private static void WriteVertices(Stream stream, bool ascii, int count, bool colored, bool uncertain, FillVertex fill)
    {
        var size = 24 + (colored ? 3 : 0) + (uncertain ? 4 : 0);
        var buffer = new byte[RecordsPerBuffer * (ascii ? 160 : size)];
        var used = 0;
        var record = new VertexRecord();
        for (var i = 0; i < count; i++)
        {
            fill(i, ref record);
            used += ascii
                ? FormatVertex(buffer.AsSpan(used), record, colored, uncertain)
                : PackVertex(buffer.AsSpan(used), record, colored, uncertain);
            if (i % RecordsPerBuffer == RecordsPerBuffer - 1 || i == count - 1)
            {
                stream.Write(buffer, 0, used);
                used = 0;
            }
        }
    }

    private static int PackVertex(Span<byte> target, in VertexRecord record, bool colored, bool uncertain)
    {
        BinaryPrimitives.WriteSingleLittleEndian(target, record.Position.X);
        BinaryPrimitives.WriteSingleLittleEndian(target[4..], record.Position.Y);
        BinaryPrimitives.WriteSingleLittleEndian(target[8..], record.Position.Z);
        BinaryPrimitives.WriteSingleLittleEndian(target[12..], record.Normal.X);
        BinaryPrimitives.WriteSingleLittleEndian(target[16..], record.Normal.Y);
        BinaryPrimitives.WriteSingleLittleEndian(target[20..], record.Normal.Z);
        var used = 24;
        if (colored)
        {
            (target[24], target[25], target[26]) = (record.Red, record.Green, record.Blue);
            used = 27;
        }
        if (uncertain)
        {
            BinaryPrimitives.WriteSingleLittleEndian(target[used..], record.Sigma);
            used += 4;
        }
        return used;
    }

    private static int FormatVertex(Span<byte> target, in VertexRecord record, bool colored, bool uncertain)
    {
        var line = new AsciiLine(target);
        line.Add(record.Position.X);
        line.Add(record.Position.Y);
        line.Add(record.Position.Z);
        line.Add(record.Normal.X);
        line.Add(record.Normal.Y);
        line.Add(record.Normal.Z);
        if (colored)
        {
            line.Add(record.Red);
            line.Add(record.Green);
            line.Add(record.Blue);
        }
        if (uncertain)
            line.Add(record.Sigma);
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
