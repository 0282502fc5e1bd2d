using System.Globalization;
using System.Text;

namespace FaceRecon;

/// <summary>Number types of PLY.</summary>
internal enum PlyType { Int8, UInt8, Int16, UInt16, Int32, UInt32, Float32, Float64 }

/// <summary>Encodings of a PLY file's data.</summary>
internal enum PlyEncoding { Ascii, LittleEndian, BigEndian }

/// <summary>A property of a PLY element; a list when <paramref name="CountType"/> is given.</summary>
internal sealed record PlyProperty(string Name, PlyType Type, PlyType? CountType);

/// <summary>An element of a PLY file: so many records of these properties.</summary>
internal sealed record PlyElement(string Name, int Count, List<PlyProperty> Properties);

/// <summary>The header of a PLY file, checked against the size of the data before anything is allocated for it.</summary>
internal sealed class PlyHeader
{
    /// <summary>No sensible header is longer.</summary>
    private const int MaximumLength = 64 * 1024;
    private const int MaximumProperties = 256;

    private PlyHeader(PlyEncoding encoding, List<PlyElement> elements, LengthUnit? unit, int length)
    {
        Encoding = encoding;
        Elements = elements;
        Unit = unit;
        Length = length;
    }

    /// <summary>How the data is encoded.</summary>
    public PlyEncoding Encoding { get; }
    /// <summary>The elements in the order of the file.</summary>
    public IReadOnlyList<PlyElement> Elements { get; }
    /// <summary>The unit that a comment states; null where none does.</summary>
    public LengthUnit? Unit { get; }
    /// <summary>Bytes of the header; the data follows.</summary>
    public int Length { get; }

    /// <summary>Bytes of a number.</summary>
    public static int Size(PlyType type) => type switch
    {
        PlyType.Int8 or PlyType.UInt8 => 1,
        PlyType.Int16 or PlyType.UInt16 => 2,
        PlyType.Float64 => 8,
        _ => 4,
    };

    /// <summary>Reads the header at the start of <paramref name="file"/>.</summary>
    /// <exception cref="FaceReconException">MeshInvalid: no PLY header, or one that promises more than the file holds.</exception>
    public static PlyHeader Parse(ReadOnlySpan<byte> file, string path)
    {
        var head = file[..Math.Min(file.Length, MaximumLength)];
        if (!head.StartsWith("ply\n"u8) && !head.StartsWith("ply\r\n"u8))
            throw MeshFile.Invalid(path, "it does not begin with 'ply'");
        var end = head.IndexOf("\nend_header"u8);
        var length = end < 0 ? -1 : end + "\nend_header".Length;
        if (length >= 0 && length < head.Length && head[length] == '\r')
            length++;
        if (length < 0 || length >= head.Length || head[length] != '\n')
            throw MeshFile.Invalid(path, "its header does not end");
        var lines = System.Text.Encoding.Latin1.GetString(head[..end]).Split('\n');
        PlyEncoding? encoding = null;
        LengthUnit? unit = null;
        var elements = new List<PlyElement>();
        foreach (var line in lines.AsSpan(1))
        {
            var words = line.Split((char[]?)[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["comment", "unit", var stated])
                unit = MeshFileOptions.UnitNamed(stated);
            else if (words.Length == 0 || words[0] is "comment" or "obj_info")
                continue;
            else if (words is ["format", var format, "1.0"])
                encoding = Encodings(format) ?? throw MeshFile.Invalid(path, $"the format '{Shown(format)}' is unknown");
            else if (words is ["element", var name, var count])
                elements.Add(new PlyElement(name, ParseCount(count, path), []));
            else if (elements.Count > 0 && elements[^1].Properties.Count < MaximumProperties && ParseProperty(words) is { } property)
                elements[^1].Properties.Add(property);
            else
                throw MeshFile.Invalid(path, $"the header line '{Shown(line.Trim())}' makes no sense");
        }
        var header = new PlyHeader(encoding ?? throw MeshFile.Invalid(path, "its header states no format"), elements, unit, length + 1);
        header.CheckAgainst(file.Length - header.Length, path);
        return header;
    }

    private void CheckAgainst(long available, string path)
    {
        foreach (var element in Elements)
        {
            // The least that a record takes: in text a digit and a separator a number, in binary its bytes, or those of an empty list.
            long record = 0;
            foreach (var property in element.Properties)
                record += Encoding == PlyEncoding.Ascii ? 2 : Size(property.CountType ?? property.Type);
            if (record == 0 && element.Count > 0)
                throw MeshFile.Invalid(path, $"its element '{Shown(element.Name)}' has no properties");
            available -= record * element.Count;
            if (Encoding == PlyEncoding.Ascii ? available < -1 : available < 0)
                throw MeshFile.Invalid(path, $"its header promises {element.Count} of '{Shown(element.Name)}', more than the file holds");
        }
    }

    private static PlyEncoding? Encodings(string format) => format switch
    {
        "ascii" => PlyEncoding.Ascii,
        "binary_little_endian" => PlyEncoding.LittleEndian,
        "binary_big_endian" => PlyEncoding.BigEndian,
        _ => null,
    };

    private static int ParseCount(string text, string path) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw MeshFile.Invalid(path, $"'{Shown(text)}' is no number of records");

    private static PlyProperty? ParseProperty(string[] words) => words switch
    {
        ["property", "list", var countType, var type, var name]
            when ParseType(countType) is { } c && c < PlyType.Float32 && ParseType(type) is { } t => new PlyProperty(name, t, c),
        ["property", var type, var name] when ParseType(type) is { } t => new PlyProperty(name, t, null),
        _ => null,
    };

    private static PlyType? ParseType(string name) => name switch
    {
        "char" or "int8" => PlyType.Int8,
        "uchar" or "uint8" => PlyType.UInt8,
        "short" or "int16" => PlyType.Int16,
        "ushort" or "uint16" => PlyType.UInt16,
        "int" or "int32" => PlyType.Int32,
        "uint" or "uint32" => PlyType.UInt32,
        "float" or "float32" => PlyType.Float32,
        "double" or "float64" => PlyType.Float64,
        _ => null,
    };

    /// <summary>Text of a hostile file as it may be shown: short and printable.</summary>
    private static string Shown(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, 40)))
            shown.Append(c is < ' ' or > '~' ? '?' : c);
        return shown.ToString();
    }
}
