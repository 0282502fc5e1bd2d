using System.Buffers.Binary;

namespace FaceRecon;

/// <summary>The container of binary glTF 2.0: a header, a chunk of JSON, a chunk of numbers. And the codes that both sides need.</summary>
internal static class GlbFile
{
    public const int ArrayBuffer = 34962, ElementArrayBuffer = 34963;
    public const int UnsignedByte = 5121, UnsignedShort = 5123, UnsignedInt = 5125, Float = 5126;
    public const int Triangles = 4;

    private const uint Magic = 0x46546C67, Version = 2, JsonChunk = 0x4E4F534A, BinaryChunk = 0x004E4942;
    private const int HeaderLength = 12, ChunkHeaderLength = 8;

    /// <summary>Writes the container.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="json">The document.</param>
    /// <param name="parts">The binary chunk's parts, each a multiple of 4 bytes long.</param>
    public static void Write(Stream stream, byte[] json, IReadOnlyCollection<byte[]> parts)
    {
        var binaryLength = parts.Sum(part => part.Length);
        var padding = -json.Length & 3;
        var header = new byte[HeaderLength + ChunkHeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), Version);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), header.Length + json.Length + padding + ChunkHeaderLength + binaryLength);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), json.Length + padding);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), JsonChunk);
        stream.Write(header);
        stream.Write(json);
        stream.Write("   "u8[..padding]);
        var chunk = new byte[ChunkHeaderLength];
        BinaryPrimitives.WriteInt32LittleEndian(chunk, binaryLength);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(4), BinaryChunk);
        stream.Write(chunk);
        foreach (var part in parts)
            stream.Write(part);
    }

    /// <summary>The two chunks of a file.</summary>
    /// <exception cref="FaceReconException">MeshInvalid: no such file, or one that promises more than it holds.</exception>
    public static (ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Binary) Split(ReadOnlyMemory<byte> file, string path)
    {
        if (file.Length < HeaderLength || Word(file, 0) != Magic || Word(file, 4) != Version || Word(file, 8) > file.Length)
            throw MeshFile.Invalid(path, "it is not binary glTF 2.0, or cut short");
        var rest = file[HeaderLength..(int)Word(file, 8)];
        var json = TakeChunk(ref rest, JsonChunk, path);
        return (json, rest.IsEmpty ? default : TakeChunk(ref rest, BinaryChunk, path));
    }

    private static ReadOnlyMemory<byte> TakeChunk(ref ReadOnlyMemory<byte> rest, uint kind, string path)
    {
        if (rest.Length < ChunkHeaderLength || Word(rest, 0) > rest.Length - ChunkHeaderLength || Word(rest, 4) != kind)
            throw MeshFile.Invalid(path, "a chunk of it is longer than the file, or not where it should be");
        var chunk = rest.Slice(ChunkHeaderLength, (int)Word(rest, 0));
        rest = rest[(ChunkHeaderLength + chunk.Length)..];
        return chunk;
    }

    private static uint Word(ReadOnlyMemory<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[at..]);
}
