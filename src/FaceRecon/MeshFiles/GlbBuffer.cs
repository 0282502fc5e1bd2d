using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace FaceRecon;

/// <summary>The binary chunk of a glTF file as it grows, with the accessors and views that describe it.</summary>
internal sealed class GlbBuffer
{
    private readonly List<byte[]> _parts = [];
    private readonly JsonArray _accessors = [];
    private readonly JsonArray _views = [];
    private int _length;

    /// <summary>The chunk's parts, each a multiple of 4 bytes long, so that all begin where glTF wants numbers to.</summary>
    public IReadOnlyCollection<byte[]> Parts => _parts;

    /// <summary>Adds numbers of a mesh.</summary>
    /// <param name="values">Elements, whose size is a multiple of 4 bytes; integers stand for shares of their type's largest.</param>
    /// <param name="componentType">What glTF calls the type of a number.</param>
    /// <param name="type">What glTF calls an element.</param>
    /// <param name="target">What renderers use it for.</param>
    /// <returns>Its accessor.</returns>
    public int Add<T>(T[] values, int componentType, string type, int target = GlbFile.ArrayBuffer) where T : unmanaged
    {
        // Every platform that .NET 10 runs on is little-endian, as the file is.
        var view = AddView(MemoryMarshal.AsBytes<T>(values).ToArray(), target);
        JsonNode accessor = new JsonObject { ["bufferView"] = view, ["componentType"] = componentType, ["count"] = values.Length, ["type"] = type };
        if (componentType is not (GlbFile.Float or GlbFile.UnsignedInt))
            accessor["normalized"] = true;
        _accessors.Add(accessor);
        return _accessors.Count - 1;
    }

    /// <summary>Adds positions, with their bounds.</summary>
    /// <returns>Their accessor.</returns>
    public int AddPositions(Vector3[] positions)
    {
        var number = Add(positions, GlbFile.Float, "VEC3");
        var (low, high) = (new Vector3(float.MaxValue), new Vector3(float.MinValue));
        foreach (var position in positions)
            (low, high) = (Vector3.Min(low, position), Vector3.Max(high, position));
        _accessors[number]!["min"] = new JsonArray(low.X, low.Y, low.Z);
        _accessors[number]!["max"] = new JsonArray(high.X, high.Y, high.Z);
        return number;
    }

    /// <summary>Adds bytes.</summary>
    /// <returns>Their view.</returns>
    public int AddView(byte[] bytes, int? target = null)
    {
        JsonNode view = new JsonObject { ["buffer"] = 0, ["byteOffset"] = _length, ["byteLength"] = bytes.Length };
        if (target is { } use)
            view["target"] = use;
        _views.Add(view);
        if (bytes.Length % 4 != 0)
            Array.Resize(ref bytes, bytes.Length + (-bytes.Length & 3));
        _parts.Add(bytes);
        _length += bytes.Length;
        return _views.Count - 1;
    }

    /// <summary>Adds the accessors, views and the buffer to a document.</summary>
    public void Describe(JsonObject document)
    {
        document["accessors"] = _accessors;
        document["bufferViews"] = _views;
        document["buffers"] = new JsonArray(new JsonObject { ["byteLength"] = _length });
    }
}
