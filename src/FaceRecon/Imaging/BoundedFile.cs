using System.Buffers;

namespace FaceRecon;

/// <summary>The bytes of a small file in a rented buffer, given back on disposal. No file makes us read more than the caller allows.</summary>
internal readonly struct BoundedFile : IDisposable
{
    private readonly byte[] _buffer;
    private readonly int _length;

    private BoundedFile(byte[] buffer, int length) => (_buffer, _length) = (buffer, length);

    internal ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads the whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">Most bytes it may have.</param>
    /// <param name="missing">The error where it does not exist.</param>
    /// <param name="unreadable">The error where it is empty, no plain file, or cannot be read.</param>
    /// <param name="tooLarge">The error where it has more than <paramref name="maxBytes"/>.</param>
    internal static BoundedFile Read(string path, int maxBytes, ErrorId missing, ErrorId unreadable, ErrorId tooLarge)
    {
        try
        {
            // The size comes before the opening: pipes and devices have none, and could keep us waiting for ever.
            // A link has the size of its text, so it is followed first.
            var length = (File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path)).Length;
            if (length > maxBytes)
                throw new FaceReconException(tooLarge, $"{path} has {length} bytes; no more than {maxBytes} are read.", path);
            if (length == 0)
                throw new FaceReconException(unreadable, $"{path} is empty.", path);
            using var file = File.OpenHandle(path);
            var buffer = ArrayPool<byte>.Shared.Rent((int)length);
            var read = 0;
            for (int n; read < length && (n = RandomAccess.Read(file, buffer.AsSpan(read, (int)length - read), read)) > 0; read += n) ;
            return new BoundedFile(buffer, read);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FaceReconException(missing, $"{path} does not exist.", path, innerException: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaceReconException(unreadable, $"{path} cannot be read: {e.Message}", path, innerException: e);
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
