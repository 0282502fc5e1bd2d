using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// The derivative of one coordinate of a pixel's world point, along a direction d, by the unknowns: of the pose
/// (arm x d, d); of the depth d.R ray, times each basis value; of the logarithm of the focal length d.R (-x, -y, 0).
/// </summary>
internal sealed class PointJacobian(ParameterLayout layout)
{
    /// <summary>The last derivative that was made.</summary>
    public SparseRow Row { get; } = new();

    /// <summary>Makes the derivative of a coordinate of the pixel's own point.</summary>
    /// <param name="state">Where.</param>
    /// <param name="pixel">The pixel.</param>
    /// <param name="world">Its world point.</param>
    /// <param name="direction">d, world; not necessarily of unit length.</param>
    public void Make(JointState state, in PixelSample pixel, Vector3d world, Vector3d direction)
    {
        var inCamera = state.WorldToCamera[pixel.Frame].Rotate(direction);
        var byDepth = (inCamera.X * pixel.RayX + inCamera.Y * pixel.RayY) * state.Stretch + inCamera.Z;
        Row.Clear();
        AppendFrame(pixel, world, direction, byDepth);
        if (layout.OwnGrids is { } grids)
            AppendSpline(layout.FrameStart(pixel.Frame) + ParameterLayout.RigidSize, grids[pixel.Frame].Columns, pixel.OwnFirst, pixel.OwnBasis, byDepth);
        AppendSpline(layout.SharedStart, layout.SharedGrid.Columns, pixel.SharedFirst, pixel.SharedBasis, byDepth);
        AppendFocal(state, pixel, world, inCamera);
    }

    /// <summary>Makes the derivative of the difference between a pixel and where a world point is projected to: depth has no part in it.</summary>
    /// <param name="state">Where.</param>
    /// <param name="pixel">The pixel.</param>
    /// <param name="world">The world point.</param>
    /// <param name="direction">The gradient of the projection by the world point.</param>
    public void MakeProjection(JointState state, in PixelSample pixel, Vector3d world, Vector3d direction)
    {
        Row.Clear();
        AppendFrame(pixel, world, direction, 0);
        AppendFocal(state, pixel, world, state.WorldToCamera[pixel.Frame].Rotate(direction));
    }

    // Turn, shift, offset and scale.
    private void AppendFrame(in PixelSample pixel, Vector3d world, Vector3d direction, double byDepth)
    {
        var start = layout.FrameStart(pixel.Frame);
        var turn = Vector3d.Cross(world - layout.Center, direction);
        Row.Append(start, Vector256.Create(turn.X, turn.Y, turn.Z, direction.X));
        Row.Append(start + 4, Vector256.Create(direction.Y, direction.Z, byDepth, byDepth * (pixel.Z - layout.Distances[pixel.Frame])));
    }

    private void AppendSpline(int start, int columns, int first, ReadOnlySpan<float> basis, double factor)
    {
        for (var r = 0; r < 4; r++)
            Row.Append(start + first + r * columns, factor * Vector256.Create((double)basis[4 * r], basis[4 * r + 1], basis[4 * r + 2], basis[4 * r + 3]));
    }

    private void AppendFocal(JointState state, in PixelSample pixel, Vector3d world, Vector3d inCamera)
    {
        if (!layout.RefineFocal)
            return;
        var point = state.WorldToCamera[pixel.Frame].TransformPoint(world);
        Row.Append(layout.Focal, Vector256.Create(-(inCamera.X * point.X + inCamera.Y * point.Y), 0, 0, 0));
    }
}
