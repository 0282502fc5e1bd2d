namespace FaceRecon;

/// <summary>
/// The connectivity of a triangle mesh. Half edge h is the edge of triangle h/3 from its corner h%3
/// to the next corner.
/// </summary>
internal sealed class MeshTopology
{
    private readonly int[] _start;
    private readonly int[] _leaving;

    /// <param name="vertexCount">Number of vertices.</param>
    /// <param name="triangles">Three vertices a triangle; every edge belongs to one or two.</param>
    /// <param name="loop">Runs the work.</param>
    public MeshTopology(int vertexCount, int[] triangles, PartitionedLoop loop)
    {
        VertexCount = vertexCount;
        Triangles = triangles;
        _start = new int[vertexCount + 2];
        foreach (var vertex in triangles)
            _start[vertex + 2]++;
        for (var v = 2; v < _start.Length; v++)
            _start[v] += _start[v - 1];
        // Filling moves each start to the next vertex's.
        _leaving = new int[triangles.Length];
        for (var h = 0; h < triangles.Length; h++)
            _leaving[_start[triangles[h] + 1]++] = h;

        Opposites = new int[triangles.Length];
        loop.Run(triangles.Length, 3 << 13, (from, to) =>
        {
            for (var h = from; h < to; h++)
            {
                var (origin, target) = (triangles[h], triangles[Next(h)]);
                var opposite = -1;
                foreach (var candidate in Leaving(target))
                {
                    if (triangles[Next(candidate)] == origin)
                        opposite = candidate;
                }
                Opposites[h] = opposite;
            }
        });
    }

    /// <summary>Number of vertices.</summary>
    public int VertexCount { get; }

    /// <summary>Three vertices a triangle.</summary>
    public int[] Triangles { get; }

    /// <summary>For each half edge the one that runs the other way in the neighbouring triangle, -1 on a border.</summary>
    public int[] Opposites { get; }

    /// <summary>The half edges that leave a vertex.</summary>
    public ReadOnlySpan<int> Leaving(int vertex) => _leaving.AsSpan(_start[vertex], _start[vertex + 1] - _start[vertex]);

    /// <summary>The vertices of the border; some more than once.</summary>
    public IEnumerable<int> Border()
    {
        for (var h = 0; h < Opposites.Length; h++)
        {
            if (Opposites[h] >= 0)
                continue;
            yield return Triangles[h];
            yield return Triangles[Next(h)];
        }
    }

    /// <summary>The half edge that follows <paramref name="h"/> in its triangle.</summary>
    public static int Next(int h) => h % 3 == 2 ? h - 2 : h + 1;
}
