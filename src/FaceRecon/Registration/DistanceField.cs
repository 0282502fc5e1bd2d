using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// A truncated signed distance field (Curless and Levoy 1996) over the ball that holds the head, in
/// bricks of 8x8x8 voxels that exist only where a surface was seen. Distances are metres, positive
/// outside; world frame.
/// </summary>
internal sealed class DistanceField
{
    public const int BrickSize = 8;
    public const int BrickVoxels = BrickSize * BrickSize * BrickSize;

    /// <summary>Radius of the ball that holds a head: a little more than what a frame's cloud keeps around its own estimate of the centre, metres.</summary>
    public const double HeadRadius = 0.16;

    private readonly int[] _brickIndex;
    private readonly List<DistanceBrick> _bricks = [];
    private int _visit;

    /// <param name="center">Centre of the ball, world, metres.</param>
    /// <param name="radius">Radius of the ball, metres.</param>
    /// <param name="voxelSize">Edge of a voxel, metres.</param>
    /// <param name="truncation">Distance beyond which a measurement says nothing about a voxel, metres.</param>
    /// <param name="colored">Whether voxels have colours, for frames to be compared with; those of the result come from the frames themselves.</param>
    public DistanceField(Vector3d center, double radius, double voxelSize, double truncation, bool colored = false)
    {
        IsColored = colored;
        Center = center;
        Radius = radius;
        VoxelSize = voxelSize;
        Truncation = truncation;
        BricksPerSide = (int)Math.Ceiling(2 * (radius + truncation) / (voxelSize * BrickSize)) + 2;
        var half = 0.5 * BricksPerSide * BrickSize * voxelSize;
        Origin = center - new Vector3d(half, half, half);
        _brickIndex = new int[BricksPerSide * BricksPerSide * BricksPerSide];
        Array.Fill(_brickIndex, -1);
    }

    public Vector3d Center { get; }
    public double Radius { get; }
    public double VoxelSize { get; }
    public double Truncation { get; }
    public int BricksPerSide { get; }
    public bool IsColored { get; }

    /// <summary>World position of the corner of the grid; voxel (i, j, k) has its centre half a voxel inside.</summary>
    public Vector3d Origin { get; }

    /// <summary>The bricks in the order in which they were first seen.</summary>
    public IReadOnlyList<DistanceBrick> Bricks => _bricks;

    /// <summary>A number that no brick was visited with before.</summary>
    public int NextVisit() => ++_visit;

    /// <summary>World position of a voxel's centre.</summary>
    public Vector3d VoxelCenter(int x, int y, int z) =>
        Origin + new Vector3d(x + 0.5, y + 0.5, z + 0.5) * VoxelSize;

    /// <summary>Index into <see cref="Bricks"/> of the brick with these brick coordinates, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int BrickAt(int bx, int by, int bz) =>
        (uint)bx < (uint)BricksPerSide && (uint)by < (uint)BricksPerSide && (uint)bz < (uint)BricksPerSide
            ? _brickIndex[(bz * BricksPerSide + by) * BricksPerSide + bx]
            : -1;

    /// <summary>The brick that holds a world position, made if need be; -1 outside the grid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Touch(Vector3d world)
    {
        var scale = 1 / (VoxelSize * BrickSize);
        var local = (world - Origin) * scale;
        var (bx, by, bz) = ((int)Math.Floor(local.X), (int)Math.Floor(local.Y), (int)Math.Floor(local.Z));
        if ((uint)bx >= (uint)BricksPerSide || (uint)by >= (uint)BricksPerSide || (uint)bz >= (uint)BricksPerSide)
            return -1;
        ref var index = ref _brickIndex[(bz * BricksPerSide + by) * BricksPerSide + bx];
        if (index < 0)
        {
            index = _bricks.Count;
            _bricks.Add(new DistanceBrick(bx, by, bz, IsColored));
        }
        return index;
    }
}

/// <summary>Eight by eight by eight voxels: index (z * 8 + y) * 8 + x.</summary>
internal sealed class DistanceBrick(int x, int y, int z, bool colored)
{
    /// <summary>Brick coordinates: the first voxel is (8x, 8y, 8z).</summary>
    public readonly int X = x, Y = y, Z = z;
    /// <summary>Weighted mean of the signed distances, metres.</summary>
    public readonly float[] Distance = new float[DistanceField.BrickVoxels];
    /// <summary>Sum of the weights: inverse variances, 1/mm^2.</summary>
    public readonly float[] Weight = new float[DistanceField.BrickVoxels];
    /// <summary>Weighted mean colour near the surface: all voxels' red, then green, then blue; empty in a field without colours.</summary>
    public readonly float[] Color = colored ? new float[3 * DistanceField.BrickVoxels] : [];
    /// <summary>Sum of the colours' weights; empty in a field without colours.</summary>
    public readonly float[] ColorWeight = colored ? new float[DistanceField.BrickVoxels] : [];
    /// <summary>The last visit (<see cref="DistanceField.NextVisit"/>) that touched it.</summary>
    public int Visit;
}
