using System.Numerics;

namespace FaceRecon;

/// <summary>Which triangle of a chart is nearest to who looks at it, cell by cell.</summary>
internal sealed class ChartDepth
{
    // About a texel of a large texture.
    private const float Cell = 0.00025f;
    // Triangles side by side share the cells on their edge, and hide none of each other.
    private const float Inside = 1e-3f;
    // What goes on behind an edge by no more than this is the same surface, metres.
    private const float Step = 0.001f;
    // Cells around the triangles' box.
    private const int Rim = (int)TextureBaking.Margin + 1;

    private readonly int _left, _top, _columns;
    private readonly (float Depth, int Triangle)[] _nearest;

    /// <param name="triangles">Corners: x, y across the line of sight and z towards the viewer, metres.</param>
    public ChartDepth(IReadOnlyList<(Vector3 A, Vector3 B, Vector3 C)> triangles)
    {
        var (low, high) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        foreach (var (a, b, c) in triangles)
            foreach (var corner in (ReadOnlySpan<Vector3>)[a, b, c])
                (low, high) = (Vector2.Min(low, new Vector2(corner.X, corner.Y)), Vector2.Max(high, new Vector2(corner.X, corner.Y)));
        (_left, _top) = ((int)MathF.Floor(low.X / Cell) - Rim, (int)MathF.Floor(low.Y / Cell) - Rim);
        _columns = (int)MathF.Ceiling(high.X / Cell) + Rim - _left;
        _nearest = new (float, int)[_columns * ((int)MathF.Ceiling(high.Y / Cell) + Rim - _top)];
        Array.Fill(_nearest, (float.MinValue, -1));
        for (var i = 0; i < triangles.Count; i++)
        {
            foreach (var (cell, depth) in Cells(triangles[i]))
                if (depth > _nearest[cell].Depth)
                    _nearest[cell] = (depth, i);
        }
    }

    /// <summary>Whether another triangle lies before a part of this one, or so close beside it that it would show between two texels at its edge.</summary>
    /// <param name="number">Which of the triangles it is.</param>
    /// <param name="triangle">Its corners.</param>
    public bool Hides(int number, (Vector3 A, Vector3 B, Vector3 C) triangle)
    {
        foreach (var (cell, _) in Cells(triangle))
        {
            if (_nearest[cell].Triangle != number)
                return true;
        }
        foreach (var (cell, depth) in Cells(triangle, TextureBaking.Margin))
        {
            if (_nearest[cell].Depth - depth > Step)
                return true;
        }
        return false;
    }

    /// <summary>The cells of a triangle, and its depth there: those whose centre lies inside, or no further outside than a margin.</summary>
    private IEnumerable<(int Cell, float Depth)> Cells((Vector3 A, Vector3 B, Vector3 C) triangle, float margin = 0)
    {
        var (a, b, c) = triangle;
        foreach (var (x, y, weights) in new FlatTriangle(new Vector2(a.X, a.Y) / Cell, new Vector2(b.X, b.Y) / Cell, new Vector2(c.X, c.Y) / Cell, margin))
        {
            if (margin > 0 || Math.Min(weights.X, Math.Min(weights.Y, weights.Z)) > Inside)
                yield return ((y - _top) * _columns + x - _left, weights.X * a.Z + weights.Y * b.Z + weights.Z * c.Z);
        }
    }
}
