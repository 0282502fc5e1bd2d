using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace FaceRecon;

/// <summary>
/// Writes binary STL: for each triangle its normal and three corners. The format knows neither colours
/// nor shared vertices nor a unit; the unit and the provenance stand in the 80 bytes of header, which readers skip.
/// </summary>
public static class StlWriter
{
    internal const int HeaderLength = 80;
    internal const int RecordLength = 50;
    private const int RecordsPerBuffer = 2048;

    /// <summary>Writes a mesh.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="mesh">The mesh, metres.</param>
    /// <param name="options">Unit and provenance; null for the defaults.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(Stream stream, TriangleMesh mesh, MeshFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(mesh);
        options ??= new MeshFileOptions();
        var header = new byte[HeaderLength + 4];
        // Not beginning with "solid", by which readers tell text. As much of the provenance as has room.
        var text = string.Join(", ", (string[])["binary STL", .. options.CommentLines()]);
        Encoding.ASCII.GetBytes(text.AsSpan(0, Math.Min(text.Length, HeaderLength)), header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(HeaderLength), mesh.TriangleCount);
        stream.Write(header);

        var buffer = new byte[RecordsPerBuffer * RecordLength];
        for (var start = 0; start < mesh.TriangleCount; start += RecordsPerBuffer)
        {
            var count = Math.Min(RecordsPerBuffer, mesh.TriangleCount - start);
            for (var i = 0; i < count; i++)
                Pack(mesh, start + i, options.Scale, buffer.AsSpan(i * RecordLength));
            stream.Write(buffer, 0, count * RecordLength);
        }
    }

    private static void Pack(TriangleMesh mesh, int triangle, float scale, Span<byte> record)
    {
        var a = mesh.Vertices[mesh.Triangles[3 * triangle]] * scale;
        var b = mesh.Vertices[mesh.Triangles[3 * triangle + 1]] * scale;
        var c = mesh.Vertices[mesh.Triangles[3 * triangle + 2]] * scale;
        var normal = Vector3.Cross(b - a, c - a);
        var length = normal.Length();
        Pack(length > 0 ? normal / length : Vector3.Zero, record);
        Pack(a, record[12..]);
        Pack(b, record[24..]);
        Pack(c, record[36..]);
    }

    private static void Pack(Vector3 vector, Span<byte> target)
    {
        BinaryPrimitives.WriteSingleLittleEndian(target, vector.X);
        BinaryPrimitives.WriteSingleLittleEndian(target[4..], vector.Y);
        BinaryPrimitives.WriteSingleLittleEndian(target[8..], vector.Z);
    }
}
