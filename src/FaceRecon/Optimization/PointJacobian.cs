namespace FaceRecon;

/// <summary>
/// The derivative of one coordinate of a pixel's world point, along a direction d, by the unknowns: of the pose
/// (arm x d, d); of the depth d.R ray, times each basis value; of the logarithm of the focal length d.R (-x, -y, 0).
/// </summary>
internal sealed class PointJacobian
{
    private readonly ParameterLayout _layout;
    private readonly double[] _row;
    private readonly Run[] _runs;

    public PointJacobian(ParameterLayout layout)
    {
        _layout = layout;
        _row = new double[layout.Size];
        _runs = new Run[6];
    }

    /// <summary>The last derivative that was made.</summary>
    public ReadOnlySpan<double> Row => _row;
    /// <summary>Where it may not be zero.</summary>
    public ReadOnlySpan<Run> Runs => _runs;

    /// <summary>Makes the derivative of a coordinate of the pixel's own point.</summary>
    /// <param name="state">Where.</param>
    /// <param name="pixel">The pixel.</param>
    /// <param name="world">Its world point.</param>
    /// <param name="direction">d, world; not necessarily of unit length.</param>
    public void Make(JointState state, in PixelSample pixel, Vector3d world, Vector3d direction)
    {
        var lateral = MakePose(state, pixel, world, direction, out var inCamera);
        _row[_layout.Focal] = -lateral;
        FillDepth(pixel, (inCamera.X * pixel.RayX + inCamera.Y * pixel.RayY) * state.Stretch + inCamera.Z);
    }

    /// <summary>Makes the derivative of the difference between a pixel and where a world point is projected to: depth has no part in it.</summary>
    /// <param name="state">Where.</param>
    /// <param name="pixel">The pixel.</param>
    /// <param name="world">The world point.</param>
    /// <param name="direction">The gradient of the projection by the world point.</param>
    public void MakeProjection(JointState state, in PixelSample pixel, Vector3d world, Vector3d direction)
    {
        var lateral = MakePose(state, pixel, world, direction, out _);
        _row[_layout.Focal] = -lateral;
        FillDepth(pixel, 0);
    }

    // The pose's part. Returns what the focal length multiplies.
    private double MakePose(JointState state, in PixelSample pixel, Vector3d world, Vector3d direction, out Vector3d inCamera)
    {
        var start = _layout.FrameStart(pixel.Frame);
        var own = _row.AsSpan(start, 6);
        (own[0], own[1], own[2]) = Vector3d.Cross(world - _layout.Center, direction);
        (own[3], own[4], own[5]) = direction;
        var toCamera = state.Poses[pixel.Frame].Inverse();
        inCamera = toCamera.Rotate(direction);
        var point = toCamera.TransformPoint(world);
        _runs[0] = new Run(start, start + _layout.FrameSize);
        _runs[5] = new Run(_layout.Focal, _layout.Focal + 1);
        return inCamera.X * point.X + inCamera.Y * point.Y;
    }

    private void FillDepth(in PixelSample pixel, double byDepth)
    {
        var own = _row.AsSpan(_layout.FrameStart(pixel.Frame) + 6, _layout.DepthSize);
        own[0] = byDepth;
        own[1] = byDepth * (pixel.Z - _layout.Distances[pixel.Frame]);
        own[2..].Clear();
        if (_layout.OwnGrids is { } grids)
            Scatter(own[2..], grids[pixel.Frame].Columns, pixel.OwnFirst, pixel.OwnBasis, byDepth);
        Scatter(_row.AsSpan(_layout.SharedStart, _layout.SharedGrid.Count), _layout.SharedGrid.Columns, pixel.SharedFirst, pixel.SharedBasis, byDepth);
        for (var r = 0; r < 4; r++)
        {
            var first = _layout.SharedStart + pixel.SharedFirst + r * _layout.SharedGrid.Columns;
            _runs[1 + r] = new Run(first, first + 4);
        }
    }

    private static void Scatter(Span<double> controls, int columns, int first, ReadOnlySpan<float> basis, double factor)
    {
        for (var r = 0; r < 4; r++)
        for (var c = 0; c < 4; c++)
            controls[first + r * columns + c] = factor * basis[4 * r + c];
    }
}
