using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Cuts a mesh along the line where a function on its vertices is zero. Triangles that the line passes are divided, so
/// that the new border is as smooth as the function, and no two parts ever touch in a point.
/// </summary>
internal sealed class MeshCut
{
    /// <summary>The line keeps this far, as a share of the edge, from the vertices: no triangle collapses.</summary>
    private const float VertexClearance = 0.15f;

    private readonly float[] _function;
    private readonly int[] _number;
    private readonly Dictionary<(int, int), int> _crossings = [];
    private readonly List<(int From, int To, float Share)> _sources = [];
    private readonly List<int> _triangles;

    private MeshCut(float[] function, int[] triangles)
    {
        _function = function;
        _triangles = new List<int>(triangles.Length);
        _number = new int[function.Length];
        for (var i = 0; i < triangles.Length; i += 3)
            AddTriangle(triangles[i], triangles[i + 1], triangles[i + 2]);
        Triangles = [.. _triangles];
    }

    /// <summary>Three vertices a triangle.</summary>
    public int[] Triangles { get; private set; }

    /// <summary>Where each vertex comes from: that share of the way between two vertices of the mesh, or one of them.</summary>
    public IReadOnlyList<(int From, int To, float Share)> Sources => _sources;

    /// <summary>The part of a mesh in which <paramref name="function"/> is positive.</summary>
    public static MeshCut Positive(float[] function, int[] triangles) => new(function, triangles);

    /// <summary>Drops all pieces that are smaller across than <paramref name="minimum"/>, and the vertices that nothing uses then.</summary>
    public void DropIslands(Vector3[] vertices, double minimum)
    {
        var sizes = MeshPieces.Sizes(_sources.Count, Triangles, v => vertices[_sources[v].From], _ => true);
        var number = new int[_sources.Count];
        var count = 0;
        for (var v = 0; v < number.Length; v++)
        {
            number[v] = sizes[v] < minimum ? -1 : count++;
            if (number[v] >= 0)
                _sources[number[v]] = _sources[v];
        }
        _sources.RemoveRange(count, _sources.Count - count);
        // In place: a query of a million corners leaves buffers of as many with every thread that ever asks it.
        var kept = 0;
        foreach (var v in Triangles)
            if (number[v] >= 0)
                Triangles[kept++] = number[v];
        Triangles = Triangles[..kept];
    }

    private void AddTriangle(int a, int b, int c)
    {
        var inside = Bit(a) | Bit(b) << 1 | Bit(c) << 2;
        switch (inside)
        {
            case 0: break;
            case 7: Add(Vertex(a), Vertex(b), Vertex(c)); break;
            case 1: AddCorner(a, b, c); break;
            case 2: AddCorner(b, c, a); break;
            case 4: AddCorner(c, a, b); break;
            case 6: AddQuad(a, b, c); break;
            case 5: AddQuad(b, c, a); break;
            default: AddQuad(c, a, b); break;
        }

        int Bit(int v) => _function[v] > 0 ? 1 : 0;
    }

    private void AddCorner(int inside, int b, int c) => Add(Vertex(inside), Crossing(inside, b), Crossing(inside, c));

    private void AddQuad(int outside, int b, int c)
    {
        var (fromB, fromC) = (Crossing(b, outside), Crossing(c, outside));
        Add(Vertex(b), Vertex(c), fromC);
        Add(Vertex(b), fromC, fromB);
    }

    private void Add(int a, int b, int c)
    {
        _triangles.Add(a);
        _triangles.Add(b);
        _triangles.Add(c);
    }

    private int Vertex(int v)
    {
        if (_number[v] == 0)
        {
            _sources.Add((v, v, 0));
            _number[v] = _sources.Count;
        }
        return _number[v] - 1;
    }

    private int Crossing(int inside, int outside)
    {
        if (!_crossings.TryGetValue((inside, outside), out var number))
        {
            var share = _function[inside] / (_function[inside] - _function[outside]);
            number = _sources.Count;
            _sources.Add((inside, outside, Math.Clamp(share, VertexClearance, 1 - VertexClearance)));
            _crossings.Add((inside, outside), number);
        }
        return number;
    }
}
