using System.Numerics;

namespace FaceRecon;

/// <summary>A picture of a mesh's surface, and where in it each corner of each triangle lies.</summary>
public sealed class MeshTexture
{
    /// <summary>A texture over these arrays, which it keeps and does not copy.</summary>
    /// <param name="coordinates">Places in the picture, 0 to 1: x to the right, y down from its top left corner, as glTF has it.</param>
    /// <param name="corners">For each corner of each triangle of the mesh the number of its place; a place belongs to one vertex.</param>
    /// <param name="image">The picture.</param>
    public MeshTexture(Vector2[] coordinates, int[] corners, ColorImage image)
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        ArgumentNullException.ThrowIfNull(corners);
        ArgumentNullException.ThrowIfNull(image);
        (Coordinates, Corners, Image) = (coordinates, corners, image);
    }

    /// <summary>Places in the picture, 0 to 1: x to the right, y down from its top left corner.</summary>
    public Vector2[] Coordinates { get; }
    /// <summary>For each corner of each triangle the number of its place.</summary>
    public int[] Corners { get; }
    /// <summary>The picture, sRGB.</summary>
    public ColorImage Image { get; }

    /// <summary>For each place the vertex that lies there.</summary>
    /// <param name="triangles">The mesh's triangles.</param>
    internal int[] VerticesOfPlaces(int[] triangles)
    {
        var vertices = new int[Coordinates.Length];
        for (var corner = 0; corner < Corners.Length; corner++)
            vertices[Corners[corner]] = triangles[corner];
        return vertices;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Image.Width}x{Image.Height} texture";
}
