using System.Numerics;

namespace FaceRecon;

/// <summary>
/// One person's head as a mesh with its materials, in metres of the head frame (origin between the ears,
/// x to the subject's left, y up, z out of the face): <see cref="HeadShape"/> polygonised, painted and bent.
/// </summary>
internal sealed class HeadMesh
{
    /// <summary>The average head, millimetres: the same for every person.</summary>
    private static readonly Lazy<(Vector3[] Vertices, Vector3[] Normals, int[] Triangles)> Average = new(PolygoniseAverage);

    private HeadMesh(HeadIdentity identity, Vector3[] positions, int[] triangles, SkinSample[] skin)
    {
        Identity = identity;
        Positions = positions;
        Triangles = triangles;
        Skin = skin;
        Normals = MeshNormals.Compute(positions, triangles);
    }

    public HeadIdentity Identity { get; }
    /// <summary>Vertices, metres.</summary>
    public Vector3[] Positions { get; }
    /// <summary>Unit normals, out of the head.</summary>
    public Vector3[] Normals { get; }
    /// <summary>Three indices each, counter-clockwise seen from outside.</summary>
    public int[] Triangles { get; }
    /// <summary>The material of every vertex.</summary>
    public SkinSample[] Skin { get; }

    /// <summary>Makes the head of a person.</summary>
    public static HeadMesh Create(HeadIdentity identity, CancellationToken cancellationToken)
    {
        var (average, normals, triangles) = Average.Value;
        cancellationToken.ThrowIfCancellationRequested();
        var skin = new SkinSample[average.Length];
        var positions = new Vector3[average.Length];
        var (skinPainter, eyePainter, hairPainter) = (new SkinPainter(identity), new EyePainter(identity), new HairPainter(identity));
        Parallel.For(0, average.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var p = average[i];
            skin[i] = EyePainter.Covers(p) ? eyePainter.At(p) : hairPainter.Cover(p, skinPainter.At(p));
            positions[i] = identity.Shape(p + skin[i].Height * normals[i]) * 0.001f;
        });
        return new HeadMesh(identity, positions, triangles, skin);
    }

    /// <summary>The landmarks of this person, metres.</summary>
    public Dictionary<string, Vector3> Landmarks() =>
        HeadLandmarks.All().ToDictionary(landmark => landmark.Name, landmark => Identity.Shape(landmark.Position) * 0.001f);

    private static (Vector3[] Vertices, Vector3[] Normals, int[] Triangles) PolygoniseAverage()
    {
        // Two thirds of a millimetre at the eyes and the mouth, less on the cheeks, and the grid widens
        // like a fan from the face to the back of the head and down the neck.
        var x = SurfaceNets.GridLines(-76, 76, v => MathF.Abs(v) switch { < 15 => 0.9f, < 47 => 0.72f, _ => 1.1f });
        var y = SurfaceNets.GridLines(-184, 128, v => v switch { < -100 => 3, < -68 => 1.05f, < -40 => 0.7f, < 4 => 0.95f, < 26 => 0.64f, < 46 => 0.9f, _ => 2 });
        var z = SurfaceNets.GridLines(-100, 132, v => v switch { < -44 => 3, < 36 => 1.4f, _ => 0.9f });
        var (vertices, triangles) = SurfaceNets.Polygonise(HeadShape.Distance, Fan, x, y, z, CancellationToken.None);
        // The mean of a cell's crossings is a little off the surface: once along the normal puts it there.
        var normals = MeshNormals.Compute(vertices, triangles);
        Parallel.For(0, vertices.Length, i => vertices[i] -= 0.9f * HeadShape.Distance(vertices[i]) * normals[i]);
        return (vertices, MeshNormals.Compute(vertices, triangles), triangles);
    }

    private static Vector3 Fan(Vector3 p)
    {
        var wide = 1 + 1.2f * SignedDistance.SmoothStep(60, -70, p.Z);
        return new Vector3(p.X * wide, p.Y * wide, p.Z);
    }
}
