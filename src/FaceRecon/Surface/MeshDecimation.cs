using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Fewer triangles for nearly the same surface: edges are collapsed in the order of the quadric error that they cost
/// (Garland and Heckbert 1997). Borders keep their place by planes that stand on their edges. No collapse turns a triangle
/// over or joins what was apart, so that a manifold stays one. One thread, and ties broken by number: the result is always the same.
/// </summary>
internal sealed class MeshDecimation
{
    /// <summary>What a border edge's plane weighs, beside a triangle of its size.</summary>
    private const double BorderWeight = 3;
    /// <summary>A triangle may lean from the surface's normals by as much as leaves this cosine.</summary>
    private const float LeastCosine = 0.4f;
    /// <summary>Twice the area over the square of the longest edge, least for a triangle that a collapse changes: 0.87 is equilateral.</summary>
    private const float LeastShape = 0.05f;

    private readonly Vector3d _origin;
    private readonly Vector3[] _positions;
    private readonly Vector3[] _normals;
    private readonly Vector3[] _colors;
    private readonly float[] _sigma;
    private readonly bool[] _filled;
    private readonly Quadric[] _quadrics;
    private readonly CollapsibleTriangles _triangles;
    /// <summary>Collapses that each vertex has seen: what was planned before is out of date.</summary>
    private readonly int[] _changes;
    private readonly List<int> _neighbours = [];
    private readonly PriorityQueue<(int A, int B, int Changes, Target Target), (double Cost, int A, int B)> _plans = new();

    /// <summary>Where an edge collapses to.</summary>
    private enum Target
    {
        Best,
        A,
        B,
    }

    private MeshDecimation(TriangleMesh mesh, PartitionedLoop loop)
    {
        // Relative to a vertex, so that the squares of quadrics keep their digits.
        _origin = mesh.VertexCount > 0 ? ToDouble(mesh.Vertices[0]) : Vector3d.Zero;
        _positions = (Vector3[])mesh.Vertices.Clone();
        _normals = (Vector3[])mesh.Normals.Clone();
        _colors = new Vector3[mesh.Colors.Length / 3];
        for (var v = 0; v < _colors.Length; v++)
            _colors[v] = new Vector3(mesh.Colors[3 * v], mesh.Colors[3 * v + 1], mesh.Colors[3 * v + 2]);
        _sigma = (float[])mesh.Sigma.Clone();
        _filled = (bool[])mesh.Filled.Clone();
        _changes = new int[mesh.VertexCount];
        var topology = new MeshTopology(mesh.VertexCount, mesh.Triangles, loop);
        _triangles = new CollapsibleTriangles(topology);
        _quadrics = Quadrics(topology);
    }

    /// <summary>A mesh of at most <paramref name="triangleCount"/> triangles, or as few as can be.</summary>
    /// <param name="mesh">An orientable manifold, with or without border.</param>
    /// <param name="triangleCount">Triangles wanted.</param>
    /// <param name="loop">Runs the parts that are parallel.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static TriangleMesh Reduce(TriangleMesh mesh, int triangleCount, PartitionedLoop loop, CancellationToken cancellation)
    {
        if (mesh.TriangleCount <= triangleCount)
            return mesh;
        var decimation = new MeshDecimation(mesh, loop);
        // An edge that could not be collapsed may be when those around it have been.
        for (var before = int.MaxValue; decimation._triangles.Count < before;)
        {
            before = decimation._triangles.Count;
            decimation.PlanAll();
            decimation.Collapse(triangleCount, cancellation);
        }
        return decimation.Result();
    }

    private void Collapse(int triangleCount, CancellationToken cancellation)
    {
        for (var step = 0; _triangles.Count > triangleCount && _plans.TryDequeue(out var plan, out _); step++)
        {
            if ((step & 0xFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
            if (_changes[plan.A] + _changes[plan.B] == plan.Changes && _triangles.Lives(plan.A) && _triangles.Lives(plan.B))
                TryCollapse(plan.A, plan.B, plan.Target);
        }
    }

    private Quadric[] Quadrics(MeshTopology topology)
    {
        var quadrics = new Quadric[_positions.Length];
        var corners = topology.Triangles;
        for (var h = 0; h < corners.Length; h++)
        {
            var triangle = h - h % 3;
            var normal = Vector3d.Cross(Local(corners[triangle + 1]) - Local(corners[triangle]), Local(corners[triangle + 2]) - Local(corners[triangle]));
            var area = normal.Length / 2;
            if (!(area > 0))
                continue;
            normal /= 2 * area;
            var (a, b) = (corners[h], corners[MeshTopology.Next(h)]);
            quadrics[a] += Quadric.OfPlane(normal, Vector3d.Dot(normal, Local(a)), area / 3);
            if (topology.Opposites[h] >= 0)
                continue;
            var edge = Local(b) - Local(a);
            var upright = Vector3d.Cross(edge, normal).Normalized();
            var border = Quadric.OfPlane(upright, Vector3d.Dot(upright, Local(a)), BorderWeight * edge.LengthSquared);
            quadrics[a] += border;
            quadrics[b] += border;
        }
        return quadrics;
    }

    private void PlanAll()
    {
        for (var v = 0; v < _positions.Length; v++)
        {
            _triangles.Neighbours(v, _neighbours);
            foreach (var other in _neighbours)
            {
                if (v < other)
                    Plan(v, other);
            }
        }
    }

    private void Plan(int a, int b, Target target = Target.Best)
    {
        (a, b) = (Math.Min(a, b), Math.Max(a, b));
        var quadric = _quadrics[a] + _quadrics[b];
        // Rounding must not order what costs nothing; among such edges the shorter go first.
        var cost = Math.Max(quadric.At(Place(a, b, target, quadric)), 0) + 1e-9 * (Local(a) - Local(b)).LengthSquared * (quadric.Xx + quadric.Yy + quadric.Zz);
        _plans.Enqueue((a, b, _changes[a] + _changes[b], target), (cost, a, b));
    }

    private Vector3d Place(int a, int b, Target target, in Quadric quadric) => target switch
    {
        Target.A => Local(a),
        Target.B => Local(b),
        _ => BestPlace(a, b, quadric),
    };

    /// <summary>Where the vertex had best go that an edge collapses to, from <see cref="_origin"/>.</summary>
    private Vector3d BestPlace(int a, int b, in Quadric quadric)
    {
        var (from, to) = (Local(a), Local(b));
        var middle = (from + to) * 0.5;
        // A border's vertex stays on the border; a minimum far away is no minimum but flatness.
        if (quadric.TryMinimum(out var best) && (best - middle).LengthSquared <= (to - from).LengthSquared)
            return best;
        var (atA, atB, atMiddle) = (quadric.At(from), quadric.At(to), quadric.At(middle));
        return atMiddle <= atA && atMiddle <= atB ? middle : atA <= atB ? from : to;
    }

    private void TryCollapse(int a, int b, Target target)
    {
        if (!_triangles.MayCollapse(a, b))
            return;
        var quadric = _quadrics[a] + _quadrics[b];
        var place = Place(a, b, target, quadric) + _origin;
        var position = new Vector3((float)place.X, (float)place.Y, (float)place.Z);
        if (!KeepShape(a, b, position))
        {
            // Where the best place would spoil a triangle one of the ends may do, when its turn has come at what it costs.
            if (target == Target.Best)
            {
                Plan(a, b, Target.A);
                Plan(a, b, Target.B);
            }
            return;
        }
        Blend(a, b, position);
        _positions[a] = position;
        _quadrics[a] = quadric;
        _triangles.Collapse(a, b);
        _changes[a]++;
        _triangles.Neighbours(a, _neighbours);
        foreach (var other in _neighbours)
            Plan(a, other);
    }

    /// <summary>Whether all triangles of two neighbours but those that go stay good, or bad ones much as they are, when both move.</summary>
    private bool KeepShape(int a, int b, Vector3 moved) => KeepsShape(a, b, moved) && KeepsShape(b, a, moved);

    private bool KeepsShape(int vertex, int without, Vector3 moved)
    {
        for (var corner = _triangles.First(vertex); corner >= 0; corner = _triangles.Next(corner))
        {
            var (v, w) = _triangles.Others(corner);
            if (v == without || w == without)
                continue;
            var normal = Vector3.Normalize(_normals[vertex] + _normals[v] + _normals[w]);
            var (shape, cosine) = Shape(moved, _positions[v], _positions[w], normal);
            if (shape >= LeastShape && cosine >= LeastCosine)
                continue;
            var (shapeBefore, cosineBefore) = Shape(_positions[vertex], _positions[v], _positions[w], normal);
            // A sliver may become slighter on the way to being gone; asked to stay what it is, it would hold the others for good.
            if (!(shape >= Math.Min(shapeBefore / 2, LeastShape) && cosine >= Math.Min(cosineBefore, LeastCosine)))
                return false;
        }
        return true;
    }

    /// <summary>Twice a triangle's area over the square of its longest edge, and the cosine between its normal and another.</summary>
    private static (float Shape, float Cosine) Shape(Vector3 a, Vector3 b, Vector3 c, Vector3 normal)
    {
        var cross = Vector3.Cross(b - a, c - a);
        var area = cross.Length();
        var longest = Math.Max((b - a).LengthSquared(), Math.Max((c - b).LengthSquared(), (a - c).LengthSquared()));
        return (area / longest, Vector3.Dot(cross, normal) / area);
    }

    /// <summary>The data of the two ends of an edge at a place along it.</summary>
    private void Blend(int a, int b, Vector3 position)
    {
        var edge = _positions[b] - _positions[a];
        var share = Math.Clamp(Vector3.Dot(position - _positions[a], edge) / edge.LengthSquared(), 0, 1);
        _normals[a] = Vector3.Normalize(Vector3.Lerp(_normals[a], _normals[b], share));
        if (_colors.Length > 0)
            _colors[a] = Vector3.Lerp(_colors[a], _colors[b], share);
        if (_sigma.Length > 0)
            _sigma[a] = float.Lerp(_sigma[a], _sigma[b], share);
        if (_filled.Length > 0 && share > 0.5f)
            _filled[a] = _filled[b];
    }

    private TriangleMesh Result()
    {
        var triangles = _triangles.Living();
        var used = new bool[_positions.Length];
        foreach (var v in triangles)
            used[v] = true;
        var kept = Enumerable.Range(0, used.Length).Where(v => used[v]).ToArray();
        var number = new int[used.Length];
        for (var n = 0; n < kept.Length; n++)
            number[kept[n]] = n;
        triangles = Array.ConvertAll(triangles, v => number[v]);
        var positions = Array.ConvertAll(kept, v => _positions[v]);
        var colors = new byte[_colors.Length > 0 ? 3 * kept.Length : 0];
        for (var i = 0; i < colors.Length; i++)
            colors[i] = (byte)(_colors[kept[i / 3]][i % 3] + 0.5f);
        return new TriangleMesh(positions, MeshNormals.Compute(positions, triangles), triangles, colors,
            _sigma.Length > 0 ? Array.ConvertAll(kept, v => _sigma[v]) : null)
        {
            Filled = _filled.Length > 0 ? Array.ConvertAll(kept, v => _filled[v]) : [],
        };
    }

    private Vector3d Local(int v) => ToDouble(_positions[v]) - _origin;

    private static Vector3d ToDouble(Vector3 v) => new(v.X, v.Y, v.Z);
}
