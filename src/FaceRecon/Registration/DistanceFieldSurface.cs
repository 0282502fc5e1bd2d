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

        var count = 0;
        foreach (var points in found)
            count += points.Count;
        var cloud = new PointCloud(count);
        var i = 0;
        foreach (var points in found)
            foreach (var point in points)
                Store(cloud, i++, point);
        return cloud;
    }

    private readonly record struct SurfacePoint(Vector3d Position, Vector3d Normal, float Sigma, float Red, float Green, float Blue);

    private static List<SurfacePoint> PointsOf(DistanceField field, DistanceBrick brick, float leastWeight)
    {
        var points = new List<SurfacePoint>(128);
        for (var i = 0; i < DistanceField.BrickVoxels; i++)
        {
            if (brick.Weight[i] < leastWeight)
                continue;
            var (x, y, z) = (brick.X * 8 + (i & 7), brick.Y * 8 + ((i >> 3) & 7), brick.Z * 8 + (i >> 6));
            for (var axis = 0; axis < 3; axis++)
                AddCrossing(field, brick, i, x, y, z, axis, leastWeight, points);
        }
        return points;
    }

    private static void AddCrossing(
        DistanceField field, DistanceBrick brick, int i, int x, int y, int z, int axis, float leastWeight, List<SurfacePoint> points)
    {
        var (dx, dy, dz) = (axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0);
        var here = brick.Distance[i];
        var there = field.Distance(x + dx, y + dy, z + dz, out var weight);
        if (weight < leastWeight || (here > 0) == (there > 0))
            return;
        // Voxels on two sides of a thin part change sign too, from one truncated lobe to another.
        if (Math.Abs(here - there) > 2.5 * field.VoxelSize)
            return;
        var t = here / (here - there);
        if (Gradient(field, x, y, z) is not { } nearGradient || Gradient(field, x + dx, y + dy, z + dz) is not { } farGradient)
            return;
        var normal = (nearGradient * (1 - t) + farGradient * t).Normalized();
        var position = field.VoxelCenter(x, y, z) + new Vector3d(dx, dy, dz) * (t * field.VoxelSize);
        var sigma = (float)(0.001 / Math.Sqrt(brick.Weight[i] * (1 - t) + weight * t));
        var (red, green, blue) = !field.IsColored ? default
            : brick.ColorWeight[i] <= 0 ? (128, 128, 128)
            : (brick.Color[i], brick.Color[i + DistanceField.BrickVoxels], brick.Color[i + 2 * DistanceField.BrickVoxels]);
        points.Add(new SurfacePoint(position, normal, sigma, red, green, blue));
    }

    // Central differences where both sides are known, one-sided where one is, nothing where neither is.
    private static Vector3d? Gradient(DistanceField field, int x, int y, int z)
    {
        if (Slope(field, x, y, z, 1, 0, 0) is not { } gx || Slope(field, x, y, z, 0, 1, 0) is not { } gy ||
            Slope(field, x, y, z, 0, 0, 1) is not { } gz)
            return null;
        return new Vector3d(gx, gy, gz);
    }

    private static double? Slope(DistanceField field, int x, int y, int z, int dx, int dy, int dz)
    {
        var after = field.Distance(x + dx, y + dy, z + dz, out var weightAfter);
        var before = field.Distance(x - dx, y - dy, z - dz, out var weightBefore);
        if (weightAfter > 0 && weightBefore > 0)
            return 0.5 * (after - before);
        var here = field.Distance(x, y, z, out var weight);
        if (weight <= 0)
            return null;
        return weightAfter > 0 ? after - here : weightBefore > 0 ? here - before : null;
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
