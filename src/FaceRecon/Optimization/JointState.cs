namespace FaceRecon;

/// <summary>
/// The unknowns of the joint optimisation. A pixel's corrected depth is
/// z' = z + offset_k + scale_k (z - z_k) + shared(u, v) + own_k(u, v), z_k the distance of the head in frame k.
/// </summary>
internal sealed class JointState
{
    /// <summary>All zero around these poses.</summary>
    public JointState(ParameterLayout layout, RigidTransform[] poses, double logFocal = 0)
    {
        LogFocal = logFocal;
        Stretch = Math.Exp(-logFocal);
        Layout = layout;
        Poses = poses;
        WorldToCamera = Array.ConvertAll(poses, pose => pose.Inverse());
        FrameDepth = new double[layout.FrameCount * layout.DepthSize];
        Shared = new double[layout.SharedGrid.Count];
    }

    /// <summary>Which unknown stands where.</summary>
    public ParameterLayout Layout { get; }
    /// <summary>Camera-to-world, one a frame.</summary>
    public RigidTransform[] Poses { get; }
    /// <summary>The inverses of <see cref="Poses"/>.</summary>
    public RigidTransform[] WorldToCamera { get; }
    /// <summary>For each frame: offset (metres), scale, controls of its own spline (metres).</summary>
    public double[] FrameDepth { get; private init; }
    /// <summary>Controls of the spline that all frames share, metres.</summary>
    public double[] Shared { get; private init; }
    /// <summary>Logarithm of the factor by which the stated focal length is corrected.</summary>
    public double LogFocal { get; }

    /// <summary>Factor on the stated rays (x/z, y/z).</summary>
    public double Stretch { get; }

    /// <summary>Whether any depth is other than measured.</summary>
    public bool CorrectsDepth => FrameDepth.AsSpan().ContainsAnyExcept(0.0) || Shared.AsSpan().ContainsAnyExcept(0.0);

    /// <summary>Frame k's part of <see cref="FrameDepth"/>.</summary>
    public ReadOnlySpan<double> DepthOf(int frame) => FrameDepth.AsSpan(frame * Layout.DepthSize, Layout.DepthSize);

    /// <summary>The state a step away. A pose moves in the world: a rotation about the layout's centre, then a translation.</summary>
    public JointState Moved(ReadOnlySpan<double> step)
    {
        var poses = new RigidTransform[Poses.Length];
        var (there, back) = (RigidTransform.FromTranslation(Layout.Center), RigidTransform.FromTranslation(-Layout.Center));
        for (var k = 0; k < Poses.Length; k++)
        {
            var own = step.Slice(Layout.FrameStart(k), 6);
            var motion = RigidTransform.FromRotationVector(new Vector3d(own[0], own[1], own[2]), new Vector3d(own[3], own[4], own[5]));
            poses[k] = (there * motion * back * Poses[k]).Orthonormalized();
        }
        var moved = new JointState(Layout, poses, Layout.RefineFocal ? LogFocal + step[Layout.Focal] : 0);
        for (var k = 0; k < Poses.Length; k++)
        {
            var own = step.Slice(Layout.FrameStart(k), Layout.FrameSize);
            for (var i = 0; i < Layout.DepthSize; i++)
                moved.FrameDepth[k * Layout.DepthSize + i] = FrameDepth[k * Layout.DepthSize + i] + own[6 + i];
        }
        for (var i = 0; i < Shared.Length; i++)
            moved.Shared[i] = Shared[i] + step[Layout.SharedStart + i];
        return moved;
    }

    /// <summary>The same in a layout with other splines of single frames, which are zero at first.</summary>
    public JointState In(ParameterLayout layout)
    {
        var state = new JointState(layout, Poses, LogFocal) { Shared = Shared };
        for (var k = 0; k < Poses.Length; k++)
            DepthOf(k)[..2].CopyTo(state.FrameDepth.AsSpan(k * layout.DepthSize));
        return state;
    }

    /// <summary>The same poses and focal length with depth as it was measured.</summary>
    public JointState WithoutDepth() => new(Layout, Poses, LogFocal);

    /// <summary>Where a pixel's point is in the world after correction.</summary>
    public Vector3d World(in PixelSample pixel) => Poses[pixel.Frame].TransformPoint(Point(pixel));

    /// <summary>Where a pixel's point is in its camera's frame after correction.</summary>
    public Vector3d Point(in PixelSample pixel)
    {
        var z = Depth(pixel);
        return new Vector3d(pixel.RayX * Stretch * z, pixel.RayY * Stretch * z, z);
    }

    /// <summary>A pixel's corrected depth, metres.</summary>
    public double Depth(in PixelSample pixel)
    {
        var own = DepthOf(pixel.Frame);
        var z = pixel.Z + own[0] + own[1] * (pixel.Z - Layout.Distances[pixel.Frame]);
        z += Layout.SharedGrid.Evaluate(Shared, pixel.SharedFirst, pixel.SharedBasis);
        if (Layout.OwnGrids is { } grids)
            z += grids[pixel.Frame].Evaluate(own[2..], pixel.OwnFirst, pixel.OwnBasis);
        return z;
    }
}
