namespace FaceRecon;

/// <summary>Triangles of an orientable manifold, edges of which can be collapsed.</summary>
internal sealed class CollapsibleTriangles
{
    private readonly int[] _corners;
    /// <summary>The corners of each vertex as a list: the first of each vertex, the next of each corner, -1 at the end.</summary>
    private readonly int[] _first;
    private readonly int[] _next;
    private readonly List<int> _around = [];
    private readonly List<int> _aroundOther = [];

    /// <summary>The triangles of a mesh.</summary>
    public CollapsibleTriangles(MeshTopology topology)
    {
        _corners = (int[])topology.Triangles.Clone();
        _first = new int[topology.VertexCount];
        _next = new int[_corners.Length];
        Array.Fill(_first, -1);
        for (var corner = _corners.Length - 1; corner >= 0; corner--)
        {
            var v = _corners[corner];
            (_next[corner], _first[v]) = (_first[v], corner);
        }
        Count = _corners.Length / 3;
    }

    /// <summary>Triangles left.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a vertex has triangles.</summary>
    public bool Lives(int v) => _first[v] >= 0;

    /// <summary>Three vertices a triangle left.</summary>
    public int[] Living()
    {
        var living = new List<int>(_corners.Length);
        for (var corner = 0; corner < _corners.Length; corner += 3)
            if (_corners[corner] >= 0)
                living.AddRange(_corners.AsSpan(corner, 3));
        return [.. living];
    }

    /// <summary>The vertices that share an edge with one, each once.</summary>
    public void Neighbours(int v, List<int> neighbours)
    {
        neighbours.Clear();
        for (var corner = _first[v]; corner >= 0; corner = _next[corner])
        {
            var (b, c) = Others(corner);
            if (!neighbours.Contains(b))
                neighbours.Add(b);
            if (!neighbours.Contains(c))
                neighbours.Add(c);
        }
    }

    /// <summary>The first corner of a vertex, -1 where it has no triangles.</summary>
    public int First(int v) => _first[v];

    /// <summary>The next corner of the same vertex, -1 after the last.</summary>
    public int Next(int corner) => _next[corner];

    /// <summary>The vertices of the two corners that follow one in its triangle.</summary>
    public (int B, int C) Others(int corner)
    {
        var triangle = corner - corner % 3;
        return (_corners[triangle + (corner + 1 - triangle) % 3], _corners[triangle + (corner + 2 - triangle) % 3]);
    }

    /// <summary>
    /// Whether the surface stays a manifold of the same shape (the link condition; T. K. Dey et al.: Topology preserving edge
    /// contraction, 1999): the ends share no neighbours but the apexes of the edge's triangles, and an edge through the inside
    /// does not join two borders.
    /// </summary>
    public bool MayCollapse(int a, int b)
    {
        var (apexA, apexB, triangles) = (-1, -1, 0);
        for (var corner = _first[a]; corner >= 0; corner = _next[corner])
        {
            var (v, w) = Others(corner);
            if (v != b && w != b)
                continue;
            triangles++;
            (apexA, apexB) = (v == b ? w : v, apexA);
        }
        if (triangles == 0)
            return false;
        Neighbours(a, _around);
        Neighbours(b, _aroundOther);
        foreach (var v in _around)
        {
            if (v != apexA && v != apexB && _aroundOther.Contains(v))
                return false;
        }
        // A corner of three triangles, or of two on a border, would fold onto itself.
        if (_around.Count <= triangles + 1 && _aroundOther.Count <= triangles + 1)
            return false;
        return triangles == 1 || !(IsOnBorder(a, _around.Count) && IsOnBorder(b, _aroundOther.Count));
    }

    /// <summary>Moves all corners of <paramref name="b"/> to <paramref name="a"/>; the triangles of both go.</summary>
    public void Collapse(int a, int b)
    {
        for (var corner = _first[a]; corner >= 0; corner = _next[corner])
        {
            var (v, w) = Others(corner);
            if (v == b || w == b)
                Remove(corner - corner % 3);
        }
        var last = -1;
        for (var corner = _first[b]; corner >= 0; corner = _next[corner])
        {
            _corners[corner] = a;
            last = corner;
        }
        if (last >= 0)
            (_next[last], _first[a]) = (_first[a], _first[b]);
        _first[b] = -1;
    }

    private void Remove(int triangle)
    {
        for (var corner = triangle; corner < triangle + 3; corner++)
            Unlink(corner);
        for (var corner = triangle; corner < triangle + 3; corner++)
            _corners[corner] = -1;
        Count--;
    }

    private void Unlink(int corner)
    {
        ref var link = ref _first[_corners[corner]];
        while (link != corner)
            link = ref _next[link];
        // The corner keeps its own link: whoever stands on it goes on from there.
        link = _next[corner];
    }

    private bool IsOnBorder(int v, int neighbours)
    {
        var triangles = 0;
        for (var corner = _first[v]; corner >= 0; corner = _next[corner])
            triangles++;
        return neighbours != triangles;
    }
}
