using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// Which part of a mesh is the face, and over how much of the face there is a mesh. Both are looked at from the middle of the
/// head, from where the skin lies in one layer, on a map of directions (octahedral: Meyer et al. 2010).
/// </summary>
internal sealed class FaceRegion
{
    // Cells of some 1.3 degrees: 2 mm on a face.
    private const int MapSize = 160;
    // Surface and face that lie this far apart along a direction are not the same, metres.
    private const float Reach = 0.025f;
    // Points on triangles this far apart leave no cell out, metres.
    private const float Spacing = 0.0012f;
    // The middle of the head in the face's frame: below and behind the place between the eyes.
    private static readonly Vector3 Middle = new(0, -0.03f, -0.085f);

    private FaceRegion(double share, bool[] contains) => (Share, Contains) = (share, contains);

    /// <summary>Share of the face's area over which there is surface, 0 to 1.</summary>
    public double Share { get; }
    /// <summary>For every vertex of the mesh whether it belongs to the face.</summary>
    public bool[] Contains { get; }

    /// <summary>Finds the face on a mesh in the landmarks' frame; null where the landmarks do not tell where it is.</summary>
    public static FaceRegion? Find(TriangleMesh mesh, IReadOnlyList<FaceLandmark> landmarks)
    {
        if (FaceFrame.Locate(landmarks) is not { } worldToFace)
            return null;
        var vertices = new Vector3[mesh.VertexCount];
        for (var v = 0; v < vertices.Length; v++)
            vertices[v] = FromMiddle(worldToFace.TransformPoint(new Vector3d(mesh.Vertices[v].X, mesh.Vertices[v].Y, mesh.Vertices[v].Z)));
        var surface = new float[MapSize * MapSize];
        foreach (var vertex in vertices)
            surface[CellOf(vertex)] = Math.Max(surface[CellOf(vertex)], vertex.Length());
        OverTriangles(vertices, mesh.Triangles, (point, _) => surface[CellOf(point)] = Math.Max(surface[CellOf(point)], point.Length()), leastEdge: Spacing);

        var face = new float[MapSize * MapSize];
        var (covered, whole) = (0.0, 0.0);
        OverTriangles(Corners(landmarks, worldToFace), CanonicalFace.Instance.Triangles, (point, area) =>
        {
            var cell = CellOf(point);
            face[cell] = point.Length();
            whole += area;
            covered += Math.Abs(surface[cell] - face[cell]) < Reach ? area : 0;
        }, leastEdge: 0);
        return new FaceRegion(covered / whole, Array.ConvertAll(vertices, vertex => Math.Abs(face[CellOf(vertex)] - vertex.Length()) < Reach));
    }

    /// <summary>The vertices of the canonical face's triangles: where this face has them, and where they were not seen as the canonical face has them at this face's size.</summary>
    private static Vector3[] Corners(IReadOnlyList<FaceLandmark> landmarks, RigidTransform worldToFace)
    {
        var canonical = CanonicalFace.Instance.Vertices;
        var eyes = FaceFrame.EyesOfCanonicalFace;
        var seen = new Vector3d?[canonical.Length];
        var (here, there) = (0.0, 0.0);
        foreach (var landmark in landmarks)
        {
            if (KeypointScheme.FaceMesh468.IndexOf(landmark.Name) is not (var vertex and >= 0))
                continue;
            var place = worldToFace.TransformPoint(landmark.Position);
            seen[vertex] = place;
            (here, there) = (here + place.LengthSquared, there + (canonical[vertex] - eyes).LengthSquared);
        }
        var scale = Math.Sqrt(here / there);
        return [.. seen.Select((place, vertex) => FromMiddle(place ?? scale * (canonical[vertex] - eyes)))];
    }

    private static Vector3 FromMiddle(Vector3d inFace) => UprightFrame.ToSingle(inFace) - Middle;

    /// <summary>Calls <paramref name="visit"/> for points evenly over triangles with an edge longer than <paramref name="leastEdge"/>, each with the area that it stands for.</summary>
    private static void OverTriangles(Vector3[] vertices, int[] triangles, Action<Vector3, double> visit, float leastEdge)
    {
        for (var t = 0; t < triangles.Length; t += 3)
        {
            var (a, b, c) = (vertices[triangles[t]], vertices[triangles[t + 1]], vertices[triangles[t + 2]]);
            var longest = MathF.Sqrt(MathF.Max((b - a).LengthSquared(), MathF.Max((c - b).LengthSquared(), (a - c).LengthSquared())));
            if (longest <= leastEdge)
                continue;
            // The middles of the n^2 small triangles that it falls into.
            var n = Math.Clamp((int)MathF.Ceiling(longest / Spacing), 1, 200);
            var area = 0.5 * Vector3.Cross(b - a, c - a).Length() / (n * n);
            for (var i = 0; i < n; i++)
            for (var j = 0; j < n - i; j++)
            {
                visit(a + (i + 1 / 3f) / n * (b - a) + (j + 1 / 3f) / n * (c - a), area);
                if (j < n - i - 1)
                    visit(a + (i + 2 / 3f) / n * (b - a) + (j + 2 / 3f) / n * (c - a), area);
            }
        }
    }

    /// <summary>The cell of a direction: the sphere as an octahedron, its back half folded out around the front.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int CellOf(Vector3 direction)
    {
        var size = MathF.Abs(direction.X) + MathF.Abs(direction.Y) + MathF.Abs(direction.Z);
        var (u, v) = size > 0 ? (direction.X / size, direction.Y / size) : (0, 0);
        if (direction.Z < 0)
            (u, v) = (MathF.CopySign(1 - MathF.Abs(v), u), MathF.CopySign(1 - MathF.Abs(u), v));
        return Place(v) * MapSize + Place(u);

        static int Place(float x) => Math.Clamp((int)((x + 1) / 2 * MapSize), 0, MapSize - 1);
    }
}
