using System.IO.Compression;
using System.Numerics;

namespace FaceRecon;

/// <summary>
/// A mesh in few bytes, for a page that carries it: positions on a grid of 65536 steps along the longest side (4 micrometres
/// on a head), lengths in micrometres, everything as differences between neighbours, in planes of bytes, deflated.
/// <c>geometry.js</c> reads what this writes.
/// </summary>
internal sealed class PackedGeometry
{
    /// <summary>What lengths are rounded to, metres.</summary>
    public const double LengthStep = 1e-6;
    private const int Unknown = 65535;
    // What the middle of the range stands for in lengths that have a sign.
    private const int SignedZero = 32767;

    private readonly MemoryStream _bytes = new();

    /// <summary>Packs a mesh.</summary>
    /// <param name="mesh">The mesh; its positions must be finite.</param>
    /// <param name="error">A signed length a vertex, metres, NaN where it is unknown; empty for none.</param>
    public PackedGeometry(TriangleMesh mesh, float[] error)
    {
        var (low, high) = mesh.VertexCount == 0 ? (Vector3.Zero, Vector3.Zero) : (new Vector3(float.MaxValue), new Vector3(float.MinValue));
        foreach (var v in mesh.Vertices)
            (low, high) = (Vector3.Min(low, v), Vector3.Max(high, v));
        Origin = low;
        var size = high - low;
        Step = Math.Max(Math.Max((double)size.X, size.Y), Math.Max(size.Z, 1e-6)) / 65535;
        var words = new int[mesh.VertexCount];
        for (var axis = 0; axis < 3; axis++)
        {
            for (var v = 0; v < words.Length; v++)
                words[v] = (int)Math.Round(((double)mesh.Vertices[v][axis] - low[axis]) / Step);
            AddWords(words);
        }
        if (mesh.Colors.Length > 0)
            AddColors(mesh.Colors);
        if (mesh.Sigma.Length > 0)
            AddWords(Array.ConvertAll(mesh.Sigma, sigma => Length(sigma, 0)));
        if (error.Length > 0)
            AddWords(Array.ConvertAll(error, length => Length(length, SignedZero)));
        AddTriangles(mesh.Triangles);
    }

    /// <summary>The position that the grid begins at, metres.</summary>
    public Vector3 Origin { get; }
    /// <summary>Edge of the grid's cells, metres; a position is off by half of it at most.</summary>
    public double Step { get; }

    /// <summary>The whole as a zlib stream.</summary>
    public byte[] Compress()
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            _bytes.WriteTo(zlib);
        return compressed.ToArray();
    }

    private static int Length(float length, int zero) =>
        float.IsFinite(length) ? (int)Math.Clamp(Math.Round(length / LengthStep) + zero, 0, Unknown - 1) : Unknown;

    // Small for small numbers of either sign.
    private static int ZigZag(int n) => n << 1 ^ n >> 31;

    private void AddWords(int[] words)
    {
        var planes = new byte[2 * words.Length];
        var last = 0;
        for (var i = 0; i < words.Length; i++)
        {
            // As the difference of 16-bit numbers, which wraps.
            var difference = ZigZag((short)(words[i] - last));
            (planes[i], planes[words.Length + i], last) = ((byte)difference, (byte)(difference >> 8), words[i]);
        }
        _bytes.Write(planes);
    }

    private void AddColors(byte[] colors)
    {
        var planes = new byte[colors.Length];
        var count = colors.Length / 3;
        for (var channel = 0; channel < 3; channel++)
        {
            byte last = 0;
            for (var i = 0; i < count; i++)
            {
                planes[channel * count + i] = (byte)(colors[3 * i + channel] - last);
                last = colors[3 * i + channel];
            }
        }
        _bytes.Write(planes);
    }

    private void AddTriangles(int[] triangles)
    {
        var first = 0;
        for (var t = 0; t < triangles.Length; t += 3)
        {
            AddNumber(triangles[t] - first);
            AddNumber(triangles[t + 1] - triangles[t]);
            AddNumber(triangles[t + 2] - triangles[t]);
            first = triangles[t];
        }
    }

    // Seven bits a byte, the lowest first, the eighth set on all but the last (LEB128).
    private void AddNumber(int number)
    {
        var rest = (uint)ZigZag(number);
        for (; rest >= 128; rest >>= 7)
            _bytes.WriteByte((byte)(rest | 128));
        _bytes.WriteByte((byte)rest);
    }
}
