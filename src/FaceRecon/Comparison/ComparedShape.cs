using System.Numerics;

namespace FaceRecon;

/// <summary>A mesh, or a cloud: a mesh whose triangles are its points, three times the same corner, so that nearest places are found in one way.</summary>
internal sealed class ComparedShape
{
    // Points of a cloud nearer to each other than this count once, metres: it may be denser in one place than in another.
    private const float Thinning = 0.0005f;

    private ComparedShape(TriangleMesh mesh, bool isCloud, UprightFrame upright) => (Mesh, IsCloud, Upright) = (mesh, isCloud, upright);

    /// <summary>The mesh; its triangles are points for a cloud.</summary>
    public TriangleMesh Mesh { get; }
    /// <summary>Whether it has no surface between its points.</summary>
    public bool IsCloud { get; }
    /// <summary>Which way is up and forward in it.</summary>
    public UprightFrame Upright { get; }
    /// <summary>Whether it says which way its surface faces.</summary>
    public bool HasNormals => !IsCloud || Mesh.Normals.Any(normal => normal != Vector3.Zero);

    public static ComparedShape Of(TriangleMesh mesh, UprightFrame? upright = null) => mesh.TriangleCount > 0
        ? new ComparedShape(mesh, false, upright ?? UprightFrame.Camera)
        : new ComparedShape(
            new TriangleMesh(mesh.Vertices, mesh.Normals, [.. Enumerable.Range(0, 3 * mesh.VertexCount).Select(i => i / 3)], mesh.Colors), true, upright ?? UprightFrame.Camera);

    /// <summary>Reads the folder of a reconstruction, a mesh or a cloud.</summary>
    /// <exception cref="FaceReconException">MeshNotFound, MeshInvalid; ReportInvalid or TrajectoryInvalid for a file beside it.</exception>
    public static ComparedShape Read(string path, LengthUnit? unit)
    {
        var file = ViewerSource.MeshAt(path);
        var mesh = MeshFile.ReadMeshOrCloud(file, unit);
        return Of(mesh, mesh.TriangleCount > 0 ? ViewerSource.Around(file, mesh).Upright : UprightFrame.Camera);
    }

    /// <summary>Places spread evenly over the parts that count, with the directions in which the surface faces there (zero where unknown).</summary>
    public (Vector3[] Places, Vector3[] Normals) Sample(int count, Func<int, bool> include, int seed)
    {
        if (!IsCloud)
        {
            var (places, triangles) = MeshSampling.Uniform(Mesh, count, include, seed);
            return (places, Array.ConvertAll(triangles, FaceNormal));
        }
        var taken = new HashSet<(int, int, int)>();
        var kept = Enumerable.Range(0, Mesh.VertexCount).Where(i => include(i) && taken.Add(Cell(Mesh.Vertices[i]))).ToArray();
        return (Array.ConvertAll(kept, i => Mesh.Vertices[i]), Array.ConvertAll(kept, i => Mesh.Normals[i]));
    }

    /// <summary>The same, elsewhere.</summary>
    public ComparedShape Moved(Similarity motion) =>
        new(new TriangleMesh(motion.Points(Mesh.Vertices), motion.Directions(Mesh.Normals), Mesh.Triangles, Mesh.Colors), IsCloud, Upright);

    private Vector3 FaceNormal(int t)
    {
        var (a, b, c) = (Mesh.Vertices[Mesh.Triangles[3 * t]], Mesh.Vertices[Mesh.Triangles[3 * t + 1]], Mesh.Vertices[Mesh.Triangles[3 * t + 2]]);
        var cross = Vector3.Cross(b - a, c - a);
        return cross.LengthSquared() > 0 ? Vector3.Normalize(cross) : Vector3.Zero;
    }

    private static (int, int, int) Cell(Vector3 p) => ((int)MathF.Floor(p.X / Thinning), (int)MathF.Floor(p.Y / Thinning), (int)MathF.Floor(p.Z / Thinning));
}
