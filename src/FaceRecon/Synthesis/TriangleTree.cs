using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Exact closest points on a triangle mesh: a tree of axis-aligned boxes, split at the median of the
/// triangles' centres, searched branch and bound. Safe to query from several threads.
/// </summary>
internal sealed class TriangleTree
{
    private const int LeafSize = 4;
    private const int Deepest = 64;

    private readonly Vector3[] _corners;
    private readonly int[] _order;
    private readonly Node[] _nodes;
    private int _nodeCount;

    /// <summary>A tree over those of a mesh's triangles that <paramref name="include"/> accepts.</summary>
    public TriangleTree(TriangleMesh mesh, Func<int, bool> include)
    {
        var order = new List<int>(mesh.TriangleCount);
        for (var t = 0; t < mesh.TriangleCount; t++)
            if (include(t))
                order.Add(t);
        _order = order.ToArray();
        var centers = new Vector3[mesh.TriangleCount];
        foreach (var t in _order)
        {
            var (a, b, c) = Corners(mesh, t);
            centers[t] = (a + b + c) / 3;
        }
        // Halving ends with leaves of more than half their size, so that there are at most this many.
        _nodes = new Node[Math.Max(1, 4 * _order.Length / LeafSize + 2)];
        if (_order.Length > 0)
            Split(0, _order.Length, centers);
        _corners = new Vector3[3 * _order.Length];
        for (var i = 0; i < _order.Length; i++)
            (_corners[3 * i], _corners[3 * i + 1], _corners[3 * i + 2]) = Corners(mesh, _order[i]);
        Bound();
    }

    /// <summary>
    /// The point of the mesh that is nearest to <paramref name="p"/> and its triangle; triangle -1 where none
    /// is nearer than <paramref name="reach"/>.
    /// </summary>
    public (Vector3 Point, int Triangle) Closest(Vector3 p, float reach = float.MaxValue)
    {
        var best = reach == float.MaxValue ? float.MaxValue : reach * reach;
        var (bestPoint, bestTriangle) = (p, -1);
        Span<int> stack = stackalloc int[Deepest];
        var depth = 0;
        if (_nodeCount > 0)
            stack[depth++] = 0;
        while (depth > 0)
        {
            ref readonly var node = ref _nodes[stack[--depth]];
            if (node.DistanceSquared(p) >= best)
                continue;
            if (node.Count > 0)
            {
                for (var i = node.First; i < node.First + node.Count; i++)
                {
                    var q = ClosestOnTriangle(p, _corners[3 * i], _corners[3 * i + 1], _corners[3 * i + 2]);
                    var distance = Vector3.DistanceSquared(p, q);
                    if (distance < best)
                        (best, bestPoint, bestTriangle) = (distance, q, _order[i]);
                }
                continue;
            }
            // The nearer child last, so that it is searched first.
            var (near, far) = (node.Left, node.First);
            if (_nodes[near].DistanceSquared(p) > _nodes[far].DistanceSquared(p))
                (near, far) = (far, near);
            stack[depth++] = far;
            stack[depth++] = near;
        }
        return (bestPoint, bestTriangle);
    }

    /// <summary>The point of a triangle nearest to p (Ericson, "Real-Time Collision Detection", 2005, section 5.1.5).</summary>
    internal static Vector3 ClosestOnTriangle(Vector3 p, Vector3 a, Vector3 b, Vector3 c)
    {
        var (ab, ac, ap) = (b - a, c - a, p - a);
        var (d1, d2) = (Vector3.Dot(ab, ap), Vector3.Dot(ac, ap));
        if (d1 <= 0 && d2 <= 0)
            return a;
        var bp = p - b;
        var (d3, d4) = (Vector3.Dot(ab, bp), Vector3.Dot(ac, bp));
        if (d3 >= 0 && d4 <= d3)
            return b;
        var vc = d1 * d4 - d3 * d2;
        if (vc <= 0 && d1 >= 0 && d3 <= 0)
            return a + d1 / (d1 - d3) * ab;
        var cp = p - c;
        var (d5, d6) = (Vector3.Dot(ab, cp), Vector3.Dot(ac, cp));
        if (d6 >= 0 && d5 <= d6)
            return c;
        var vb = d5 * d2 - d1 * d6;
        if (vb <= 0 && d2 >= 0 && d6 <= 0)
            return a + d2 / (d2 - d6) * ac;
        var va = d3 * d6 - d5 * d4;
        if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0)
            return b + (d4 - d3) / (d4 - d3 + (d5 - d6)) * (c - b);
        var scale = 1 / (va + vb + vc);
        return a + vb * scale * ab + vc * scale * ac;
    }

    private int Split(int first, int count, Vector3[] centers)
    {
        var index = _nodeCount++;
        if (count <= LeafSize)
        {
            _nodes[index].First = first;
            _nodes[index].Count = count;
            return index;
        }
        var (low, high) = (new Vector3(float.MaxValue), new Vector3(float.MinValue));
        for (var i = first; i < first + count; i++)
        {
            low = Vector3.Min(low, centers[_order[i]]);
            high = Vector3.Max(high, centers[_order[i]]);
        }
        var size = high - low;
        var axis = size.X >= size.Y && size.X >= size.Z ? 0 : size.Y >= size.Z ? 1 : 2;
        var half = count / 2;
        SelectMedian(first, first + count - 1, first + half, axis, centers);
        var left = Split(first, half, centers);
        var right = Split(first + half, count - half, centers);
        _nodes[index].Left = left;
        _nodes[index].First = right;
        return index;
    }

    /// <summary>Orders triangles so that the one at <paramref name="middle"/> is where sorting would put it (Hoare's quickselect).</summary>
    private void SelectMedian(int low, int high, int middle, int axis, Vector3[] centers)
    {
        while (low < high)
        {
            var pivot = centers[_order[(low + high) / 2]][axis];
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (centers[_order[i]][axis] < pivot)
                    i++;
                while (centers[_order[j]][axis] > pivot)
                    j--;
                if (i <= j)
                {
                    (_order[i], _order[j]) = (_order[j], _order[i]);
                    i++;
                    j--;
                }
            }
            if (middle <= j)
                high = j;
            else if (middle >= i)
                low = i;
            else
                return;
        }
    }

    /// <summary>Boxes from the leaves up: children have larger numbers than their parent.</summary>
    private void Bound()
    {
        for (var n = _nodeCount - 1; n >= 0; n--)
        {
            ref var node = ref _nodes[n];
            if (node.Count == 0)
            {
                node.Low = Vector3.Min(_nodes[node.Left].Low, _nodes[node.First].Low);
                node.High = Vector3.Max(_nodes[node.Left].High, _nodes[node.First].High);
                continue;
            }
            (node.Low, node.High) = (new Vector3(float.MaxValue), new Vector3(float.MinValue));
            for (var i = 3 * node.First; i < 3 * (node.First + node.Count); i++)
            {
                node.Low = Vector3.Min(node.Low, _corners[i]);
                node.High = Vector3.Max(node.High, _corners[i]);
            }
        }
    }

    private static (Vector3 A, Vector3 B, Vector3 C) Corners(TriangleMesh mesh, int t) =>
        (mesh.Vertices[mesh.Triangles[3 * t]], mesh.Vertices[mesh.Triangles[3 * t + 1]], mesh.Vertices[mesh.Triangles[3 * t + 2]]);

    /// <summary>A box with either triangles (First, Count) or two children (Left, First).</summary>
    private struct Node
    {
        public Vector3 Low, High;
        public int First, Count, Left;

        public readonly float DistanceSquared(Vector3 p)
        {
            var outside = Vector3.Max(Vector3.Max(Low - p, p - High), Vector3.Zero);
            return Vector3.Dot(outside, outside);
        }
    }
}
