using System.Buffers.Text;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace FaceRecon;

/// <summary>
/// Reads Wavefront OBJ: v x y z [r g b], vn and f; polygons are cut into triangles, materials, texture coordinates, groups and
/// all else skipped. Where a vertex has several normals the first that a face names is taken.
/// </summary>
internal static class ObjReader
{
    /// <summary>What the file holds.</summary>
    /// <exception cref="FaceReconException">MeshInvalid.</exception>
    public static MeshFileContents Parse(ReadOnlySpan<byte> file, string path)
    {
        var reading = new Reading(path);
        var text = new WordScanner(file);
        while (text.TryReadLine(out var line))
            reading.Read(line);
        return reading.Contents();
    }

    private sealed class Reading(string path)
    {
        private readonly List<Vector3> _positions = [];
        private readonly List<byte> _colors = [];
        private readonly List<Vector3> _normals = [];
        private readonly List<int> _triangles = [];
        // For each vertex the number of its normal, from 1; 0 for none yet.
        private readonly List<int> _normalOf = [];
        private LengthUnit? _unit;
        private int _line;

        public void Read(WordScanner line)
        {
            _line++;
            var word = line.ReadWord();
            if (word.SequenceEqual("v"u8))
                ReadVertex(line);
            else if (word.SequenceEqual("vn"u8))
                ReadNormal(line);
            else if (word.SequenceEqual("f"u8))
                ReadFace(line);
            else if (word.SequenceEqual("#"u8) && line.ReadWord().SequenceEqual("unit"u8))
                _unit = MeshFileOptions.UnitNamed(Encoding.Latin1.GetString(line.ReadWord())) ?? _unit;
        }

        public MeshFileContents Contents()
        {
            var known = _normalOf.Count > 0 && !_normalOf.Contains(0);
            return new MeshFileContents([.. _positions], [.. _triangles])
            {
                Normals = known ? [.. _normalOf.Select(number => _normals[number - 1])] : null,
                // Colours of some vertices alone say nothing of the others.
                Colors = _colors.Count == 3 * _positions.Count && _colors.Count > 0 ? [.. _colors] : null,
                Unit = _unit,
            };
        }

        private void ReadVertex(WordScanner line)
        {
            Span<double> numbers = stackalloc double[7];
            var count = 0;
            while (count < numbers.Length && line.TryReadNumber(out var number))
                numbers[count++] = number;
            if (count < 3)
                throw Invalid("has a vertex without three coordinates");
            MeshFile.Checked(_positions.Count + 1L, MeshFile.MaximumVertices, path, "vertices");
            _positions.Add(new Vector3((float)numbers[0], (float)numbers[1], (float)numbers[2]));
            _normalOf.Add(0);
            for (var channel = 0; channel < 3 && count == 6; channel++)
                _colors.Add((byte)Math.Clamp(Math.Round(255 * numbers[3 + channel]), 0, 255));
        }

        private void ReadNormal(WordScanner line)
        {
            if (!line.TryReadNumber(out var x) || !line.TryReadNumber(out var y) || !line.TryReadNumber(out var z))
                throw Invalid("has a normal without three numbers");
            MeshFile.Checked(_normals.Count + 1L, 3 * MeshFile.MaximumTriangles, path, "normals");
            _normals.Add(new Vector3((float)x, (float)y, (float)z));
        }

        private void ReadFace(WordScanner line)
        {
            int first = 0, previous = 0, corners = 0;
            for (var word = line.ReadWord(); !word.IsEmpty; word = line.ReadWord())
            {
                var vertex = ReadCorner(word);
                if (++corners > MeshFile.MaximumPolygon)
                    throw Invalid($"has a face of more than {MeshFile.MaximumPolygon} corners");
                if (corners >= 3)
                    _triangles.AddRange([first, previous, vertex]);
                (first, previous) = (corners == 1 ? vertex : first, vertex);
            }
            if (corners < 3)
                throw Invalid("has a face of fewer than three corners");
            MeshFile.Checked(_triangles.Count / 3, MeshFile.MaximumTriangles, path, "triangles");
        }

        /// <summary>Reads v, v/vt, v//vn or v/vt/vn, and notes the vertex's normal.</summary>
        private int ReadCorner(ReadOnlySpan<byte> word)
        {
            var slash = word.IndexOf((byte)'/');
            var vertex = Index(slash < 0 ? word : word[..slash], _positions.Count, "vertex");
            if (slash < 0)
                return vertex;
            var rest = word[(slash + 1)..];
            slash = rest.IndexOf((byte)'/');
            ref var normal = ref CollectionsMarshal.AsSpan(_normalOf)[vertex];
            if (slash >= 0 && normal == 0)
                normal = 1 + Index(rest[(slash + 1)..], _normals.Count, "normal");
            return vertex;
        }

        /// <summary>A reference: from 1, or from the end with a minus.</summary>
        private int Index(ReadOnlySpan<byte> word, int count, string what)
        {
            if (!Utf8Parser.TryParse(word, out int number, out var used) || used != word.Length)
                throw Invalid($"has a face that refers to no {what}");
            var index = number < 0 ? (long)count + number : (long)number - 1;
            return index >= 0 && index < count ? (int)index : throw Invalid($"has a face that refers to {what} {number} of {count}");
        }

        private FaceReconException Invalid(string what) => MeshFile.Invalid(path, $"line {_line} {what}");
    }
}
