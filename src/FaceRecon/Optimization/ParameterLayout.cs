namespace FaceRecon;

/// <summary>
/// Where each unknown of the joint optimisation stands in its vector: for every frame a rotation (3), a translation (3), a
/// depth offset, a depth scale and the controls of its own spline; then the controls of the shared spline; then the focal length.
/// </summary>
internal sealed class ParameterLayout
{
    /// <param name="frames">The frames, as the state numbers them.</param>
    /// <param name="center">Centre of rotations, world, metres.</param>
    /// <param name="sharedGrid">The spline that all frames share.</param>
    /// <param name="ownGrids">One spline a frame, all of the same number of controls; null for none.</param>
    /// <param name="refineFocal">Whether the focal length may change.</param>
    public ParameterLayout(IReadOnlyList<Keyframe> frames, Vector3d center, SplineGrid sharedGrid, SplineGrid[]? ownGrids, bool refineFocal = false)
    {
        (FrameCount, Center, SharedGrid, OwnGrids, RefineFocal) = (frames.Count, center, sharedGrid, ownGrids, refineFocal);
        Distances = [.. frames.Select(frame => frame.HeadCenter.Z)];
        DepthSize = RigidSize - 6 + (ownGrids is null ? 0 : ownGrids[0].Count);
    }

    /// <summary>Unknowns of a frame but for its own spline: turn, shift, depth offset and scale.</summary>
    public const int RigidSize = 8;

    /// <summary>Number of frames.</summary>
    public int FrameCount { get; }
    /// <summary>Centre of rotations, world, metres.</summary>
    public Vector3d Center { get; }
    /// <summary>The spline that all frames share.</summary>
    public SplineGrid SharedGrid { get; }
    /// <summary>One spline a frame; null for none.</summary>
    public SplineGrid[]? OwnGrids { get; }
    /// <summary>Whether the focal length may change.</summary>
    public bool RefineFocal { get; }
    /// <summary>Distance of the head in each frame, metres.</summary>
    public double[] Distances { get; }
    /// <summary>Depth unknowns of a frame.</summary>
    public int DepthSize { get; }
    /// <summary>Unknowns of a frame.</summary>
    public int FrameSize => 6 + DepthSize;
    /// <summary>First unknown of the shared spline.</summary>
    public int SharedStart => FrameCount * FrameSize;
    /// <summary>The focal length.</summary>
    public int Focal => SharedStart + SharedGrid.Count;
    /// <summary>Number of unknowns.</summary>
    public int Size => Focal + 1;

    /// <summary>First unknown of a frame.</summary>
    public int FrameStart(int frame) => frame * FrameSize;

    /// <summary>A pixel of a frame with the basis values of the splines there.</summary>
    public PixelSample Sample(int index, Keyframe frame, double u, double v, double z)
    {
        var shared = new float[SplineGrid.Support];
        var first = SharedGrid.Basis(u, v, shared);
        var own = OwnGrids is null ? [] : new float[SplineGrid.Support];
        var ownFirst = OwnGrids?[index].Basis(u, v, own) ?? 0;
        return new PixelSample(index, (u - frame.Camera.Cx) / frame.Camera.Fx, (v - frame.Camera.Cy) / frame.Camera.Fy, z, first, shared, ownFirst, own);
    }
}

/// <summary>A pixel of a frame: its ray (x/z, y/z), its measured depth, and what of the splines it depends on.</summary>
internal readonly record struct PixelSample(
    int Frame, double RayX, double RayY, double Z, int SharedFirst, float[] SharedBasis, int OwnFirst, float[] OwnBasis);
