using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace FaceRecon;

/// <summary>Reads STL, binary or text. Corners at the same place become one vertex; the triangles' normals are not used.</summary>
internal static class StlReader
{
    /// <summary>What the file holds.</summary>
    /// <exception cref="FaceReconException">MeshInvalid.</exception>
    public static MeshFileContents Parse(ReadOnlySpan<byte> file, string path)
    {
        var welding = new Welding(path);
        // Binary files may begin with "solid" too; only they have just the length that their count of triangles makes.
        var isBinary = file.Length >= StlWriter.HeaderLength + 4 &&
            file.Length == StlWriter.HeaderLength + 4 + (long)StlWriter.RecordLength * BinaryPrimitives.ReadUInt32LittleEndian(file[StlWriter.HeaderLength..]);
        if (isBinary)
            ReadBinary(file, welding);
        else if (file.StartsWith("solid"u8))
            ReadText(file, welding, path);
        else
            throw MeshFile.Invalid(path, "it is neither text that begins with 'solid' nor as long as its number of triangles demands");
        return welding.Contents() with { Unit = isBinary ? StatedUnit(file[..StlWriter.HeaderLength]) : null };
    }

    private static void ReadBinary(ReadOnlySpan<byte> file, Welding welding)
    {
        for (var rest = file[(StlWriter.HeaderLength + 4)..]; !rest.IsEmpty; rest = rest[StlWriter.RecordLength..])
        {
            for (var corner = 0; corner < 3; corner++)
            {
                var numbers = rest[(12 + 12 * corner)..];
                welding.Add(new Vector3(BinaryPrimitives.ReadSingleLittleEndian(numbers),
                    BinaryPrimitives.ReadSingleLittleEndian(numbers[4..]), BinaryPrimitives.ReadSingleLittleEndian(numbers[8..])));
            }
        }
    }

    private static void ReadText(ReadOnlySpan<byte> file, Welding welding, string path)
    {
        var words = new WordScanner(file);
        for (var word = words.ReadWord(); !word.IsEmpty; word = words.ReadWord())
        {
            if (!word.SequenceEqual("vertex"u8))
                continue;
            if (!words.TryReadNumber(out var x) || !words.TryReadNumber(out var y) || !words.TryReadNumber(out var z))
                throw MeshFile.Invalid(path, "it has a vertex without three coordinates");
            welding.Add(new Vector3((float)x, (float)y, (float)z));
        }
    }

    // As StlWriter writes it: "... unit millimetre ...".
    private static LengthUnit? StatedUnit(ReadOnlySpan<byte> header)
    {
        var words = Encoding.Latin1.GetString(header).Split((char[])[' ', ',', '\0'], StringSplitOptions.RemoveEmptyEntries);
        var at = Array.IndexOf(words, "unit");
        return at >= 0 && at + 1 < words.Length ? MeshFileOptions.UnitNamed(words[at + 1]) : null;
    }

    private sealed class Welding(string path)
    {
        private readonly Dictionary<Vector3, int> _numbers = [];
        private readonly List<Vector3> _vertices = [];
        private readonly List<int> _corners = [];

        public void Add(Vector3 corner)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, corner, out var known);
            if (!known)
            {
                MeshFile.Checked(_vertices.Count + 1L, MeshFile.MaximumVertices, path, "vertices");
                number = _vertices.Count;
                _vertices.Add(corner);
            }
            MeshFile.Checked((_corners.Count + 3L) / 3, MeshFile.MaximumTriangles, path, "triangles");
            _corners.Add(number);
        }

        public MeshFileContents Contents() => _corners.Count % 3 == 0
            ? new MeshFileContents([.. _vertices], [.. _corners])
            : throw MeshFile.Invalid(path, "its last triangle has not three corners");
    }
}
