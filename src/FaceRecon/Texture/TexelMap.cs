using System.Numerics;

namespace FaceRecon;

/// <summary>Which triangle of a mesh each texel shows.</summary>
internal sealed class TexelMap
{
    private readonly Vector2[] _coordinates;
    private readonly int[] _corners;
    private readonly int _size;
    // 1 + the triangle; 0 for none.
    private readonly int[] _triangle;

    /// <param name="mesh">The mesh.</param>
    /// <param name="coordinates">Places in the texture, texels.</param>
    /// <param name="corners">For each corner of each triangle the number of its place.</param>
    /// <param name="size">Texels along the texture's sides.</param>
    public TexelMap(TriangleMesh mesh, Vector2[] coordinates, int[] corners, int size)
    {
        (_coordinates, _corners, _size) = (coordinates, corners, size);
        _triangle = new int[size * size];
        // First what lies in triangles, then what lies beside them: texels of the second kind never take the place of the first.
        foreach (var margin in (ReadOnlySpan<float>)[0, 1, TextureBaking.Margin])
        {
            for (var t = 0; t < mesh.TriangleCount; t++)
            {
                foreach (var (x, y, _) in Flat(t, margin))
                {
                    ref var triangle = ref _triangle[y * size + x];
                    if (triangle == 0)
                        triangle = t + 1;
                }
            }
        }
    }

    /// <summary>Whether a texel shows anything.</summary>
    public bool IsCovered(int texel) => _triangle[texel] > 0;

    /// <summary>The texels of some rows that show something.</summary>
    public int[] Covered(int fromRow, int toRow) => [.. Enumerable.Range(fromRow * _size, (toRow - fromRow) * _size).Where(IsCovered)];

    /// <summary>The triangle of a texel that shows one, and how much of each of its corners is there.</summary>
    public (int Triangle, Vector3 Weights) At(int texel)
    {
        var triangle = _triangle[texel] - 1;
        return (triangle, Flat(triangle, 0).WeightsAt(new Vector2(texel % _size + 0.5f, texel / _size + 0.5f)));
    }

    private FlatTriangle Flat(int t, float margin) => new(_coordinates[_corners[3 * t]], _coordinates[_corners[3 * t + 1]], _coordinates[_corners[3 * t + 2]], margin);
}
