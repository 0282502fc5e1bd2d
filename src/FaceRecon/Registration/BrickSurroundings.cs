using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// A brick of a distance field with the voxels next to it, one before it along each axis and two behind it, in one piece: no look-up
/// of bricks for every neighbour of a voxel.
/// </summary>
internal readonly ref struct BrickSurroundings
{
    private const int Before = 1, After = 2;
    private const int Side = Before + DistanceField.BrickSize + After;

    /// <summary>Voxels in all.</summary>
    public const int Voxels = Side * Side * Side;

    /// <param name="field">The field.</param>
    /// <param name="brick">The brick.</param>
    /// <param name="distance">Room for the distances, all 0.</param>
    /// <param name="weight">Room for the weights, all 0.</param>
    public BrickSurroundings(DistanceField field, DistanceBrick brick, Span<float> distance, Span<float> weight)
    {
        for (var dz = -1; dz <= 1; dz++)
        for (var dy = -1; dy <= 1; dy++)
        for (var dx = -1; dx <= 1; dx++)
        {
            if (field.BrickAt(brick.X + dx, brick.Y + dy, brick.Z + dz) is not (>= 0 and var index))
                continue;
            var other = field.Bricks[index];
            var (fromX, toX) = RangeOf(dx);
            var ((fromY, toY), (fromZ, toZ)) = (RangeOf(dy), RangeOf(dz));
            for (var z = fromZ; z < toZ; z++)
            for (var y = fromY; y < toY; y++)
            {
                var source = (z * DistanceField.BrickSize + y) * DistanceField.BrickSize + fromX;
                var target = IndexOf(fromX + dx * DistanceField.BrickSize, y + dy * DistanceField.BrickSize, z + dz * DistanceField.BrickSize);
                if (dx == 0)
                {
                    Vector256.Create(other.Distance, source).CopyTo(distance[target..]);
                    Vector256.Create(other.Weight, source).CopyTo(weight[target..]);
                    continue;
                }
                // A call to copy one or two numbers would take longer than they do.
                for (var x = fromX; x < toX; x++, source++, target++)
                    (distance[target], weight[target]) = (other.Distance[source], other.Weight[source]);
            }
        }
        Distance = distance;
        Weight = weight;
    }

    /// <summary>Distances, metres.</summary>
    public ReadOnlySpan<float> Distance { get; }
    /// <summary>Weights; 0 where nothing was seen.</summary>
    public ReadOnlySpan<float> Weight { get; }

    /// <summary>Where a voxel stands, its coordinates counted from the brick's first one.</summary>
    public static int IndexOf(int x, int y, int z) => ((z + Before) * Side + y + Before) * Side + x + Before;

    /// <summary>From a voxel to the next along an axis, 0 to 2.</summary>
    public static int Step(int axis) => axis == 0 ? 1 : axis == 1 ? Side : Side * Side;

    // Which voxels of a brick count that lies before this one, is it, or lies behind it.
    private static (int From, int To) RangeOf(int side) =>
        side < 0 ? (DistanceField.BrickSize - Before, DistanceField.BrickSize) : (0, side == 0 ? DistanceField.BrickSize : After);
}
