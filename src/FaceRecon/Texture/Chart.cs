using System.Numerics;

namespace FaceRecon;

/// <summary>A piece of a mesh laid flat.</summary>
/// <param name="Triangles">Its triangles.</param>
/// <param name="Corners">Where their corners lie, three a triangle, metres: x to the right, y down. They do not overlap by more than a fold's depth.</param>
internal sealed record Chart(int[] Triangles, Vector2[] Corners)
{
    /// <summary>The top left corner of the box around it.</summary>
    public Vector2 Low { get; } = Corners.Aggregate(new Vector2(float.MaxValue), Vector2.Min);

    /// <summary>Width and height of the box around it, metres.</summary>
    public Vector2 Size { get; } = Corners.Aggregate(new Vector2(float.MinValue), Vector2.Max) - Corners.Aggregate(new Vector2(float.MaxValue), Vector2.Min);
}
