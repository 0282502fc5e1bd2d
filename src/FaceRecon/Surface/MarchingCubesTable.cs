namespace FaceRecon;

/// <summary>
/// The loops of marching cubes (Lorensen and Cline 1987) for each of the 256 sign patterns of a
/// cell's corners, derived here rather than listed. Corner c lies at (c &amp; 1, c >> 1 &amp; 1, c >> 2);
/// edge 4 a + k runs along axis a from the k-th corner that is low in that axis.
///
/// On a face with two inside corners at opposite ends the inside is kept apart. The rule sees only the
/// face, so the two cells that share it agree and the surface is closed. No triangle has an edge across
/// such a face other than the loop's own, so that no edge ever belongs to more than two triangles.
/// </summary>
internal static class MarchingCubesTable
{
    // Corners of each face, counter-clockwise seen from outside the cell.
    private static readonly int[][] Faces =
    [
        [0, 4, 6, 2], [1, 3, 7, 5],
        [0, 1, 5, 4], [2, 6, 7, 3],
        [0, 2, 3, 1], [4, 5, 7, 6],
    ];

    /// <summary>Low corner and axis of each edge.</summary>
    public static readonly (int Corner, int Axis)[] Edges = MakeEdges();

    /// <summary>
    /// For each pattern (bit c set where corner c is inside) the loops in which the surface meets the cell's
    /// edges, and for each loop all ways to cut it into triangles: the edges that their corners lie on, three a
    /// triangle, counter-clockwise seen from outside the surface.
    /// </summary>
    public static readonly byte[][][][] Loops = [.. Enumerable.Range(0, 256).Select(MakeLoops)];

    /// <summary>How many triangles each pattern has, whichever way its loops are cut.</summary>
    public static readonly int[] TriangleCounts = Array.ConvertAll(Loops, loops => loops.Sum(ways => ways[0].Length / 3));

    private static (int, int)[] MakeEdges()
    {
        var edges = new List<(int, int)>();
        for (var axis = 0; axis < 3; axis++)
        {
            for (var corner = 0; corner < 8; corner++)
            {
                if ((corner >> axis & 1) == 0)
                    edges.Add((corner, axis));
            }
        }
        return [.. edges];
    }

    private static int EdgeBetween(int a, int b) =>
        Array.IndexOf(Edges, (Math.Min(a, b), (a ^ b) switch { 1 => 0, 2 => 1, _ => 2 }));

    private static byte[][][] MakeLoops(int inside)
    {
        // Walking round a face, each run of inside corners is cut off by a segment from the edge where
        // the walk enters it to the edge where it leaves. An edge is entered on one of its two faces
        // and left on the other, so the segments chain into closed loops.
        var next = new int[12];
        Array.Fill(next, -1);
        foreach (var face in Faces)
        {
            for (var k = 0; k < 4; k++)
            {
                if (Inside(face[k]) || !Inside(face[(k + 1) % 4]))
                    continue;
                var last = k + 1;
                while (Inside(face[(last + 1) % 4]))
                    last++;
                next[EdgeBetween(face[k], face[(k + 1) % 4])] = EdgeBetween(face[last % 4], face[(last + 1) % 4]);
            }
        }
        var loops = new List<byte[][]>();
        var done = new bool[12];
        for (var first = 0; first < 12; first++)
        {
            if (next[first] < 0 || done[first])
                continue;
            var loop = new List<int>();
            for (var edge = first; !done[edge]; edge = next[edge])
            {
                done[edge] = true;
                loop.Add(edge);
            }
            loops.Add([.. Triangulations([.. loop])]);
        }
        return [.. loops];

        bool Inside(int corner) => (inside >> corner & 1) != 0;
    }

    /// <summary>
    /// All ways to cut a loop into triangles without a diagonal that lies in a face of the cell: each
    /// triangle on the side that closes the loop, with all ways to cut what it leaves before and after it.
    /// </summary>
    private static IEnumerable<byte[]> Triangulations(int[] loop)
    {
        if (loop.Length < 3)
        {
            yield return [];
            yield break;
        }
        for (var apex = 1; apex < loop.Length - 1; apex++)
        {
            var (before, after) = (loop[..(apex + 1)], loop[apex..]);
            if (before.Length > 2 && ShareFace(loop[0], loop[apex]) || after.Length > 2 && ShareFace(loop[apex], loop[^1]))
                continue;
            foreach (var left in Triangulations(before))
                foreach (var right in Triangulations(after))
                    yield return [(byte)loop[0], (byte)loop[apex], (byte)loop[^1], .. left, .. right];
        }
    }

    private static bool ShareFace(int a, int b) =>
        Array.Exists(Faces, face => Lies(a, face) && Lies(b, face));

    private static bool Lies(int edge, int[] face)
    {
        var (corner, axis) = Edges[edge];
        return Array.IndexOf(face, corner) >= 0 && Array.IndexOf(face, corner | 1 << axis) >= 0;
    }
}
