using System.Numerics;

namespace FaceRecon;

/// <summary>
/// What a result is compared with, and which parts of both count: all of a mesh or cloud; of a ground truth the face, which is what
/// lies within 95 mm of the tip of the nose and at most 75 mm behind it, where frames have seen it.
/// </summary>
internal sealed class ComparisonReference
{
    private const float FaceRadius = 0.095f, BehindNose = 0.075f;
    private const int SeenOften = 3;
    private const int SpacingSamples = 64;
    /// <summary>What lies further from the face than this plays no part, metres.</summary>
    public const float Margin = 0.03f;

    private readonly TriangleMesh _mesh;
    private readonly TriangleTree _tree;
    private readonly Vector3? _nose;
    // For each triangle the number of frames that saw it; null where all counts.
    private readonly byte[]? _seen;
    // Of a cloud, how far its points are from each other, metres.
    private readonly float _spacing;

    public ComparisonReference(ComparedShape shape)
    {
        (Shape, _mesh) = (shape, shape.Mesh);
        _tree = new TriangleTree(_mesh, _ => true);
        _spacing = shape.IsCloud ? Spacing(_mesh.Vertices) : 0;
        var sum = _mesh.Vertices.Aggregate(Vector3d.Zero, (total, v) => total + new Vector3d(v.X, v.Y, v.Z));
        Center = Middle = sum / Math.Max(1, _mesh.VertexCount);
    }

    public ComparisonReference(GroundTruth truth) : this(ComparedShape.Of(truth.Surface, UprightFrame.Face))
    {
        _nose = truth.Landmarks["nose_tip"];
        Center = new Vector3d(_nose.Value.X, _nose.Value.Y, _nose.Value.Z);
        ToReference = truth.Trajectory[0].CameraToWorld;
        _seen = new byte[_mesh.TriangleCount];
        for (var i = 0; i < _mesh.Triangles.Length; i++)
            _seen[i / 3] = Math.Max(_seen[i / 3], truth.Visibility[_mesh.Triangles[i]]);
    }

    /// <summary>Reads a capture with its truth, the folder of a reconstruction, a mesh or a cloud.</summary>
    /// <exception cref="FaceReconException">MeshNotFound, MeshInvalid; CaptureNotFound or ContainerCorrupt for a truth that is not whole.</exception>
    public static ComparisonReference Read(string path, LengthUnit? unit)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetFileName(folder) == GroundTruthFiles.Folder && Path.GetDirectoryName(folder) is { } capture)
            folder = capture;
        return Directory.Exists(folder) && GroundTruth.Exists(folder)
            ? new ComparisonReference(GroundTruth.Load(folder))
            : new ComparisonReference(ComparedShape.Read(path, unit));
    }

    /// <summary>The surface.</summary>
    public ComparedShape Shape { get; }
    /// <summary>Whether it is a ground truth, which knows the face and what of it was seen.</summary>
    public bool KnowsFace => _nose is not null;
    /// <summary>From where a result is expected to lie to the reference's coordinates.</summary>
    public RigidTransform ToReference { get; } = RigidTransform.Identity;
    /// <summary>The mean of its vertices.</summary>
    public Vector3d Middle { get; }
    /// <summary>What it is about: of a face the tip of the nose, else its middle.</summary>
    public Vector3d Center { get; }

    /// <summary>Whether a place belongs to the face, or lies within a margin of it; all does where no face is known.</summary>
    public bool Contains(Vector3 p, float margin = 0) =>
        _nose is not { } nose || (Vector3.Distance(p, nose) < FaceRadius + margin && p.Z > nose.Z - BehindNose - margin);

    /// <summary>Whether a triangle of a mesh lies at the face.</summary>
    public bool IsNear(TriangleMesh mesh, int t) => Contains(mesh.Vertices[mesh.Triangles[3 * t]], Margin)
        || Contains(mesh.Vertices[mesh.Triangles[3 * t + 1]], Margin) || Contains(mesh.Vertices[mesh.Triangles[3 * t + 2]], Margin);

    /// <summary>Whether a triangle of the reference is to be found in the result.</summary>
    public bool IsExpected(int t) => _seen is null || (_seen[t] >= SeenOften && Contains(
        (_mesh.Vertices[_mesh.Triangles[3 * t]] + _mesh.Vertices[_mesh.Triangles[3 * t + 1]] + _mesh.Vertices[_mesh.Triangles[3 * t + 2]]) / 3));

    /// <summary>The nearest place, its normal (zero where unknown), and whether a frame could have seen it; false, too, where none is within reach.</summary>
    public (Vector3 Place, Vector3 Normal, bool IsSeen) Nearest(Vector3 p, float reach = float.MaxValue)
    {
        var (q, t) = _tree.Closest(p, reach);
        if (t < 0)
            return (p, Vector3.Zero, false);
        var normal = NormalAt(q, t);
        return (Shape.IsCloud ? OnDisc(p, q, normal) : q, normal, _seen is null || _seen[t] > 0);
    }

    /// <summary>
    /// The place nearest to p of the disc around a point of a cloud, as large as its points are apart: between them there is surface, too.
    /// The point itself where its normal is unknown.
    /// </summary>
    private Vector3 OnDisc(Vector3 p, Vector3 point, Vector3 normal)
    {
        var across = p - point - Vector3.Dot(p - point, normal) * normal;
        var length = across.Length();
        return normal == Vector3.Zero || length == 0 ? point : point + across * MathF.Min(1, _spacing / length);
    }

    /// <summary>The median distance of a few points to the next one.</summary>
    private static float Spacing(Vector3[] points)
    {
        var distances = new List<float>();
        var count = Math.Min(SpacingSamples, points.Length);
        for (var k = 0; k < count; k++)
        {
            var (p, least) = (points[(int)((long)k * points.Length / count)], float.MaxValue);
            foreach (var other in points)
                if (other != p)
                    least = MathF.Min(least, Vector3.DistanceSquared(p, other));
            distances.Add(MathF.Sqrt(least));
        }
        distances.Sort();
        return distances.Count == 0 || distances[distances.Count / 2] > 1 ? 0 : distances[distances.Count / 2];
    }

    /// <summary>Whether any of it is within reach of a place.</summary>
    public bool IsWithin(Vector3 p, float reach) => _tree.Closest(p, reach).Triangle >= 0;

    // Between the corners' normals, by the areas opposite to them.
    private Vector3 NormalAt(Vector3 q, int t)
    {
        var (i, j, k) = (_mesh.Triangles[3 * t], _mesh.Triangles[3 * t + 1], _mesh.Triangles[3 * t + 2]);
        if (i == j)
            return _mesh.Normals[i];
        var (a, b, c) = (_mesh.Vertices[i], _mesh.Vertices[j], _mesh.Vertices[k]);
        var (wa, wb, wc) = (Vector3.Cross(b - q, c - q).Length(), Vector3.Cross(c - q, a - q).Length(), Vector3.Cross(a - q, b - q).Length());
        var normal = wa * _mesh.Normals[i] + wb * _mesh.Normals[j] + wc * _mesh.Normals[k];
        return normal.LengthSquared() > 0 ? Vector3.Normalize(normal) : Vector3.Zero;
    }
}
