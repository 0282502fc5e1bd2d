using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>Triangles of a level set: vertices in metres, and three indices a triangle, counter-clockwise from outside.</summary>
internal readonly record struct TriangleSoup(Vector3[] Vertices, int[] Triangles);

/// <summary>
/// Marching cubes over the active bricks, with shared vertices. Of the ways to cut a cell's loop into
/// triangles that of least area is taken, as Kazhdan's code does: its triangles fold least.
/// </summary>
internal static class MarchingCubes
{
    private const int Block = 32;
    /// <summary>Vertices stay this far, as a share of the edge, from the nodes: no triangle collapses to a point.</summary>
    private const float NodeClearance = 0.01f;

    /// <summary>A way to cut a loop is better than another by this share of the area at least: where none is, as on a plane, rounding must not choose.</summary>
    private const float LeastGain = 1e-5f;

    /// <summary>Extracts the level set in all cells whose eight corners are active.</summary>
    public static TriangleSoup Extract(ImplicitSurface surface, PartitionedLoop loop)
    {
        var grid = surface.Grid;
        // A node owns the up to three crossed edges that start at it: their mask in the low 3 bits, the number of the first vertex above.
        var owned = new int[grid.ValueCount];
        var vertexStart = new int[grid.Count + 1];
        var triangleStart = new int[grid.Count + 1];
        loop.Run(grid.Count, Block, (from, to) =>
        {
            Span<float> halo = stackalloc float[BrickGrid.HaloLength];
            for (var brick = from; brick < to; brick++)
            {
                grid.GatherHalo(surface.Values, brick, halo);
                var present = PresentNeighbours(grid, brick);
                vertexStart[brick + 1] = MarkCrossings(halo, surface.Level, present, owned.AsSpan(brick * BrickGrid.BrickNodes, BrickGrid.BrickNodes));
                triangleStart[brick + 1] = vertexStart[brick + 1] == 0 && !AnyCrossing(halo, surface.Level)
                    ? 0 : ForEachCell(halo, surface.Level, present, null);
            }
        });
        for (var brick = 0; brick < grid.Count; brick++)
        {
            vertexStart[brick + 1] += vertexStart[brick];
            triangleStart[brick + 1] += triangleStart[brick];
        }
        var vertices = new Vector3[vertexStart[^1]];
        var triangles = new int[3 * triangleStart[^1]];
        loop.Run(grid.Count, Block, (from, to) =>
        {
            Span<float> halo = stackalloc float[BrickGrid.HaloLength];
            for (var brick = from; brick < to; brick++)
            {
                if (vertexStart[brick] == vertexStart[brick + 1])
                    continue;
                grid.GatherHalo(surface.Values, brick, halo);
                PlaceVertices(surface, brick, halo, owned.AsSpan(brick * BrickGrid.BrickNodes, BrickGrid.BrickNodes), vertices, vertexStart[brick]);
            }
        });
        loop.Run(grid.Count, Block, (from, to) =>
        {
            var halo = new float[BrickGrid.HaloLength];
            var corners = new int[MarchingCubesTable.Edges.Length];
            for (var brick = from; brick < to; brick++)
            {
                if (triangleStart[brick] == triangleStart[brick + 1])
                    continue;
                grid.GatherHalo(surface.Values, brick, halo);
                var target = 3 * triangleStart[brick];
                var (bx, by, bz) = grid.Origins[brick];
                ForEachCell(halo, surface.Level, PresentNeighbours(grid, brick), (x, y, z, loops) =>
                {
                    foreach (var ways in loops)
                    {
                        foreach (var edge in ways[0])
                        {
                            var (corner, axis) = MarchingCubesTable.Edges[edge];
                            var node = owned[grid.FindNode(8 * bx + x + (corner & 1), 8 * by + y + (corner >> 1 & 1), 8 * bz + z + (corner >> 2))];
                            corners[edge] = (node >> 3) + BitOperations.PopCount((uint)node & ((1u << axis) - 1));
                        }
                        foreach (var edge in LeastArea(ways, corners, vertices))
                            triangles[target++] = corners[edge];
                    }
                });
            }
        });
        return new TriangleSoup(vertices, triangles);
    }

    /// <summary>Bit m is set where the neighbour one brick higher in the axes of m is active.</summary>
    private static int PresentNeighbours(BrickGrid grid, int brick)
    {
        var neighbours = grid.Neighbours(brick);
        var present = 0;
        for (var m = 0; m < 8; m++)
        {
            if (neighbours[13 + (m & 1) + 3 * (m >> 1 & 1) + 9 * (m >> 2)] < grid.Count)
                present |= 1 << m;
        }
        return present;
    }

    private static bool AnyCrossing(ReadOnlySpan<float> halo, float level)
    {
        var first = halo[BrickGrid.HaloIndex(0, 0, 0)] < level;
        for (var z = 0; z <= BrickGrid.Size; z++)
        {
            for (var y = 0; y <= BrickGrid.Size; y++)
            {
                for (var x = 0; x <= BrickGrid.Size; x++)
                {
                    if (halo[BrickGrid.HaloIndex(x, y, z)] < level != first)
                        return true;
                }
            }
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MarkCrossings(ReadOnlySpan<float> halo, float level, int present, Span<int> owned)
    {
        var count = 0;
        for (var i = 0; i < BrickGrid.BrickNodes; i++)
        {
            var (x, y, z) = (i & 7, i >> 3 & 7, i >> 6);
            var here = BrickGrid.HaloIndex(x, y, z);
            var inside = halo[here] < level;
            var mask = 0;
            if (halo[here + 1] < level != inside && (x < 7 || (present & 2) != 0))
                mask |= 1;
            if (halo[here + BrickGrid.HaloStride] < level != inside && (y < 7 || (present & 4) != 0))
                mask |= 2;
            if (halo[here + BrickGrid.HaloLayer] < level != inside && (z < 7 || (present & 16) != 0))
                mask |= 4;
            owned[i] = mask;
            count += BitOperations.PopCount((uint)mask);
        }
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ForEachCell(ReadOnlySpan<float> halo, float level, int present, Action<int, int, int, byte[][][]>? visit)
    {
        const int dy = BrickGrid.HaloStride, dz = BrickGrid.HaloLayer;
        var count = 0;
        for (var z = 0; z < BrickGrid.Size; z++)
        {
            for (var y = 0; y < BrickGrid.Size; y++)
            {
                var row = BrickGrid.HaloIndex(0, y, z);
                for (var x = 0; x < BrickGrid.Size; x++)
                {
                    var i = row + x;
                    var pattern = Bit(halo[i] < level) | Bit(halo[i + 1] < level) << 1 |
                        Bit(halo[i + dy] < level) << 2 | Bit(halo[i + dy + 1] < level) << 3 |
                        Bit(halo[i + dz] < level) << 4 | Bit(halo[i + dz + 1] < level) << 5 |
                        Bit(halo[i + dz + dy] < level) << 6 | Bit(halo[i + dz + dy + 1] < level) << 7;
                    if (pattern is 0 or 255)
                        continue;
                    var reach = Bit(x == 7) | Bit(y == 7) << 1 | Bit(z == 7) << 2;
                    if (!AllPresent(present, reach))
                        continue;
                    count += MarchingCubesTable.TriangleCounts[pattern];
                    visit?.Invoke(x, y, z, MarchingCubesTable.Loops[pattern]);
                }
            }
        }
        return count;

        static int Bit(bool set) => set ? 1 : 0;
    }

    /// <summary>The way to cut a loop into triangles that has the least area, for the vertex on each edge of the cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static byte[] LeastArea(byte[][] ways, int[] corners, Vector3[] vertices)
    {
        var best = ways[0];
        if (ways.Length == 1)
            return best;
        var least = float.PositiveInfinity;
        foreach (var way in ways)
        {
            var area = 0f;
            for (var t = 0; t < way.Length; t += 3)
            {
                var a = vertices[corners[way[t]]];
                area += Vector3.Cross(vertices[corners[way[t + 1]]] - a, vertices[corners[way[t + 2]]] - a).Length();
            }
            if (area < (1 - LeastGain) * least)
                (best, least) = (way, area);
        }
        return best;
    }

    /// <summary>Whether all neighbours that a cell touching the upper faces in <paramref name="reach"/> needs are active.</summary>
    private static bool AllPresent(int present, int reach)
    {
        for (var m = 1; m < 8; m++)
        {
            if ((m & reach) == m && (present >> m & 1) == 0)
                return false;
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PlaceVertices(ImplicitSurface surface, int brick, ReadOnlySpan<float> halo, Span<int> owned, Vector3[] vertices, int vertex)
    {
        var origin = surface.Grid.Origins[brick];
        ReadOnlySpan<int> steps = [1, BrickGrid.HaloStride, BrickGrid.HaloLayer];
        for (var i = 0; i < BrickGrid.BrickNodes; i++)
        {
            var mask = owned[i];
            if (mask == 0)
                continue;
            owned[i] = mask | vertex << 3;
            var (x, y, z) = (i & 7, i >> 3 & 7, i >> 6);
            var here = BrickGrid.HaloIndex(x, y, z);
            for (var axis = 0; axis < 3; axis++)
            {
                if ((mask >> axis & 1) == 0)
                    continue;
                var (low, high) = (halo[here] - surface.Level, halo[here + steps[axis]] - surface.Level);
                var (before, after) = (halo[here - steps[axis]] - surface.Level, halo[here + 2 * steps[axis]] - surface.Level);
                var t = Math.Clamp(Crossing(before, low, high, after), NodeClearance, 1 - NodeClearance);
                vertices[vertex++] = new Vector3(
                    (float)(surface.Origin.X + surface.CellSize * (8 * origin.X + x + (axis == 0 ? t : 0))),
                    (float)(surface.Origin.Y + surface.CellSize * (8 * origin.Y + y + (axis == 1 ? t : 0))),
                    (float)(surface.Origin.Z + surface.CellSize * (8 * origin.Z + z + (axis == 2 ? t : 0))));
            }
        }
    }

    /// <summary>
    /// Where between two nodes the function is zero: the root of the cubic through their values and those of the
    /// nodes on both sides (Lagrange), by Newton's method within a bracket, from the straight line's.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Crossing(float before, float low, float high, float after)
    {
        var slopeLow = (6 * high - 3 * low - 2 * before - after) / 6;
        var slopeHigh = (2 * after + 3 * high - 6 * low + before) / 6;
        var (left, right) = (0f, 1f);
        var t = low / (low - high);
        for (var step = 0; step < 8; step++)
        {
            var s = 1 - t;
            var value = s * s * ((1 + 2 * t) * low + t * slopeLow) + t * t * ((1 + 2 * s) * high - s * slopeHigh);
            if (value < 0 == low < 0)
                left = t;
            else
                right = t;
            var slope = 6 * t * s * (high - low) + s * (1 - 3 * t) * slopeLow + t * (3 * t - 2) * slopeHigh;
            var next = t - value / slope;
            t = next > left && next < right ? next : 0.5f * (left + right);
        }
        return t;
    }
}
