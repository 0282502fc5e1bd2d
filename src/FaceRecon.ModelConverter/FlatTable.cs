using System.Buffers.Binary;
using System.Text;

namespace FaceRecon.ModelConverter;

/// <summary>
/// A table of a FlatBuffer: a signed offset to its vtable, which holds for each field number where in the
/// table that field stands, 0 where it has its default.
/// </summary>
internal readonly struct FlatTable(ReadOnlyMemory<byte> buffer, int position)
{
    /// <summary>The table that the buffer's first four bytes point at.</summary>
    public static FlatTable Root(ReadOnlyMemory<byte> buffer) => new(buffer, Follow(buffer.Span, 0));

    public int Int32(int field, int otherwise = 0) =>
        Find(field) is var at and > 0 ? BinaryPrimitives.ReadInt32LittleEndian(buffer.Span[at..]) : otherwise;

    public byte Byte(int field) => Find(field) is var at and > 0 ? buffer.Span[at] : (byte)0;

    public FlatTable? Table(int field) =>
        Find(field) is var at and > 0 ? new FlatTable(buffer, Follow(buffer.Span, at)) : null;

    public FlatTable[] Tables(int field)
    {
        var (start, count) = Vector(field);
        var tables = new FlatTable[count];
        for (var i = 0; i < count; i++)
            tables[i] = new FlatTable(buffer, Follow(buffer.Span, start + 4 * i));
        return tables;
    }

    public int[] Int32s(int field)
    {
        var (start, count) = Vector(field);
        var numbers = new int[count];
        for (var i = 0; i < count; i++)
            numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(buffer.Span[(start + 4 * i)..]);
        return numbers;
    }

    public ReadOnlyMemory<byte> Bytes(int field)
    {
        var (start, count) = Vector(field);
        return buffer.Slice(start, count);
    }

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    private (int Start, int Count) Vector(int field)
    {
        if (Find(field) is not (var at and > 0))
            return (0, 0);
        var start = Follow(buffer.Span, at);
        return (start + 4, BinaryPrimitives.ReadInt32LittleEndian(buffer.Span[start..]));
    }

    private int Find(int field)
    {
        var bytes = buffer.Span;
        var virtualTable = position - BinaryPrimitives.ReadInt32LittleEndian(bytes[position..]);
        var size = BinaryPrimitives.ReadUInt16LittleEndian(bytes[virtualTable..]);
        var slot = 4 + 2 * field;
        if (slot >= size)
            return 0;
        var offset = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(virtualTable + slot)..]);
        return offset == 0 ? 0 : position + offset;
    }

    private static int Follow(ReadOnlySpan<byte> bytes, int at) => at + BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
}
