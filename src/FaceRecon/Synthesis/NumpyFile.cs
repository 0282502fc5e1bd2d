using System.Text;

namespace FaceRecon;

/// <summary>One-dimensional arrays of bytes in NumPy's file format, version 1.0.</summary>
internal static class NumpyFile
{
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    /// <summary>The bytes as a file.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> values)
    {
        var description = Header(values.Length);
        // Magic, length and description fill a multiple of 64 bytes and end with a line feed.
        var length = (Magic.Length + 2 + description.Length + 1 + 63) / 64 * 64;
        var file = new byte[length + values.Length];
        file.AsSpan(0, length).Fill((byte)' ');
        Magic.CopyTo(file);
        var padded = length - Magic.Length - 2;
        (file[8], file[9]) = ((byte)padded, (byte)(padded >> 8));
        Encoding.ASCII.GetBytes(description).CopyTo(file, 10);
        file[length - 1] = (byte)'\n';
        values.CopyTo(file.AsSpan(length));
        return file;
    }

    /// <summary>The bytes of a file, of which there must be <paramref name="count"/>.</summary>
    /// <exception cref="FaceReconException">CaptureNotFound or ContainerCorrupt.</exception>
    public static byte[] ReadBytes(string path, int count)
    {
        var information = new FileInfo(path);
        if (!information.Exists)
            throw new FaceReconException(ErrorId.CaptureNotFound, $"There is no file '{path}'; generate the capture again.", path);
        // The header's length is known only from inside; no header of one array is longer than this.
        if (information.Length < count || information.Length > count + 4096L)
            throw Corrupt(path, count);
        var file = File.ReadAllBytes(path);
        if (!file.AsSpan().StartsWith(Magic) || file.Length < 10)
            throw Corrupt(path, count);
        var start = 10 + file[8] + (file[9] << 8);
        if (file.Length - start != count || !Encoding.ASCII.GetString(file, 10, start - 10).StartsWith(Header(count), StringComparison.Ordinal))
            throw Corrupt(path, count);
        return file[start..];
    }

    private static string Header(int count) =>
        FormattableString.Invariant($"{{'descr': '|u1', 'fortran_order': False, 'shape': ({count},), }}");

    private static FaceReconException Corrupt(string path, int count) =>
        new(ErrorId.ContainerCorrupt, $"'{path}' is no NumPy array of {count} bytes; generate the capture again.", path);
}
