using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FaceRecon;

/// <summary>
/// Writes binary glTF 2.0: one mesh with POSITION, NORMAL, COLOR_0 (linear light, 16 bit, as glTF has
/// it) and _SIGMA (the standard deviation of each vertex in metres), y up, metres. Provenance is in
/// asset.extras.
/// </summary>
public static class GlbWriter
{
    /// <summary>Writes a mesh, turned so that it stands upright and faces +z.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="mesh">The mesh, metres.</param>
    /// <param name="frame">Which way is up and forward in the mesh's frame; null for <see cref="UprightFrame.Camera"/>.</param>
    /// <param name="options">Provenance; the unit is always the metre. Null for the defaults.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(Stream stream, TriangleMesh mesh, UprightFrame? frame = null, MeshFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(mesh);
        var turn = (frame ?? UprightFrame.Camera).ToYUp();
        var positions = Turned(mesh.Vertices, turn);
        var normals = Turned(mesh.Normals, turn);
        for (var i = 0; i < normals.Length; i++)
            normals[i] = normals[i].LengthSquared() > 0 ? Vector3.Normalize(normals[i]) : Vector3.UnitZ;

        var attributes = new List<Attribute>
        {
            new("POSITION", GlbFile.Float, "VEC3", false, positions.Length, Bytes<Vector3>(positions)),
            new("NORMAL", GlbFile.Float, "VEC3", false, normals.Length, Bytes<Vector3>(normals)),
        };
        if (mesh.Colors.Length > 0)
            attributes.Add(new("COLOR_0", GlbFile.UnsignedShort, "VEC4", true, mesh.VertexCount, Bytes<ushort>(LinearColors(mesh.Colors))));
        if (mesh.Sigma.Length > 0)
            attributes.Add(new("_SIGMA", GlbFile.Float, "SCALAR", false, mesh.VertexCount, Bytes<float>(mesh.Sigma)));
        var indices = new Attribute("indices", GlbFile.UnsignedInt, "SCALAR", false, mesh.Triangles.Length, Bytes<int>(mesh.Triangles));

        var json = Json([.. attributes, indices], positions, options ?? new MeshFileOptions());
        // All attributes are multiples of 4 bytes long, so that each begins where glTF wants it.
        GlbFile.Write(stream, json, [.. attributes.Append(indices).Select(attribute => attribute.Data)]);
    }

    private sealed record Attribute(string Name, int ComponentType, string Type, bool Normalized, int Count, byte[] Data);

    private static byte[] Json(List<Attribute> accessors, Vector3[] positions, MeshFileOptions options)
    {
        using var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartObject("asset");
        json.WriteString("version", "2.0");
        json.WriteString("generator", "FaceRecon");
        if (options.Provenance.Count > 0)
        {
            json.WriteStartObject("extras");
            foreach (var (name, value) in options.Provenance.DistinctBy(pair => pair.Key))
                json.WriteString(name, value);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteNumber("scene", 0);
        WriteScene(json, accessors);
        WriteAccessors(json, accessors, positions);
        var offset = 0;
        json.WriteStartArray("bufferViews");
        foreach (var accessor in accessors)
        {
            json.WriteStartObject();
            json.WriteNumber("buffer", 0);
            json.WriteNumber("byteOffset", offset);
            json.WriteNumber("byteLength", accessor.Data.Length);
            json.WriteNumber("target", accessor.Name == "indices" ? GlbFile.ElementArrayBuffer : GlbFile.ArrayBuffer);
            json.WriteEndObject();
            offset += accessor.Data.Length;
        }
        json.WriteEndArray();
        json.WriteStartArray("buffers");
        json.WriteStartObject();
        json.WriteNumber("byteLength", offset);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.ToArray();
    }

    private static void WriteScene(Utf8JsonWriter json, List<Attribute> accessors)
    {
        // Skin neither shines like metal nor like glass; a scan has no thickness, so both sides show.
        json.WriteRawProperty("scenes", """[{"nodes":[0]}]""");
        json.WriteRawProperty("nodes", """[{"mesh":0,"name":"face"}]""");
        json.WriteRawProperty("materials",
            """[{"name":"skin","pbrMetallicRoughness":{"metallicFactor":0,"roughnessFactor":0.8},"doubleSided":true}]""");
        json.WriteStartArray("meshes");
        json.WriteStartObject();
        json.WriteString("name", "face");
        json.WriteStartArray("primitives");
        json.WriteStartObject();
        json.WriteStartObject("attributes");
        for (var i = 0; i < accessors.Count - 1; i++)
            json.WriteNumber(accessors[i].Name, i);
        json.WriteEndObject();
        json.WriteNumber("indices", accessors.Count - 1);
        json.WriteNumber("material", 0);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteRawProperty(this Utf8JsonWriter json, string name, string value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value);
    }

    private static void WriteAccessors(Utf8JsonWriter json, List<Attribute> accessors, Vector3[] positions)
    {
        json.WriteStartArray("accessors");
        for (var i = 0; i < accessors.Count; i++)
        {
            var accessor = accessors[i];
            json.WriteStartObject();
            json.WriteNumber("bufferView", i);
            json.WriteNumber("componentType", accessor.ComponentType);
            json.WriteNumber("count", accessor.Count);
            json.WriteString("type", accessor.Type);
            if (accessor.Normalized)
                json.WriteBoolean("normalized", true);
            if (accessor.Name == "POSITION")
            {
                var (low, high) = (new Vector3(float.MaxValue), new Vector3(float.MinValue));
                foreach (var position in positions)
                    (low, high) = (Vector3.Min(low, position), Vector3.Max(high, position));
                WriteVector("min", low);
                WriteVector("max", high);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();

        void WriteVector(string name, Vector3 v)
        {
            json.WriteStartArray(name);
            json.WriteNumberValue(v.X);
            json.WriteNumberValue(v.Y);
            json.WriteNumberValue(v.Z);
            json.WriteEndArray();
        }
    }

    private static Vector3[] Turned(Vector3[] vectors, RigidTransform turn) =>
        Array.ConvertAll(vectors, v => UprightFrame.ToSingle(turn.Rotate(new Vector3d(v.X, v.Y, v.Z))));

    /// <summary>sRGB bytes as linear light in 16 bits with an opaque alpha (IEC 61966-2-1).</summary>
    private static ushort[] LinearColors(byte[] colors)
    {
        var result = new ushort[colors.Length / 3 * 4];
        for (var i = 0; i < colors.Length / 3; i++)
        {
            for (var channel = 0; channel < 3; channel++)
                result[4 * i + channel] = (ushort)(65535 * Srgb.LinearOfByte[colors[3 * i + channel]] + 0.5f);
            result[4 * i + 3] = ushort.MaxValue;
        }
        return result;
    }

    /// <summary>The numbers as the little-endian bytes of the file; every platform that .NET 10 runs on is little-endian.</summary>
    private static byte[] Bytes<T>(T[] values) where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();
}
