using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// Reads PLY files: text or binary, any number types; polygons are cut into triangles, unknown
/// elements and properties are skipped. Files are not trusted: what the header promises is checked
/// against the file's size before memory is taken, every index against the number of vertices.
/// </summary>
public static class PlyReader
{
    /// <summary>Larger files hold no face.</summary>
    private const long MaximumFileLength = 1L << 30;
    private const int MaximumPolygon = 64;

    private static readonly string[] VertexProperties = ["x", "y", "z", "nx", "ny", "nz", "red", "green", "blue", "sigma"];

    /// <summary>Reads a mesh; lengths stay in the file's unit.</summary>
    /// <exception cref="FaceReconException">CaptureNotFound: there is no such file. ContainerCorrupt: it is no PLY mesh.</exception>
    public static TriangleMesh ReadMesh(string path)
    {
        var (vertices, present, triangles) = Read(path);
        if (triangles.Length == 0)
            throw PlyHeader.Corrupt(path, "it holds no faces, and a mesh is needed");
        var positions = new Vector3[vertices.Count];
        var normals = new Vector3[vertices.Count];
        for (var i = 0; i < vertices.Count; i++)
        {
            positions[i] = new Vector3(vertices.X[i], vertices.Y[i], vertices.Z[i]);
            normals[i] = new Vector3(vertices.NormalX[i], vertices.NormalY[i], vertices.NormalZ[i]);
        }
        return new TriangleMesh(positions, normals, triangles, present[6] ? vertices.Colors : null, present[9] ? vertices.Sigma : null);
    }

    /// <summary>Reads the vertices of a cloud or mesh; lengths stay in the file's unit, what the file lacks is zero.</summary>
    /// <exception cref="FaceReconException">CaptureNotFound: there is no such file. ContainerCorrupt: it is no PLY file.</exception>
    public static PointCloud ReadCloud(string path) => Read(path).Vertices;

    private static (PointCloud Vertices, bool[] Present, int[] Triangles) Read(string path)
    {
        var file = Load(path);
        var header = PlyHeader.Parse(file, path);
        var data = new PlyData(file.AsSpan(header.Length), header.Encoding, path);
        PointCloud? vertices = null;
        var present = new bool[VertexProperties.Length];
        int[] triangles = [];
        foreach (var element in header.Elements)
        {
            if (element.Name == "vertex" && vertices is null)
                vertices = ReadVertices(ref data, element, present);
            else if (element.Name == "face" && vertices is not null)
                triangles = ReadFaces(ref data, element, vertices.Count, path);
            else
                Skip(ref data, element);
        }
        if (vertices is null)
            throw PlyHeader.Corrupt(path, "it holds no vertices");
        return (vertices, present, triangles);
    }

    private static byte[] Load(string path)
    {
        try
        {
            var information = new FileInfo(path);
            if (!information.Exists)
                throw new FaceReconException(ErrorId.CaptureNotFound, $"There is no file '{path}'; check the path.", path);
            if (information.Length > MaximumFileLength)
                throw PlyHeader.Corrupt(path, $"it is {information.Length >> 20} MB long, more than any face");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaceReconException(ErrorId.ContainerCorrupt, $"'{path}' cannot be read: {e.Message}", path, innerException: e);
        }
    }

    private static PointCloud ReadVertices(ref PlyData data, PlyElement element, bool[] present)
    {
        var slots = element.Properties.ConvertAll(p => p.CountType is null ? Array.IndexOf(VertexProperties, p.Name) : -1).ToArray();
        // Colours in floating point run from 0 to 1.
        var scales = element.Properties.ConvertAll(p => p.Type >= PlyType.Float32 ? 255.0 : 1).ToArray();
        foreach (var slot in slots)
        {
            if (slot >= 0)
                present[slot] = true;
        }
        if (!present[0] || !present[1] || !present[2])
            throw PlyHeader.Corrupt(data.Path, "its vertices have no x, y and z");
        var cloud = new PointCloud(element.Count);
        for (var i = 0; i < element.Count; i++)
        {
            for (var p = 0; p < slots.Length; p++)
            {
                if (slots[p] < 0)
                {
                    SkipProperty(ref data, element.Properties[p]);
                    continue;
                }
                var value = data.Next(element.Properties[p].Type);
                switch (slots[p])
                {
                    case 0: cloud.X[i] = (float)value; break;
                    case 1: cloud.Y[i] = (float)value; break;
                    case 2: cloud.Z[i] = (float)value; break;
                    case 3: cloud.NormalX[i] = (float)value; break;
                    case 4: cloud.NormalY[i] = (float)value; break;
                    case 5: cloud.NormalZ[i] = (float)value; break;
                    case 9: cloud.Sigma[i] = (float)value; break;
                    default: cloud.Colors[3 * i + slots[p] - 6] = (byte)Math.Clamp(Math.Round(value * scales[p]), 0, 255); break;
                }
            }
        }
        return cloud;
    }

    private static int[] ReadFaces(ref PlyData data, PlyElement element, int vertexCount, string path)
    {
        var indices = element.Properties.FindIndex(p => p.CountType is not null && p.Name is "vertex_indices" or "vertex_index");
        if (indices < 0)
            throw PlyHeader.Corrupt(path, "its faces have no vertex_indices");
        var triangles = new List<int>(Math.Min(element.Count, 1 << 20) * 3);
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
                if (!(corners >= 3 && corners <= MaximumPolygon))
                    throw PlyHeader.Corrupt(path, $"face {i} has {corners} corners");
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
            }
        }
        return [.. triangles];

        int Index(ref PlyData data, PlyType type, int face)
        {
            var value = data.Next(type);
            return value >= 0 && value < vertexCount
                ? (int)value
                : throw PlyHeader.Corrupt(path, $"face {face} refers to vertex {value} of {vertexCount}");
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
    private ref struct PlyData(ReadOnlySpan<byte> rest, PlyEncoding encoding, string path)
    {
        private ReadOnlySpan<byte> _rest = rest;

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
                throw PlyHeader.Corrupt(path, "its data ends early");
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

        private double NextWord()
        {
            var start = _rest.IndexOfAnyExcept(" \t\r\n"u8);
            if (start < 0)
                throw PlyHeader.Corrupt(path, "its data ends early");
            _rest = _rest[start..];
            if (!Utf8Parser.TryParse(_rest, out double value, out var used) || (used < _rest.Length && !" \t\r\n"u8.Contains(_rest[used])))
                throw PlyHeader.Corrupt(path, "its data holds something that is no number");
            _rest = _rest[used..];
            return value;
        }
    }
}
