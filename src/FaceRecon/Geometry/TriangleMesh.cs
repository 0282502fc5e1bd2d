using System.Numerics;

namespace FaceRecon;

/// <summary>
/// An indexed triangle mesh in metres. Triangles are counter-clockwise seen from outside, so that
/// (b-a)x(c-a) points out of the surface as the vertex normals do.
/// </summary>
public sealed class TriangleMesh
{
    /// <summary>A mesh over these arrays, which it keeps and does not copy.</summary>
    /// <param name="vertices">Positions, metres.</param>
    /// <param name="normals">Unit normals, one a vertex.</param>
    /// <param name="triangles">Three vertex indices a triangle.</param>
    /// <param name="colors">Red, green, blue, 3 bytes a vertex (sRGB); empty for a mesh without colour.</param>
    /// <param name="sigma">Standard deviation of each vertex along its normal, metres; empty where unknown.</param>
    /// <exception cref="ArgumentException">The arrays do not agree in length.</exception>
    public TriangleMesh(Vector3[] vertices, Vector3[] normals, int[] triangles, byte[]? colors = null, float[]? sigma = null)
    {
        ArgumentNullException.ThrowIfNull(vertices);
        ArgumentNullException.ThrowIfNull(normals);
        ArgumentNullException.ThrowIfNull(triangles);
        Vertices = vertices;
        Normals = normals;
        Triangles = triangles;
        Colors = colors ?? [];
        Sigma = sigma ?? [];
        if (normals.Length != vertices.Length || triangles.Length % 3 != 0 ||
            (Colors.Length != 0 && Colors.Length != 3 * vertices.Length) ||
            (Sigma.Length != 0 && Sigma.Length != vertices.Length))
            throw new ArgumentException("The arrays of a mesh must agree in length.");
    }

    /// <summary>Positions, metres.</summary>
    public Vector3[] Vertices { get; }
    /// <summary>Unit normals, one a vertex.</summary>
    public Vector3[] Normals { get; }
    /// <summary>Three vertex indices a triangle.</summary>
    public int[] Triangles { get; }
    /// <summary>Red, green, blue, 3 bytes a vertex (sRGB); empty for a mesh without colour.</summary>
    public byte[] Colors { get; }
    /// <summary>Standard deviation of each vertex along its normal, metres; empty where unknown.</summary>
    public float[] Sigma { get; }
    /// <summary>Whether each vertex was filled in, in a gap of the data, and not measured; empty where unknown.</summary>
    public bool[] Filled
    {
        get;
        init => field = value.Length == 0 || value.Length == VertexCount ? value : throw new ArgumentException("The arrays of a mesh must agree in length.");
    } = [];
    /// <summary>A picture of the surface, finer than the vertices' colours; null where there is none.</summary>
    public MeshTexture? Texture { get; init; }
    /// <summary>Number of vertices.</summary>
    public int VertexCount => Vertices.Length;
    /// <summary>Number of triangles.</summary>
    public int TriangleCount => Triangles.Length / 3;

    /// <summary>The mesh in another frame.</summary>
    public TriangleMesh Moved(RigidTransform motion) => new(
        Array.ConvertAll(Vertices, v => ToSingle(motion.TransformPoint(ToDouble(v)))),
        Array.ConvertAll(Normals, n => ToSingle(motion.Rotate(ToDouble(n)))), Triangles, Colors, Sigma)
    {
        Filled = Filled,
        Texture = Texture,
    };

    private static Vector3d ToDouble(Vector3 v) => new(v.X, v.Y, v.Z);

    private static Vector3 ToSingle(Vector3d v) => new((float)v.X, (float)v.Y, (float)v.Z);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{VertexCount} vertices, {TriangleCount} triangles");
}
