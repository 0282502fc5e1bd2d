using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>Reads PLY: text or binary, any number types; polygons are cut into triangles, unknown elements and properties skipped.</summary>
internal static class PlyReader
{
    private static readonly string[] VertexProperties = ["x", "y", "z", "nx", "ny", "nz", "red", "green", "blue", "sigma", "filled"];
    private const int NormalX = 3, Red = 6, Sigma = 9, Filled = 10;

    /// <summary>What the file holds.</summary>
    /// <exception cref="FaceReconException">MeshInvalid.</exception>
    public static MeshFileContents Parse(ReadOnlySpan<byte> file, string path)
    {
        var header = PlyHeader.Parse(file, path);
        var data = new PlyData(file[header.Length..], header.Encoding, path);
        MeshFileContents? contents = null;
        foreach (var element in header.Elements)
        {
            if (element.Name == "vertex" && contents is null)
                contents = ReadVertices(ref data, element) with { Unit = header.Unit };
            else if (element.Name == "face" && contents is not null)
                contents = contents with { Triangles = ReadFaces(ref data, element, contents.Vertices.Length, path) };
            else
                Skip(ref data, element);
        }
        return contents ?? throw MeshFile.Invalid(path, "it holds no vertices");
    }

    private static MeshFileContents ReadVertices(ref PlyData data, PlyElement element)
    {
        var slots = element.Properties.ConvertAll(p => p.CountType is null ? Array.IndexOf(VertexProperties, p.Name) : -1).ToArray();
        // Colours in floating point run from 0 to 1.
        var scales = element.Properties.ConvertAll(p => p.Type >= PlyType.Float32 ? 255.0 : 1).ToArray();
        if (!slots.Contains(0) || !slots.Contains(1) || !slots.Contains(2))
            throw MeshFile.Invalid(data.Path, "its vertices have no x, y and z");
        var count = MeshFile.Checked(element.Count, MeshFile.MaximumVertices, data.Path, "vertices");
        var positions = new Vector3[count];
        var normals = slots.Contains(NormalX) ? new Vector3[count] : null;
        var colors = slots.Contains(Red) ? new byte[3 * count] : null;
        var sigma = slots.Contains(Sigma) ? new float[count] : null;
        var filled = slots.Contains(Filled) ? new bool[count] : null;
        Span<double> vertex = stackalloc double[VertexProperties.Length];
        for (var i = 0; i < count; i++)
        {
            for (var p = 0; p < slots.Length; p++)
            {
                if (slots[p] < 0)
                    SkipProperty(ref data, element.Properties[p]);
                else
                    vertex[slots[p]] = data.Next(element.Properties[p].Type) * (slots[p] is >= Red and < Sigma ? scales[p] : 1);
            }
            positions[i] = new Vector3((float)vertex[0], (float)vertex[1], (float)vertex[2]);
            if (normals is not null)
                normals[i] = new Vector3((float)vertex[NormalX], (float)vertex[NormalX + 1], (float)vertex[NormalX + 2]);
            for (var channel = 0; channel < 3 && colors is not null; channel++)
                colors[3 * i + channel] = (byte)Math.Clamp(Math.Round(vertex[Red + channel]), 0, 255);
            if (sigma is not null)
                sigma[i] = (float)vertex[Sigma];
            if (filled is not null)
                filled[i] = vertex[Filled] != 0;
        }
        return new MeshFileContents(positions, []) { Normals = normals, Colors = colors, Sigma = sigma, Filled = filled };
    }

    private static int[] ReadFaces(ref PlyData data, PlyElement element, int vertexCount, string path)
    {
        var indices = element.Properties.FindIndex(p => p.CountType is not null && p.Name is "vertex_indices" or "vertex_index");
        if (indices < 0)
            throw MeshFile.Invalid(path, "its faces have no vertex_indices");
        var triangles = new List<int>(3 * MeshFile.Checked(element.Count, MeshFile.MaximumTriangles, path, "faces"));
        for (var i = 0; i < element.Count; i++)
        {
            for (var p = 0; p < element.Properties.Count; p++)
            {
                var property = element.Properties[p];
                if (p != indices)
                {
                    SkipProperty(ref data, property);
                    continue;
                }
                var corners = data.Next(property.CountType!.Value);
                if (!(corners >= 3 && corners <= MeshFile.MaximumPolygon))
                    throw MeshFile.Invalid(path, $"face {i} has {corners} corners");
                var first = Index(ref data, property.Type, i);
                var previous = Index(ref data, property.Type, i);
                for (var c = 2; c < (int)corners; c++)
                {
                    var next = Index(ref data, property.Type, i);
                    triangles.Add(first);
                    triangles.Add(previous);
                    triangles.Add(next);
                    previous = next;
                }
                MeshFile.Checked(triangles.Count / 3, MeshFile.MaximumTriangles, path, "triangles");
            }
        }
        return [.. triangles];

        int Index(ref PlyData data, PlyType type, int face)
        {
            var value = data.Next(type);
            return value >= 0 && value < vertexCount
                ? (int)value
                : throw MeshFile.Invalid(path, $"face {face} refers to vertex {value} of {vertexCount}");
        }
    }

    private static void Skip(ref PlyData data, PlyElement element)
    {
        for (var i = 0; i < element.Count; i++)
        {
            foreach (var property in element.Properties)
                SkipProperty(ref data, property);
        }
    }

    private static void SkipProperty(ref PlyData data, PlyProperty property)
    {
        var count = property.CountType is { } type ? data.Next(type) : 1;
        for (var i = 0; i < count; i++)
            data.Next(property.Type);
    }

    /// <summary>The numbers of a PLY file's data, one after the other.</summary>
    private ref struct PlyData(ReadOnlySpan<byte> data, PlyEncoding encoding, string path)
    {
        private ReadOnlySpan<byte> _rest = data;
        private WordScanner _words = new(data);

        public readonly string Path => path;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public double Next(PlyType type)
        {
            if (encoding == PlyEncoding.LittleEndian && type == PlyType.Float32 && _rest.Length >= 4)
            {
                var value = BinaryPrimitives.ReadSingleLittleEndian(_rest);
                _rest = _rest[4..];
                return value;
            }
            return encoding == PlyEncoding.Ascii ? NextWord() : NextBinary(type);
        }

        private double NextBinary(PlyType type)
        {
            var size = PlyHeader.Size(type);
            if (_rest.Length < size)
                throw MeshFile.Invalid(path, "its data ends early");
            var number = _rest[..size];
            _rest = _rest[size..];
            var little = encoding == PlyEncoding.LittleEndian;
            return type switch
            {
                PlyType.Int8 => (sbyte)number[0],
                PlyType.UInt8 => number[0],
                PlyType.Int16 => little ? BinaryPrimitives.ReadInt16LittleEndian(number) : BinaryPrimitives.ReadInt16BigEndian(number),
                PlyType.UInt16 => little ? BinaryPrimitives.ReadUInt16LittleEndian(number) : BinaryPrimitives.ReadUInt16BigEndian(number),
                PlyType.Int32 => little ? BinaryPrimitives.ReadInt32LittleEndian(number) : BinaryPrimitives.ReadInt32BigEndian(number),
                PlyType.UInt32 => little ? BinaryPrimitives.ReadUInt32LittleEndian(number) : BinaryPrimitives.ReadUInt32BigEndian(number),
                PlyType.Float32 => little ? BinaryPrimitives.ReadSingleLittleEndian(number) : BinaryPrimitives.ReadSingleBigEndian(number),
                _ => little ? BinaryPrimitives.ReadDoubleLittleEndian(number) : BinaryPrimitives.ReadDoubleBigEndian(number),
            };
        }

        private double NextWord() => _words.TryReadNumber(out var value)
            ? value
            : throw MeshFile.Invalid(path, "its data ends early or holds something that is no number");
    }
}
