using System.Numerics;

namespace FaceRecon;

/// <summary>The cells of a grid that a triangle covers, row by row. Cell (x, y) has its centre at (x + 0.5, y + 0.5).</summary>
internal struct FlatTriangle
{
    private readonly Vector2 _a, _b, _c;
    private readonly float _area;
    private readonly Vector3 _least;
    private readonly int _left, _right, _bottom;
    private int _x, _y;

    /// <param name="a">A corner, cells.</param>
    /// <param name="b">A corner, cells.</param>
    /// <param name="c">A corner, cells.</param>
    /// <param name="margin">Cells whose centre is no further outside than this count, too.</param>
    public FlatTriangle(Vector2 a, Vector2 b, Vector2 c, float margin = 0)
    {
        (_a, _b, _c, _area) = (a, b, c, Cross(b - a, c - a));
        var low = Vector2.Min(a, Vector2.Min(b, c)) - new Vector2(margin + 0.5f);
        var high = Vector2.Max(a, Vector2.Max(b, c)) + new Vector2(margin - 0.5f);
        // A coordinate is the distance from the opposite edge over the height above it.
        _least = -margin / MathF.Abs(_area) * new Vector3((c - b).Length(), (a - c).Length(), (b - a).Length());
        (_left, _right, _bottom) = ((int)MathF.Ceiling(low.X), (int)MathF.Floor(high.X), _area == 0 ? int.MinValue : (int)MathF.Floor(high.Y));
        (_x, _y) = (_left - 1, (int)MathF.Ceiling(low.Y));
    }

    /// <summary>A cell, and how much of each corner is at its centre: barycentric coordinates, negative outside.</summary>
    public (int X, int Y, Vector3 Weights) Current { get; private set; }

    /// <summary>Itself.</summary>
    public readonly FlatTriangle GetEnumerator() => this;

    /// <summary>Goes to the next cell.</summary>
    public bool MoveNext()
    {
        for (; _y <= _bottom; _y++, _x = _left - 1)
        {
            while (++_x <= _right)
            {
                var weights = WeightsAt(new Vector2(_x + 0.5f, _y + 0.5f));
                if (weights.X < _least.X || weights.Y < _least.Y || weights.Z < _least.Z)
                    continue;
                Current = (_x, _y, weights);
                return true;
            }
        }
        return false;
    }

    /// <summary>How much of each corner is at a place.</summary>
    public readonly Vector3 WeightsAt(Vector2 p) => new Vector3(Cross(_b - p, _c - p), Cross(_c - p, _a - p), Cross(_a - p, _b - p)) / _area;

    private static float Cross(Vector2 a, Vector2 b) => a.X * b.Y - a.Y * b.X;
}
