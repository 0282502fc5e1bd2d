using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace FaceRecon.ModelConverter;

/// <summary>
/// The canonical face out of MediaPipe's GeometryPipelineMetadata (face_geometry/protos): message
/// canonical_mesh = 1 with vertex_buffer = 3 (x, y, z, u, v each, centimetres) and index_buffer = 4.
/// </summary>
internal static class FaceGeometry
{
    private const int FloatsPerVertex = 5;

    /// <summary>The mesh as a Wavefront OBJ: x to the subject's left, y up, z out of the face, centimetres as in the source.</summary>
    public static string ToObj(ReadOnlySpan<byte> metadata)
    {
        if (metadata.Length < 2 || metadata[0] != (1 << 3 | 2))
            throw new InvalidDataException("No canonical face where it should be.");
        var start = 1;
        var length = (int)ReadVariableLength(metadata, ref start);
        var mesh = metadata.Slice(start, length);
        var (vertices, indices) = (new List<float>(), new List<ulong>());
        for (var at = 0; at < mesh.Length;)
        {
            var key = ReadVariableLength(mesh, ref at);
            switch (key & 7)
            {
                case 0:
                    var value = ReadVariableLength(mesh, ref at);
                    if (key >> 3 == 4)
                        indices.Add(value);
                    break;
                case 5:
                    if (key >> 3 == 3)
                        vertices.Add(BinaryPrimitives.ReadSingleLittleEndian(mesh[at..]));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {key & 7} in the canonical face.");
            }
        }
        var text = new StringBuilder("# MediaPipe's canonical face (Apache-2.0), centimetres\n");
        for (var i = 0; i < vertices.Count; i += FloatsPerVertex)
            text.Append(CultureInfo.InvariantCulture, $"v {vertices[i]} {vertices[i + 1]} {vertices[i + 2]}\n");
        for (var i = 0; i < indices.Count; i += 3)
            text.Append(CultureInfo.InvariantCulture, $"f {indices[i] + 1} {indices[i + 1] + 1} {indices[i + 2] + 1}\n");
        return text.ToString();
    }

    private static ulong ReadVariableLength(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
