using System.Numerics;

namespace FaceRecon;

/// <summary>What a file of a mesh or cloud holds, in the file's unit. Indices are in range; numbers may still be NaN.</summary>
/// <param name="Vertices">Positions.</param>
/// <param name="Triangles">Three vertex indices a triangle; empty for a cloud.</param>
internal sealed record MeshFileContents(Vector3[] Vertices, int[] Triangles)
{
    /// <summary>A normal a vertex, of any length; null where the file has none.</summary>
    public Vector3[]? Normals { get; init; }
    /// <summary>Red, green, blue, 3 bytes a vertex (sRGB); null where the file has none.</summary>
    public byte[]? Colors { get; init; }
    /// <summary>Standard deviation of each vertex along its normal; null where the file has none.</summary>
    public float[]? Sigma { get; init; }
    /// <summary>Whether each vertex was filled in rather than measured; null where the file does not tell.</summary>
    public bool[]? Filled { get; init; }
    /// <summary>The picture of the surface; null where the file has none, or several.</summary>
    public MeshTexture? Texture { get; init; }
    /// <summary>The unit that the file states; null where it states none.</summary>
    public LengthUnit? Unit { get; init; }
}
