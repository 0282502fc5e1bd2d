using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>Adds a frame to a distance field.</summary>
internal static class DistanceFieldIntegration
{
    // Colour is taken this near the surface only, so that the far side of an ear does not tint its front.
    private const float ColorDistance = 0.0025f;

    /// <summary>The field of all of a head's frames, each at its pose.</summary>
    public static DistanceField Fuse(
        IReadOnlyList<Keyframe> frames, Vector3d headCenter, double voxelSize, double truncation, bool colored, int threads, CancellationToken cancellation)
    {
        var field = new DistanceField(headCenter, DistanceField.HeadRadius, voxelSize, truncation, colored);
        foreach (var frame in frames)
            field.Integrate(frame, frame.Pose, threads, cancellation);
        return field;
    }

    /// <summary>
    /// Each voxel near the seen surface takes the weighted mean of its distances to it. A measurement's
    /// distance is to the tangent plane, (z - z_voxel) times the cosine of incidence, not along the
    /// ray, which would thicken slanted surfaces; its weight is the inverse variance of that.
    /// </summary>
    public static void Integrate(this DistanceField field, Keyframe frame, RigidTransform cameraToWorld, int threads, CancellationToken cancellation)
    {
        var touched = TouchBricks(field, frame, cameraToWorld);
        var worldToCamera = cameraToWorld.Inverse();
        // Each brick belongs to one iteration, so the result is the same whoever runs it.
        Parallel.For(0, touched.Count, Threads.Options(threads, cancellation), i =>
            IntegrateBrick(field, touched[i], frame, worldToCamera));
    }

    /// <summary>The bricks within the truncation of the frame's points along their rays, each once, in a fixed order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static List<DistanceBrick> TouchBricks(DistanceField field, Keyframe frame, RigidTransform cameraToWorld)
    {
        var touched = new List<DistanceBrick>(2048);
        var visit = field.NextVisit();
        var camera = frame.Camera;
        var brickEdge = DistanceField.BrickSize * field.VoxelSize;
        var steps = Math.Max(2, (int)Math.Ceiling(2 * field.Truncation / (0.5 * brickEdge)));
        // Pixels a quarter of a brick apart miss none.
        var stride = Math.Max(1, (int)(0.25 * brickEdge * camera.Fx / Math.Max(frame.HeadCenter.Z, 0.1)));
        for (var row = 0; row < frame.Height; row += stride)
        for (var column = 0; column < frame.Width; column += stride)
        {
            var z = frame.Z[row * frame.Width + column];
            if (z <= 0)
                continue;
            var point = camera.BackProject(frame.Left + column, frame.Top + row, z);
            var world = cameraToWorld.TransformPoint(point);
            if ((world - field.Center).LengthSquared > field.Radius * field.Radius)
                continue;
            var ray = cameraToWorld.Rotate(point.Normalized());
            for (var step = 0; step <= steps; step++)
            {
                var index = field.Touch(world + ray * (field.Truncation * (2.0 * step / steps - 1)));
                if (index < 0)
                    continue;
                var brick = field.Bricks[index];
                if (brick.Visit == visit)
                    continue;
                brick.Visit = visit;
                touched.Add(brick);
            }
        }
        return touched;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void IntegrateBrick(DistanceField field, DistanceBrick brick, Keyframe frame, RigidTransform worldToCamera)
    {
        var camera = frame.Camera;
        var first = worldToCamera.TransformPoint(field.VoxelCenter(brick.X * 8, brick.Y * 8, brick.Z * 8));
        var stepX = worldToCamera.Rotate(new Vector3d(field.VoxelSize, 0, 0));
        var stepY = worldToCamera.Rotate(new Vector3d(0, field.VoxelSize, 0));
        var stepZ = worldToCamera.Rotate(new Vector3d(0, 0, field.VoxelSize));
        var truncation = Vector256.Create((float)field.Truncation);
        // The interpolated distance differs from the nearest pixel's by less than a millimetre.
        var margin = truncation + Vector256.Create(0.001f);
        var fade = Vector256<float>.One / (0.6f * truncation);
        // A row of eight voxels at once: camera coordinates, pixels, distance to the nearest pixel's tangent plane.
        var lanes = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        var (rowX, rowY, rowZ) = ((float)stepX.X * lanes, (float)stepX.Y * lanes, (float)stepX.Z * lanes);
        var (fx, fy) = (Vector256.Create((float)camera.Fx), Vector256.Create((float)camera.Fy));
        var (cx, cy) = (Vector256.Create((float)camera.Cx - frame.Left), Vector256.Create((float)camera.Cy - frame.Top));
        var (right, bottom) = (Vector256.Create(frame.Width - 1f), Vector256.Create(frame.Height - 1f));
        for (var row = 0; row < 64; row++)
        {
            var start = first + stepZ * (row >> 3) + stepY * (row & 7);
            var z = rowZ + Vector256.Create((float)start.Z);
            var inverse = Vector256<float>.One / z;
            var x = Vector256.FusedMultiplyAdd(fx * (rowX + Vector256.Create((float)start.X)), inverse, cx);
            var y = Vector256.FusedMultiplyAdd(fy * (rowY + Vector256.Create((float)start.Y)), inverse, cy);
            var inside = Vector256.GreaterThanOrEqual(x, Vector256<float>.Zero) & Vector256.GreaterThanOrEqual(y, Vector256<float>.Zero)
                & Vector256.LessThanOrEqual(x, right) & Vector256.LessThanOrEqual(y, bottom);
            if (Vector256.EqualsAll(inside, Vector256<float>.Zero))
                continue;
            var nearest = frame.NearestPixels(x, y, inside);
            var surface = VectorGather.From(frame.Z, nearest);
            var facing = VectorGather.From(frame.Facing, nearest);
            var near = inside & Vector256.GreaterThan(facing, Vector256<float>.Zero)
                & Vector256.LessThan(Vector256.Abs((surface - z) * facing), margin);
            if (Vector256.EqualsAll(near, Vector256<float>.Zero))
                continue;
            var distance = (frame.Interpolate(x, y, surface, inside) - z) * facing;
            // Behind the surface nothing was seen, only inferred, and another side of a thin part may be there.
            var weight = VectorGather.From(frame.Weight, nearest) * Vector256.Min(Vector256<float>.One, (distance + truncation) * fade);
            near &= Vector256.LessThanOrEqual(Vector256.Abs(distance), truncation) & Vector256.GreaterThan(weight, Vector256<float>.Zero);
            if (Vector256.EqualsAll(near, Vector256<float>.Zero))
                continue;
            AddToMean(brick.Weight, brick.Distance, row * 8, distance, weight, near);
            if (!field.IsColored)
                continue;
            near &= Vector256.LessThanOrEqual(Vector256.Abs(distance), Vector256.Create(ColorDistance));
            if (!Vector256.EqualsAll(near, Vector256<float>.Zero))
                AddColors(brick, row * 8, frame, nearest, facing, near);
        }
    }

    private static void AddToMean(float[] weights, float[] means, int i, Vector256<float> value, Vector256<float> weight, Vector256<float> lanes)
    {
        var before = Vector256.Create(weights, i);
        var mean = Vector256.Create(means, i);
        var total = before + weight;
        Vector256.ConditionalSelect(lanes, total, before).CopyTo(weights, i);
        Vector256.ConditionalSelect(lanes, Vector256.FusedMultiplyAdd(value - mean, weight / total, mean), mean).CopyTo(means, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddColors(DistanceBrick brick, int i, Keyframe frame, Vector256<int> nearest, Vector256<float> facing, Vector256<float> lanes)
    {
        if (frame.Colors.Length < 6)
            return;
        // The window's last pixel, an outline's anyway, has no colour that can be read with the others.
        lanes &= Vector256.LessThan(nearest, Vector256.Create(frame.Width * frame.Height - 1)).AsSingle();
        nearest &= lanes.AsInt32();
        // Frontal views are sharper and less shaded.
        var share = facing * facing * facing * VectorGather.From(frame.ColorTrust, nearest);
        var before = Vector256.Create(brick.ColorWeight, i);
        var total = before + share;
        Vector256.ConditionalSelect(lanes, total, before).CopyTo(brick.ColorWeight, i);
        share = (share / total) & lanes;
        var colors = frame.GatherColors(nearest);
        for (var channel = 0; channel < 3; channel++)
        {
            var at = channel * DistanceField.BrickVoxels + i;
            var mean = Vector256.Create(brick.Color, at);
            var color = Vector256.ConvertToSingle((colors >> (8 * channel)) & Vector256.Create(255));
            Vector256.FusedMultiplyAdd(color - mean, share, mean).CopyTo(brick.Color, at);
        }
    }
}
