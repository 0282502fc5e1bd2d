namespace FaceRecon;

/// <summary>
/// The connectivity of a triangle mesh. Half edge h is the edge of triangle h/3 from its corner h%3
/// to the next corner.
/// </summary>
internal static class HalfEdges
{
    /// <summary>The half edge that follows <paramref name="h"/> in its triangle.</summary>
    public static int Next(int h) => h % 3 == 2 ? h - 2 : h + 1;

    /// <summary>For each half edge the one that runs the other way in the neighbouring triangle, -1 on a border.</summary>
    public static int[] Opposites(int vertexCount, int[] triangles, PartitionedLoop loop)
    {
        // Half edges by the vertex that they leave.
        var start = new int[vertexCount + 1];
        foreach (var vertex in triangles)
            start[vertex + 1]++;
        for (var v = 0; v < vertexCount; v++)
            start[v + 1] += start[v];
        var leaving = new int[triangles.Length];
        var used = start.AsSpan(0, vertexCount).ToArray();
        for (var h = 0; h < triangles.Length; h++)
            leaving[used[triangles[h]]++] = h;

        var opposites = new int[triangles.Length];
        loop.Run(triangles.Length, 3 << 13, (from, to) =>
        {
            for (var h = from; h < to; h++)
            {
                var (origin, target) = (triangles[h], triangles[Next(h)]);
                var opposite = -1;
                for (var i = start[target]; i < start[target + 1]; i++)
                {
                    if (triangles[Next(leaving[i])] == origin)
                        opposite = leaving[i];
                }
                opposites[h] = opposite;
            }
        });
        return opposites;
    }
}
