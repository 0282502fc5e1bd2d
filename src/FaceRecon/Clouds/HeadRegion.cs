using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>The ball that holds the head, in the camera frame.</summary>
/// <param name="Center">Centre of the head, metres.</param>
/// <param name="Radius">Radius, metres.</param>
/// <param name="Score">How much like a head it is: 1 for a full disc alone in space, 0 for a wall.</param>
public readonly record struct HeadRegion(Vector3d Center, double Radius, double Score)
{
    // A face is 14 to 16 cm wide: a disc of 6.5 cm lies inside any head seen from any side, and a
    // ring of 11.5 to 14.5 cm lies outside it but for the neck (and the nape in profile).
    private const double DiscRadius = 0.065;
    private const double RingInner = 0.115;
    private const double RingOuter = 0.145;
    // Cells of about 8 mm resolve the disc into two hundred cells, and keep the search under a millisecond.
    private const double CellSize = 0.008;
    // The visible side of a head is some 9 cm deep at its outline and its centre lies that far behind the nearest parts.
    private const double DepthToCenter = 0.085;
    private const double DepthBehind = 0.13;
    private const double DepthBefore = 0.07;
    private const double LeastFill = 0.75;
    // In the corner of an image that a wall fills, where most of the ring is out of view and counts half, the score reaches 0.3.
    private const double LeastScore = 0.4;

    /// <summary>
    /// Finds the head without knowing which way is up: the blob of a head's size that stands out
    /// from what is around it, as the difference of a full disc and an empty ring (a metric
    /// centre-surround filter). Shoulders fail it because their surroundings are full, a wall too.
    /// </summary>
    /// <returns>The best region, or null where nothing of a head's size stands free.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static HeadRegion? Find(DepthImage depth, CameraIntrinsics intrinsics, PointCloudOptions options)
    {
        ArgumentNullException.ThrowIfNull(depth);
        ArgumentNullException.ThrowIfNull(intrinsics);
        ArgumentNullException.ThrowIfNull(options);
        var focal = 0.5 * (intrinsics.Fx + intrinsics.Fy);
        var nearest = NearDepth(depth, options);
        if (nearest <= 0)
            return null;
        var step = Math.Max(1, (int)Math.Round(CellSize * focal / nearest));
        var cells = Downsample(depth, step, options, out var columns, out var rows);

        var best = (Score: double.NegativeInfinity, Column: 0, Row: 0, Fill: 0.0);
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            var z = cells[row * columns + column];
            if (z <= 0)
                continue;
            // Of two free blobs the nearer is the subject.
            var nearness = -0.3 * (z - nearest);
            var view = new HeadAround(cells, columns, rows, column, row, z);
            var cellsPerMetre = focal / (z * step);
            // Each is only counted where, the rest being as it should, this could still be the head.
            if (1 + nearness <= best.Score)
                continue;
            var fill = view.Share(0, DiscRadius * cellsPerMetre, everySecond: false);
            if (fill < LeastFill || fill + nearness <= best.Score)
                continue;
            var score = fill - view.Share(RingInner * cellsPerMetre, RingOuter * cellsPerMetre, everySecond: true) + nearness;
            if (score > best.Score)
                best = (score, column, row, fill);
        }
        if (best.Score < LeastScore)
            return null;
        return new HeadRegion(
            CenterOfBlob(cells, columns, rows, best.Column, best.Row, step, intrinsics),
            options.HeadRadius, Math.Clamp(best.Score, 0, 1));
    }

    // The 2nd percentile: nearer than nearly everything, but not a lone flying pixel.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double NearDepth(DepthImage depth, PointCloudOptions options)
    {
        var histogram = new int[256];
        var total = 0;
        var scale = histogram.Length / options.MaximumDepth;
        for (var i = 0; i < depth.Depths.Length; i += 3)
        {
            var z = depth.Depths[i];
            if (z < options.MinimumDepth || z >= options.MaximumDepth)
                continue;
            histogram[(int)(z * scale)]++;
            total++;
        }
        if (total < 100)
            return 0;
        var seen = 0;
        for (var bin = 0; bin < histogram.Length; bin++)
            if ((seen += histogram[bin]) * 50 >= total)
                return (bin + 0.5) / scale;
        return 0;
    }

    // The nearest valid depth of a few pixels of each cell: holes (hair, brows) must not punch the disc.
    private static float[] Downsample(DepthImage depth, int step, PointCloudOptions options, out int columns, out int rows)
    {
        columns = depth.Width / step;
        rows = depth.Height / step;
        var cells = new float[columns * rows];
        var (low, high) = ((float)options.MinimumDepth, (float)options.MaximumDepth);
        var stride = Math.Max(1, step / 3);
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            var nearest = 0f;
            for (var v = row * step; v < (row + 1) * step; v += stride)
            for (var u = column * step; u < (column + 1) * step; u += stride)
            {
                var z = depth.Depths[v * depth.Width + u];
                if (z >= low && z < high && (nearest == 0 || z < nearest))
                    nearest = z;
            }
            cells[row * columns + column] = nearest;
        }
        return cells;
    }

    /// <summary>The cells around one of them, and which of those are at a head's depth if that one is part of it.</summary>
    private readonly ref struct HeadAround(float[] cells, int columns, int rows, int column, int row, float z)
    {
        /// <summary>
        /// Share of the cells between two distances, both with their ends, that are at the head's depth. What lies outside the image
        /// counts half.
        /// </summary>
        /// <param name="inner">The lesser distance, cells.</param>
        /// <param name="outer">The greater one.</param>
        /// <param name="everySecond">Whether every second cell is plenty to judge it by.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public double Share(double inner, double outer, bool everySecond)
        {
            var (full, count) = (0.0, 0);
            var reach = (int)outer;
            for (var dy = -reach; dy <= reach; dy++)
            for (var dx = -reach; dx <= reach; dx++)
            {
                var squared = dx * dx + dy * dy;
                if (squared < inner * inner || squared > outer * outer || (everySecond && ((dx + dy) & 1) != 0))
                    continue;
                count++;
                var (x, y) = (column + dx, row + dy);
                if ((uint)x >= (uint)columns || (uint)y >= (uint)rows)
                    full += 0.5;
                else if (cells[y * columns + x] is var other && other > z - DepthBefore && other < z + DepthBehind)
                    full++;
            }
            return full / Math.Max(count, 1);
        }
    }

    // Mean shift of the blob inside a disc of 9 cm, then the depth of its near part plus half a head.
    private static Vector3d CenterOfBlob(
        float[] cells, int columns, int rows, int column, int row, int step, CameraIntrinsics intrinsics)
    {
        var z = cells[row * columns + column];
        var focal = 0.5 * (intrinsics.Fx + intrinsics.Fy);
        double x = column, y = row;
        var near = new List<float>();
        for (var iteration = 0; iteration < 6; iteration++)
        {
            var radius = 0.09 * focal / (z * step);
            double sumX = 0, sumY = 0, count = 0;
            near.Clear();
            for (var cy = Math.Max(0, (int)(y - radius)); cy <= Math.Min(rows - 1, (int)(y + radius) + 1); cy++)
            for (var cx = Math.Max(0, (int)(x - radius)); cx <= Math.Min(columns - 1, (int)(x + radius) + 1); cx++)
            {
                var other = cells[cy * columns + cx];
                if ((cx - x) * (cx - x) + (cy - y) * (cy - y) > radius * radius ||
                    other <= z - DepthBefore || other >= z + DepthBehind)
                    continue;
                (sumX, sumY, count) = (sumX + cx, sumY + cy, count + 1);
                near.Add(other);
            }
            if (count == 0)
                break;
            (x, y) = (sumX / count, sumY / count);
        }
        near.Sort();
        if (near.Count > 0)
            z = near[near.Count / 10];
        var center = z + DepthToCenter;
        return intrinsics.BackProject((x + 0.5) * step - 0.5, (y + 0.5) * step - 0.5, center);
    }
}
