using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace FaceRecon;

/// <summary>
/// Writes binary glTF 2.0: one mesh with POSITION, NORMAL and _SIGMA (the standard deviation of each vertex in metres), y up, metres.
/// Its colours are COLOR_0 (linear light in 16 bit, as glTF has it) or, where it has one, a texture with TEXCOORD_0: not both, for
/// glTF multiplies them. Provenance is in asset.extras.
/// </summary>
public static class GlbWriter
{
    // Codes of glTF's samplers: linear between texels and between smaller copies, the edge's texel beyond the edge.
    private const int Linear = 9729, LinearMipmapLinear = 9987, ClampToEdge = 33071;

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
        var buffer = new GlbBuffer();
        var primitive = Primitive(buffer, mesh, (frame ?? UprightFrame.Camera).ToYUp());
        var document = new JsonObject
        {
            ["asset"] = Asset(options ?? new MeshFileOptions()),
            ["scene"] = 0,
            ["scenes"] = new JsonArray(new JsonObject { ["nodes"] = new JsonArray(0) }),
            ["nodes"] = new JsonArray(new JsonObject { ["mesh"] = 0, ["name"] = "face" }),
            ["meshes"] = new JsonArray(new JsonObject { ["name"] = "face", ["primitives"] = new JsonArray(primitive) }),
            ["materials"] = new JsonArray(Skin(mesh.Texture is not null)),
        };
        if (mesh.Texture is { } texture)
        {
            var view = buffer.AddView(ImageFile.EncodePng(texture.Image));
            document["images"] = new JsonArray(new JsonObject { ["bufferView"] = view, ["mimeType"] = "image/png", ["name"] = "skin" });
            document["samplers"] = new JsonArray(new JsonObject
            {
                ["magFilter"] = Linear, ["minFilter"] = LinearMipmapLinear, ["wrapS"] = ClampToEdge, ["wrapT"] = ClampToEdge,
            });
            document["textures"] = new JsonArray(new JsonObject { ["sampler"] = 0, ["source"] = 0 });
        }
        buffer.Describe(document);
        GlbFile.Write(stream, Encoding.UTF8.GetBytes(document.ToJsonString()), buffer.Parts);
    }

    private static JsonObject Asset(MeshFileOptions options)
    {
        var asset = new JsonObject { ["version"] = "2.0", ["generator"] = $"FaceRecon {FaceExport.Version}" };
        var extras = new JsonObject { ["unit"] = "metre" };
        foreach (var (name, value) in options.Provenance)
            extras[name] = value;
        asset["extras"] = extras;
        return asset;
    }

    private static JsonObject Primitive(GlbBuffer buffer, TriangleMesh mesh, RigidTransform turn)
    {
        // A vertex that lies in several charts of a texture is written once for each, as glTF has one place a vertex.
        var vertices = mesh.Texture?.VerticesOfPlaces(mesh.Triangles);
        T[] Each<T>(T[] values) => vertices is null ? values : Array.ConvertAll(vertices, v => values[v]);
        var normals = Turned(Each(mesh.Normals), turn);
        for (var i = 0; i < normals.Length; i++)
            normals[i] = normals[i].LengthSquared() > 0 ? Vector3.Normalize(normals[i]) : Vector3.UnitZ;
        var attributes = new JsonObject
        {
            ["POSITION"] = buffer.AddPositions(Turned(Each(mesh.Vertices), turn)),
            ["NORMAL"] = buffer.Add(normals, GlbFile.Float, "VEC3"),
        };
        if (mesh.Texture is { } texture)
            attributes["TEXCOORD_0"] = buffer.Add(texture.Coordinates, GlbFile.Float, "VEC2");
        else if (mesh.Colors.Length > 0)
            attributes["COLOR_0"] = buffer.Add(LinearColors(mesh.Colors), GlbFile.UnsignedShort, "VEC4");
        if (mesh.Sigma.Length > 0)
            attributes["_SIGMA"] = buffer.Add(Each(mesh.Sigma), GlbFile.Float, "SCALAR");
        return new JsonObject
        {
            ["attributes"] = attributes,
            ["indices"] = buffer.Add(mesh.Texture?.Corners ?? mesh.Triangles, GlbFile.UnsignedInt, "SCALAR", GlbFile.ElementArrayBuffer),
            ["material"] = 0,
        };
    }

    // Skin neither shines like metal nor like glass; a scan has no thickness, so both sides show.
    private static JsonObject Skin(bool textured)
    {
        var surface = new JsonObject { ["metallicFactor"] = 0, ["roughnessFactor"] = 0.8 };
        if (textured)
            surface["baseColorTexture"] = new JsonObject { ["index"] = 0 };
        return new JsonObject { ["name"] = "skin", ["pbrMetallicRoughness"] = surface, ["doubleSided"] = true };
    }

    private static Vector3[] Turned(Vector3[] vectors, RigidTransform turn) =>
        Array.ConvertAll(vectors, v => UprightFrame.ToSingle(turn.Rotate(new Vector3d(v.X, v.Y, v.Z))));

    /// <summary>sRGB bytes as linear light in 16 bits with an opaque alpha.</summary>
    private static GlbColor[] LinearColors(byte[] colors)
    {
        static ushort Linear(byte code) => (ushort)(ushort.MaxValue * Srgb.LinearOfByte[code] + 0.5f);
        var linear = new GlbColor[colors.Length / 3];
        for (var i = 0; i < linear.Length; i++)
            linear[i] = new GlbColor(Linear(colors[3 * i]), Linear(colors[3 * i + 1]), Linear(colors[3 * i + 2]), ushort.MaxValue);
        return linear;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct GlbColor(ushort Red, ushort Green, ushort Blue, ushort Alpha);
}
