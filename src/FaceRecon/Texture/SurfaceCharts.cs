using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Cuts a mesh into charts that can be laid flat by looking at them from one side: triangles are gathered by which of the six sides of
/// the upright head they face, smoothly, so that the front of the face is one chart; what a side cannot see becomes charts of its own.
/// </summary>
internal sealed class SurfaceCharts
{
    // The sides that charts are seen from, x to the viewer's right, y up, z towards who sees the face from the front.
    private static readonly Vector3[] Sides = [Vector3.UnitZ, Vector3.UnitX, -Vector3.UnitX, Vector3.UnitY, -Vector3.UnitY, -Vector3.UnitZ];

    // A triangle at more than 75 degrees to its chart's side would be pressed to a quarter.
    private const float LeastFacing = 0.25f;
    private const int Rounds = 10;
    // What having its neighbours' side is worth to a triangle, beside the cosine to it.
    private const float Agreement = 0.6f;
    // Smaller charts join one beside them if its side sees them, square metres.
    private const float LeastArea = 0.0006f;
    // Folds upon folds that are taken apart.
    private const int Layers = 4;

    private readonly Vector3[] _vertices;
    private readonly int[] _triangles;
    private readonly int[] _opposites;
    private readonly Vector3[] _normals;
    private readonly Vector3[] _smooth;
    private readonly float[] _areas;
    // The side of each triangle, plus the number of sides for each layer that hides it.
    private readonly int[] _sides;

    private SurfaceCharts(TriangleMesh mesh, RigidTransform toUpright, PartitionedLoop loop)
    {
        var turn = new RigidTransformSingle(toUpright);
        _vertices = Array.ConvertAll(mesh.Vertices, turn.Point);
        _triangles = mesh.Triangles;
        _opposites = new MeshTopology(mesh.VertexCount, _triangles, loop).Opposites;
        var count = mesh.TriangleCount;
        (_normals, _smooth, _areas, _sides) = (new Vector3[count], new Vector3[count], new float[count], new int[count]);
        for (var t = 0; t < count; t++)
        {
            var (a, b, c) = (_triangles[3 * t], _triangles[3 * t + 1], _triangles[3 * t + 2]);
            var cross = Vector3.Cross(_vertices[b] - _vertices[a], _vertices[c] - _vertices[a]);
            _areas[t] = 0.5f * cross.Length();
            _normals[t] = _areas[t] > 0 ? cross / (2 * _areas[t]) : Vector3.UnitZ;
            var smooth = turn.Point(mesh.Normals[a] + mesh.Normals[b] + mesh.Normals[c]) - turn.Translation;
            _smooth[t] = smooth.LengthSquared() > 0 ? Vector3.Normalize(smooth) : _normals[t];
        }
    }

    /// <summary>The charts of a mesh, those of the front first.</summary>
    /// <param name="mesh">The mesh, metres; every edge belongs to one or two triangles.</param>
    /// <param name="toUpright">Turns it upright: y up, z out of the face.</param>
    /// <param name="loop">For finding the neighbours.</param>
    public static IReadOnlyList<Chart> Cut(TriangleMesh mesh, RigidTransform toUpright, PartitionedLoop loop)
    {
        var charts = new SurfaceCharts(mesh, toUpright, loop);
        charts.FaceSides();
        charts.JoinSmall();
        for (var layer = 0; layer < Layers && charts.SetHiddenAside(); layer++)
        {
        }
        return charts.Charts();
    }

    /// <summary>Gives every triangle the side that it faces, smoothed: each in turn listens to its own direction and to its neighbours.</summary>
    private void FaceSides()
    {
        for (var t = 0; t < _sides.Length; t++)
            _sides[t] = BestSide(t, -1, -1, -1);
        var next = new int[_sides.Length];
        for (var round = 0; round < Rounds; round++)
        {
            for (var t = 0; t < next.Length; t++)
            {
                var (a, b, c) = (NeighbourSide(3 * t), NeighbourSide(3 * t + 1), NeighbourSide(3 * t + 2));
                next[t] = a == _sides[t] && b == a && c == a ? a : BestSide(t, a, b, c);
            }
            next.CopyTo(_sides, 0);
        }
    }

    private int NeighbourSide(int halfEdge) => _opposites[halfEdge] < 0 ? -1 : _sides[_opposites[halfEdge] / 3];

    /// <summary>The side that a triangle faces best, a little better those of its neighbours.</summary>
    private int BestSide(int t, int a, int b, int c)
    {
        var (best, most) = (0, float.MinValue);
        for (var side = 0; side < Sides.Length; side++)
        {
            // One that does not see the triangle is taken only if none does, which noise may cause.
            var facing = Vector3.Dot(_normals[t], Sides[side]);
            var alike = (a == side ? 1 : 0) + (b == side ? 1 : 0) + (c == side ? 1 : 0);
            var score = facing < LeastFacing ? facing - 10 : Vector3.Dot(_smooth[t], Sides[side]) + Agreement / 3 * alike;
            if (score > most)
                (best, most) = (side, score);
        }
        return best;
    }

    /// <summary>Lets the triangles of small charts join what lies beside them, from the rim inwards.</summary>
    private void JoinSmall()
    {
        var small = new bool[_sides.Length];
        foreach (var chart in Components().Where(chart => chart.Sum(t => _areas[t]) < LeastArea))
            foreach (var t in chart)
                small[t] = true;
        var open = new Queue<int>(Enumerable.Range(0, _sides.Length).Where(t => small[t]));
        // Each time round the queue either one joins or all have been asked in vain.
        for (var asked = 0; open.Count > 0 && asked < open.Count;)
        {
            var t = open.Dequeue();
            var joined = Enumerable.Range(3 * t, 3).Select(h => _opposites[h] < 0 ? -1 : _opposites[h] / 3)
                .Where(n => n >= 0 && !small[n] && Vector3.Dot(_normals[t], Sides[_sides[n]]) >= LeastFacing)
                .OrderByDescending(n => Vector3.Dot(_smooth[t], Sides[_sides[n]])).Select(n => _sides[n] + 1).FirstOrDefault();
            if (joined == 0)
            {
                open.Enqueue(t);
                asked++;
                continue;
            }
            (_sides[t], small[t], asked) = (joined - 1, false, 0);
        }
    }

    /// <summary>Triangles that another part of their own chart hides from its side get a layer of their own.</summary>
    /// <returns>Whether there were any.</returns>
    private bool SetHiddenAside()
    {
        var found = false;
        foreach (var members in Components())
        {
            var triangles = members.ConvertAll(Projected);
            var depth = new ChartDepth(triangles);
            for (var i = 0; i < members.Count; i++)
            {
                if (!depth.Hides(i, triangles[i]))
                    continue;
                _sides[members[i]] += Sides.Length;
                found = true;
            }
        }
        return found;
    }

    private (Vector3 A, Vector3 B, Vector3 C) Projected(int t)
    {
        var side = _sides[t] % Sides.Length;
        return (Project(_triangles[3 * t], side), Project(_triangles[3 * t + 1], side), Project(_triangles[3 * t + 2], side));
    }

    // To the right and down as seen from the side, and towards who looks from there. From above the face looks up, from below down.
    private Vector3 Project(int vertex, int side)
    {
        var v = _vertices[vertex];
        return side switch
        {
            0 => new Vector3(v.X, -v.Y, v.Z),
            1 => new Vector3(-v.Z, -v.Y, v.X),
            2 => new Vector3(v.Z, -v.Y, -v.X),
            3 => new Vector3(v.X, v.Z, v.Y),
            4 => new Vector3(v.X, -v.Z, -v.Y),
            _ => new Vector3(-v.X, -v.Y, -v.Z),
        };
    }

    private IReadOnlyList<Chart> Charts() =>
        [.. Components().OrderByDescending(members => members.Sum(t => _areas[t])).Select(members => new Chart([.. members],
            [.. members.SelectMany(t => Projected(t) is var p ? new[] { Flat(p.A), Flat(p.B), Flat(p.C) } : [])]))];

    private static Vector2 Flat(Vector3 projected) => new(projected.X, projected.Y);

    /// <summary>Connected triangles of the same side, in the order of their first.</summary>
    private List<List<int>> Components()
    {
        var taken = new bool[_sides.Length];
        var components = new List<List<int>>();
        for (var start = 0; start < taken.Length; start++)
        {
            if (taken[start])
                continue;
            var members = new List<int> { start };
            taken[start] = true;
            for (var i = 0; i < members.Count; i++)
            {
                for (var h = 3 * members[i]; h < 3 * members[i] + 3; h++)
                {
                    var neighbour = _opposites[h] < 0 ? -1 : _opposites[h] / 3;
                    if (neighbour < 0 || taken[neighbour] || _sides[neighbour] != _sides[start])
                        continue;
                    taken[neighbour] = true;
                    members.Add(neighbour);
                }
            }
            components.Add(members);
        }
        return components;
    }
}
