using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>The points at which a distance field crosses zero between neighbouring voxels.</summary>
internal static class DistanceFieldSurface
{
    /// <summary>
    /// One point for each grid edge on which the field changes sign: linear interpolation between the
    /// two voxels, normal from the field's gradient, standard deviation from the sum of the weights.
    /// </summary>
    /// <param name="field">The field.</param>
    /// <param name="leastWeight">Voxels with less weight (1/mm^2) are not trusted.</param>
    /// <param name="threads">Threads to use; 0 for all.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static PointCloud ExtractPoints(this DistanceField field, float leastWeight, int threads, CancellationToken cancellation)
    {
        var bricks = field.Bricks;
        var found = new List<SurfacePoint>[bricks.Count];
        Parallel.For(0, bricks.Count, Threads.Options(threads, cancellation), b => found[b] = PointsOf(field, bricks[b], leastWeight));

        var starts = new int[bricks.Count + 1];
        for (var b = 0; b < bricks.Count; b++)
            starts[b + 1] = starts[b] + found[b].Count;
        var cloud = new PointCloud(starts[^1]);
        Parallel.For(0, bricks.Count, Threads.Options(threads, cancellation), b =>
        {
            for (var k = 0; k < found[b].Count; k++)
                Store(cloud, starts[b] + k, found[b][k]);
        });
        return cloud;
    }

    private readonly record struct SurfacePoint(Vector3d Position, Vector3d Normal, float Sigma, float Red, float Green, float Blue);

    private static List<SurfacePoint> PointsOf(DistanceField field, DistanceBrick brick, float leastWeight)
    {
        var points = new List<SurfacePoint>(128);
        var around = new BrickSurroundings(field, brick, stackalloc float[BrickSurroundings.Voxels], stackalloc float[BrickSurroundings.Voxels]);
        for (var row = 0; row < DistanceField.BrickVoxels; row += DistanceField.BrickSize)
        {
            var first = BrickSurroundings.IndexOf(0, (row >> 3) & 7, row >> 6);
            uint alongX = Crossings(around, first, 0, field, leastWeight), alongY = Crossings(around, first, 1, field, leastWeight), alongZ = Crossings(around, first, 2, field, leastWeight);
            for (var any = alongX | alongY | alongZ; any != 0; any &= any - 1)
            {
                var lane = BitOperations.TrailingZeroCount(any);
                if ((alongX >> lane & 1) != 0)
                    AddCrossing(field, brick, around, row + lane, 0, points);
                if ((alongY >> lane & 1) != 0)
                    AddCrossing(field, brick, around, row + lane, 1, points);
                if ((alongZ >> lane & 1) != 0)
                    AddCrossing(field, brick, around, row + lane, 2, points);
            }
        }
        return points;
    }

    /// <summary>For each of a row's eight voxels a bit that says whether the surface crosses the edge to the next one along an axis.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Crossings(in BrickSurroundings around, int first, int axis, DistanceField field, float leastWeight)
    {
        var next = first + BrickSurroundings.Step(axis);
        Vector256<float> here = Vector256.Create(around.Distance[first..]), there = Vector256.Create(around.Distance[next..]), least = Vector256.Create(leastWeight);
        var known = Vector256.GreaterThanOrEqual(Vector256.Create(around.Weight[first..]), least) & Vector256.GreaterThanOrEqual(Vector256.Create(around.Weight[next..]), least);
        var differ = Vector256.GreaterThan(here, Vector256<float>.Zero) ^ Vector256.GreaterThan(there, Vector256<float>.Zero);
        // Voxels on two sides of a thin part change sign too, from one truncated lobe to another.
        var near = Vector256.LessThanOrEqual(Vector256.Abs(here - there), Vector256.Create((float)(2.5 * field.VoxelSize)));
        return (known & differ & near).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddCrossing(DistanceField field, DistanceBrick brick, in BrickSurroundings around, int i, int axis, List<SurfacePoint> points)
    {
        var (x, y, z) = (i & 7, (i >> 3) & 7, i >> 6);
        var near = BrickSurroundings.IndexOf(x, y, z);
        var far = near + BrickSurroundings.Step(axis);
        var (here, there) = (around.Distance[near], around.Distance[far]);
        var t = here / (here - there);
        if (Gradient(around, near) is not { } nearGradient || Gradient(around, far) is not { } farGradient)
            return;
        var normal = (nearGradient * (1 - t) + farGradient * t).Normalized();
        var step = new Vector3d(axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0);
        var position = field.VoxelCenter(brick.X * 8 + x, brick.Y * 8 + y, brick.Z * 8 + z) + step * (t * field.VoxelSize);
        var sigma = (float)(0.001 / Math.Sqrt(around.Weight[near] * (1 - t) + around.Weight[far] * t));
        var (red, green, blue) = !field.IsColored ? default
            : brick.ColorWeight[i] <= 0 ? (128, 128, 128)
            : (brick.Color[i], brick.Color[i + DistanceField.BrickVoxels], brick.Color[i + 2 * DistanceField.BrickVoxels]);
        points.Add(new SurfacePoint(position, normal, sigma, red, green, blue));
    }

    // Central differences where both sides are known, one-sided where one is, nothing where neither is.
    private static Vector3d? Gradient(in BrickSurroundings around, int voxel) =>
        Slope(around, voxel, 0) is { } x && Slope(around, voxel, 1) is { } y && Slope(around, voxel, 2) is { } z ? new Vector3d(x, y, z) : null;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double? Slope(in BrickSurroundings around, int voxel, int axis)
    {
        var (next, last) = (voxel + BrickSurroundings.Step(axis), voxel - BrickSurroundings.Step(axis));
        var (isAfter, isBefore) = (around.Weight[next] > 0, around.Weight[last] > 0);
        if (isAfter && isBefore)
            return 0.5 * (around.Distance[next] - around.Distance[last]);
        if (around.Weight[voxel] <= 0)
            return null;
        return isAfter ? around.Distance[next] - around.Distance[voxel] : isBefore ? around.Distance[voxel] - around.Distance[last] : null;
    }

    private static void Store(PointCloud cloud, int i, in SurfacePoint point)
    {
        (cloud.X[i], cloud.Y[i], cloud.Z[i]) = ((float)point.Position.X, (float)point.Position.Y, (float)point.Position.Z);
        (cloud.NormalX[i], cloud.NormalY[i], cloud.NormalZ[i]) = ((float)point.Normal.X, (float)point.Normal.Y, (float)point.Normal.Z);
        cloud.Sigma[i] = point.Sigma;
        cloud.Colors[3 * i] = (byte)(point.Red + 0.5f);
        cloud.Colors[3 * i + 1] = (byte)(point.Green + 0.5f);
        cloud.Colors[3 * i + 2] = (byte)(point.Blue + 0.5f);
    }
}
