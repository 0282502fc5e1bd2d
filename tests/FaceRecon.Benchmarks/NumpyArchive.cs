using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace FaceRecon;

/// <summary>Arrays of floating-point numbers in a NumPy archive (.npz): a ZIP of .npy files, row-major, little-endian.</summary>
internal static partial class NumpyArchive
{
    private const int MostValues = 16 << 20;
    private const int LongestHeader = 4096;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    /// <summary>The values of one array, which must have the given shape.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ContainerCorrupt"/>: no such array, or not of floats in that shape.</exception>
    public static double[] Read(string path, string name, params int[] shape)
    {
        try
        {
            using var archive = ZipFile.OpenRead(path);
            using var stream = archive.GetEntry(name + ".npy")?.Open() ?? throw new InvalidDataException("it is not there");
            return Read(stream, shape);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new FaceReconException(ErrorId.ContainerCorrupt, $"The array '{name}' of '{path}' cannot be used: {error.Message}", path, innerException: error);
        }
    }

    private static double[] Read(Stream stream, int[] shape)
    {
        var start = new byte[10];
        stream.ReadExactly(start);
        if (!start.AsSpan().StartsWith(Magic))
            throw new InvalidDataException("it is no NumPy array of version 1.0");
        var length = BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8));
        if (length > LongestHeader)
            throw new InvalidDataException("its header is too long");
        var header = new byte[length];
        stream.ReadExactly(header);
        var match = Description().Match(Encoding.ASCII.GetString(header));
        var stated = match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (!match.Success || !stated.SequenceEqual(shape.Select(size => size.ToString(CultureInfo.InvariantCulture))))
            throw new InvalidDataException($"it is no row-major array of floats of shape ({string.Join(", ", shape)})");
        var count = shape.Aggregate(1L, (product, size) => product * size);
        if (count > MostValues)
            throw new InvalidDataException("it is too large");
        var size = match.Groups["size"].Value == "8" ? 8 : 4;
        var bytes = new byte[count * size];
        stream.ReadExactly(bytes);
        var values = new double[count];
        for (var i = 0; i < values.Length; i++)
            values[i] = size == 8 ? BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8 * i)) : BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * i));
        return values;
    }

    [GeneratedRegex(@"'descr': '<f(?<size>[48])', 'fortran_order': False, 'shape': \((?<shape>[0-9, ]*)\)")]
    private static partial Regex Description();
}
