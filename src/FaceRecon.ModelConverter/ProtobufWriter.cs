using System.Buffers.Binary;
using System.Text;

namespace FaceRecon.ModelConverter;

/// <summary>Writes the wire format of Protocol Buffers: a key (field number and wire type) before every value.</summary>
internal sealed class ProtobufWriter
{
    private const int Variable = 0, Delimited = 2, Fixed32 = 5;

    private readonly MemoryStream _bytes = new();

    public byte[] ToArray() => _bytes.ToArray();

    public void Integer(int field, long value)
    {
        Key(field, Variable);
        VariableLength((ulong)value);
    }

    public void Float(int field, float value)
    {
        Key(field, Fixed32);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.Write(bytes);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Key(field, Delimited);
        VariableLength((ulong)value.Length);
        _bytes.Write(value);
    }

    public void Message(int field, Action<ProtobufWriter> write)
    {
        var inner = new ProtobufWriter();
        write(inner);
        Bytes(field, inner.ToArray());
    }

    private void Key(int field, int wireType) => VariableLength((ulong)(field << 3 | wireType));

    private void VariableLength(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.WriteByte((byte)(value | 0x80));
        _bytes.WriteByte((byte)value);
    }
}
