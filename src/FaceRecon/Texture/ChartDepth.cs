using System.Numerics;

namespace FaceRecon;

/// <summary>What of a chart is nearest to who looks at it, cell by cell.</summary>
internal sealed class ChartDepth
{
    private const float Cell = 0.0004f;

    private readonly int _left, _top, _columns;
    private readonly float[] _nearest;

    /// <param name="triangles">Corners: x, y across the line of sight and z towards the viewer, metres.</param>
    public ChartDepth(IReadOnlyCollection<(Vector3 A, Vector3 B, Vector3 C)> triangles)
    {
        var (low, high) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        foreach (var (a, b, c) in triangles)
            foreach (var corner in (ReadOnlySpan<Vector3>)[a, b, c])
                (low, high) = (Vector2.Min(low, new Vector2(corner.X, corner.Y)), Vector2.Max(high, new Vector2(corner.X, corner.Y)));
        (_left, _top) = ((int)MathF.Floor(low.X / Cell), (int)MathF.Floor(low.Y / Cell));
        _columns = (int)MathF.Floor(high.X / Cell) - _left + 1;
        _nearest = new float[_columns * ((int)MathF.Floor(high.Y / Cell) - _top + 1)];
        Array.Fill(_nearest, float.MinValue);
        foreach (var (a, b, c) in triangles)
            Draw(a, b, c);
    }

    /// <summary>How far a triangle's middle lies behind what is nearest there, metres.</summary>
    public float Behind((Vector3 A, Vector3 B, Vector3 C) triangle)
    {
        var middle = (triangle.A + triangle.B + triangle.C) / 3;
        return _nearest[((int)MathF.Floor(middle.Y / Cell) - _top) * _columns + (int)MathF.Floor(middle.X / Cell) - _left] - middle.Z;
    }

    private void Draw(Vector3 a, Vector3 b, Vector3 c)
    {
        foreach (var (x, y, weights) in new FlatTriangle(new Vector2(a.X, a.Y) / Cell, new Vector2(b.X, b.Y) / Cell, new Vector2(c.X, c.Y) / Cell))
        {
            ref var nearest = ref _nearest[(y - _top) * _columns + x - _left];
            nearest = Math.Max(nearest, weights.X * a.Z + weights.Y * b.Z + weights.Z * c.Z);
        }
    }
}
