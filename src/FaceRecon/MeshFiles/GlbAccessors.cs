using System.Buffers.Binary;
using System.Text.Json;

namespace FaceRecon;

/// <summary>The arrays of numbers that a glTF document describes, in its binary chunk.</summary>
internal sealed class GlbAccessors(JsonElement root, ReadOnlyMemory<byte> binary, string path)
{
    /// <summary>The numbers of an accessor; integers as shares of their type's largest.</summary>
    /// <param name="number">The accessor.</param>
    /// <param name="components">Numbers an element. Of colours, 4 are given for 3.</param>
    /// <param name="count">Elements that there must be; -1 for any number.</param>
    public float[] Floats(int number, int components, int count = -1)
    {
        var view = Open(number, MeshFile.MaximumVertices);
        var stored = view.Components == 3 && components == 4 ? 3 : components;
        if (view.Components != stored || (count >= 0 && view.Count != count))
            throw Invalid(number, $"has {view.Count} elements of {view.Components}");
        var bytes = view.Bytes.Span;
        var values = new float[view.Count * components];
        for (var i = 0; i < view.Count; i++)
        {
            var element = bytes.Slice(i * view.Stride, stored * view.Size);
            for (var c = 0; c < stored; c++)
                values[i * components + c] = view.Type switch
                {
                    GlbFile.Float => BinaryPrimitives.ReadSingleLittleEndian(element[(4 * c)..]),
                    GlbFile.UnsignedShort => BinaryPrimitives.ReadUInt16LittleEndian(element[(2 * c)..]) / 65535f,
                    GlbFile.UnsignedByte => element[c] / 255f,
                    _ => throw Invalid(number, $"has numbers of type {view.Type}"),
                };
        }
        return values;
    }

    /// <summary>The vertex indices of an accessor, each below <paramref name="vertices"/>.</summary>
    public int[] Indices(int number, int vertices)
    {
        var view = Open(number, 3 * MeshFile.MaximumTriangles);
        var bytes = view.Bytes.Span;
        var indices = new int[view.Count];
        for (var i = 0; i < view.Count; i++)
        {
            var element = bytes[(i * view.Stride)..];
            var index = view.Type switch
            {
                GlbFile.UnsignedInt => BinaryPrimitives.ReadUInt32LittleEndian(element),
                GlbFile.UnsignedShort => BinaryPrimitives.ReadUInt16LittleEndian(element),
                GlbFile.UnsignedByte => element[0],
                _ => throw Invalid(number, $"has indices of type {view.Type}"),
            };
            indices[i] = index < vertices ? (int)index : throw Invalid(number, $"refers to vertex {index} of {vertices}");
        }
        return view.Components == 1 ? indices : throw Invalid(number, $"has {view.Components} indices an element");
    }

    /// <summary>The bytes of a view.</summary>
    public ReadOnlyMemory<byte> View(int number)
    {
        var view = Element(root, "bufferViews", number, path);
        var (start, length) = (Optional(view, "byteOffset", 0), view.GetProperty("byteLength").GetInt64());
        if (view.GetProperty("buffer").GetInt32() != 0 || Element(root, "buffers", 0, path).TryGetProperty("uri", out _))
            throw MeshFile.Invalid(path, $"its view {number} is not in this file");
        return start >= 0 && start <= binary.Length && length >= 0 && length <= binary.Length - start
            ? binary.Slice((int)start, (int)length)
            : throw MeshFile.Invalid(path, $"its view {number} does not lie inside the file");
    }

    /// <summary>An entry of one of the document's arrays.</summary>
    public static JsonElement Element(JsonElement root, string name, int number, string path)
    {
        var array = root.GetProperty(name);
        return number >= 0 && number < array.GetArrayLength() ? array[number] : throw MeshFile.Invalid(path, $"there is no {number} of its {name}");
    }

    private readonly record struct Numbers(ReadOnlyMemory<byte> Bytes, int Count, int Stride, int Size, int Components, int Type);

    /// <summary>Where an accessor's numbers lie, all of them inside the file.</summary>
    private Numbers Open(int number, int most)
    {
        var accessor = Element(root, "accessors", number, path);
        var type = accessor.GetProperty("componentType").GetInt32();
        var size = type switch { GlbFile.UnsignedByte => 1, GlbFile.UnsignedShort => 2, GlbFile.UnsignedInt or GlbFile.Float => 4, _ => 0 };
        var components = accessor.GetProperty("type").GetString() switch { "SCALAR" => 1, "VEC2" => 2, "VEC3" => 3, "VEC4" => 4, _ => 0 };
        if (size == 0 || components == 0 || accessor.TryGetProperty("sparse", out _))
            throw Invalid(number, "is of a kind that is not read");
        var place = accessor.GetProperty("bufferView").GetInt32();
        var bytes = View(place);
        var stride = Optional(Element(root, "bufferViews", place, path), "byteStride", size * components);
        var count = MeshFile.Checked(accessor.GetProperty("count").GetInt64(), most, path, "elements");
        var offset = Optional(accessor, "byteOffset", 0);
        if (stride < size * components || stride > 252 || offset < 0 || offset > bytes.Length || count == 0 || (count - 1) * stride + size * components > bytes.Length - offset)
            throw Invalid(number, "does not lie inside the file");
        return new Numbers(bytes[(int)offset..], count, (int)stride, size, components, type);
    }

    private static long Optional(JsonElement element, string name, long otherwise) =>
        element.TryGetProperty(name, out var value) ? value.GetInt64() : otherwise;

    private FaceReconException Invalid(int number, string what) => MeshFile.Invalid(path, $"its accessor {number} {what}");
}
