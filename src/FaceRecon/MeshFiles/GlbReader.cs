using System.Numerics;
using System.Text.Json;

namespace FaceRecon;

/// <summary>
/// Reads binary glTF 2.0 as <see cref="GlbWriter"/> and others write it: the triangles of all meshes, joined, with their normals,
/// colours (linear light, made sRGB; or those of the embedded texture) and _SIGMA. What would need more of glTF than that, parts placed by nodes, compression,
/// sparse or outside data, is refused and not read wrongly.
/// </summary>
internal static class GlbReader
{
    private const int MaximumJson = 16 << 20;
    private const int MaximumDepth = 32;

    /// <summary>What the file holds.</summary>
    /// <exception cref="FaceReconException">MeshInvalid.</exception>
    public static MeshFileContents Parse(ReadOnlyMemory<byte> file, string path)
    {
        var (json, binary) = GlbFile.Split(file, path);
        if (json.Length > MaximumJson)
            throw MeshFile.Invalid(path, $"its description is {json.Length >> 20} MB long");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaximumDepth });
            return Read(document.RootElement, binary, path);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw MeshFile.Invalid(path, $"its description is not glTF's ({e.Message.TrimEnd('.')})", e);
        }
    }

    private static MeshFileContents Read(JsonElement root, ReadOnlyMemory<byte> binary, string path)
    {
        if (root.TryGetProperty("extensionsRequired", out var extensions))
            throw MeshFile.Invalid(path, $"it needs extensions, of which none is read: {Shown(extensions)}");
        foreach (var node in Elements(root, "nodes"))
        {
            if (node.TryGetProperty("matrix", out _) || node.TryGetProperty("rotation", out _) || node.TryGetProperty("translation", out _) || node.TryGetProperty("scale", out _))
                throw MeshFile.Invalid(path, "its nodes place and turn its meshes, which is not read: export it with all transforms applied");
        }
        // Points and lines have no surface.
        var primitives = Elements(root, "meshes").SelectMany(mesh => Elements(mesh, "primitives"))
            .Where(primitive => !primitive.TryGetProperty("mode", out var mode) || mode.GetInt32() == GlbFile.Triangles).ToArray();
        var accessors = new GlbAccessors(root, binary, path);
        var joined = new JoinedPrimitives(accessors, path);
        foreach (var primitive in primitives)
            joined.Add(primitive);
        var contents = joined.Contents();
        return primitives.Length == 1 && GlbPicture.Read(root, primitives[0], accessors, path) is { } picture
            ? WithTexture(contents, primitives[0], accessors, picture)
            : contents;
    }

    private static MeshFileContents WithTexture(MeshFileContents contents, JsonElement primitive, GlbAccessors accessors, ColorImage picture)
    {
        if (!primitive.GetProperty("attributes").TryGetProperty("TEXCOORD_0", out var accessor))
            return contents;
        var numbers = accessors.Floats(accessor.GetInt32(), 2, contents.Vertices.Length);
        var places = new Vector2[contents.Vertices.Length];
        for (var i = 0; i < places.Length; i++)
            places[i] = float.IsFinite(numbers[2 * i] + numbers[2 * i + 1]) ? new Vector2(numbers[2 * i], numbers[2 * i + 1]) : Vector2.Zero;
        return contents with { Texture = new MeshTexture(places, contents.Triangles, picture), Colors = contents.Colors ?? GlbPicture.ColorsAt(picture, places) };
    }

    private static IEnumerable<JsonElement> Elements(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var array) ? array.EnumerateArray() : [];

    private static string Shown(JsonElement element) => element.GetRawText() is var text && text.Length <= 80 ? text : text[..80];

    private sealed class JoinedPrimitives(GlbAccessors accessors, string path)
    {
        private readonly List<Vector3> _positions = [], _normals = [];
        private readonly List<byte> _colors = [];
        private readonly List<float> _sigma = [];
        private readonly List<int> _triangles = [];

        public void Add(JsonElement primitive)
        {
            var attributes = primitive.GetProperty("attributes");
            var first = _positions.Count;
            var position = accessors.Floats(attributes.GetProperty("POSITION").GetInt32(), 3);
            MeshFile.Checked(first + position.Length / 3L, MeshFile.MaximumVertices, path, "vertices");
            AddVectors(_positions, position);
            var count = _positions.Count - first;
            if (attributes.TryGetProperty("NORMAL", out var normal))
                AddVectors(_normals, accessors.Floats(normal.GetInt32(), 3, count));
            if (attributes.TryGetProperty("COLOR_0", out var color))
                AddColors(accessors.Floats(color.GetInt32(), 4, count));
            if (attributes.TryGetProperty("_SIGMA", out var sigma))
                _sigma.AddRange(accessors.Floats(sigma.GetInt32(), 1, count));
            var indices = primitive.TryGetProperty("indices", out var accessor) ? accessors.Indices(accessor.GetInt32(), count) : [.. Enumerable.Range(0, count)];
            MeshFile.Checked((_triangles.Count + indices.Length) / 3, MeshFile.MaximumTriangles, path, "triangles");
            if (indices.Length % 3 != 0)
                throw MeshFile.Invalid(path, "its last triangle has not three corners");
            foreach (var index in indices)
                _triangles.Add(first + index);
        }

        /// <summary>What some of the primitives lack, none has.</summary>
        public MeshFileContents Contents() => new([.. _positions], [.. _triangles])
        {
            Normals = _normals.Count == _positions.Count ? [.. _normals] : null,
            Colors = _colors.Count == 3 * _positions.Count ? [.. _colors] : null,
            Sigma = _sigma.Count == _positions.Count ? [.. _sigma] : null,
            Unit = LengthUnit.Metre,
        };

        private static void AddVectors(List<Vector3> target, float[] numbers)
        {
            for (var i = 0; i < numbers.Length; i += 3)
                target.Add(new Vector3(numbers[i], numbers[i + 1], numbers[i + 2]));
        }

        private void AddColors(float[] numbers)
        {
            for (var i = 0; i < numbers.Length; i += 4)
                _colors.AddRange([Srgb.ToByte(numbers[i]), Srgb.ToByte(numbers[i + 1]), Srgb.ToByte(numbers[i + 2])]);
        }
    }
}
