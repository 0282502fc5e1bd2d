using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceRecon;

/// <summary>Adds a frame to a distance field.</summary>
internal static class DistanceFieldIntegration
{
    // Colour is taken this near the surface only, so that the far side of an ear does not tint its front.
    private const float ColorDistance = 0.0025f;

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

    private static void IntegrateBrick(DistanceField field, DistanceBrick brick, Keyframe frame, RigidTransform worldToCamera)
    {
        var camera = frame.Camera;
        var first = worldToCamera.TransformPoint(field.VoxelCenter(brick.X * 8, brick.Y * 8, brick.Z * 8));
        var stepX = worldToCamera.Rotate(new Vector3d(field.VoxelSize, 0, 0));
        var stepY = worldToCamera.Rotate(new Vector3d(0, field.VoxelSize, 0));
        var stepZ = worldToCamera.Rotate(new Vector3d(0, 0, field.VoxelSize));
        var truncation = (float)field.Truncation;
        // A row of eight voxels at once: camera coordinates, pixels, distance to the nearest pixel's tangent plane.
        var lanes = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        var (rowX, rowY, rowZ) = ((float)stepX.X * lanes, (float)stepX.Y * lanes, (float)stepX.Z * lanes);
        var (fx, fy) = (Vector256.Create((float)camera.Fx), Vector256.Create((float)camera.Fy));
        var (cx, cy) = (Vector256.Create((float)camera.Cx - frame.Left), Vector256.Create((float)camera.Cy - frame.Top));
        var (right, bottom) = (Vector256.Create(frame.Width - 1f), Vector256.Create(frame.Height - 1f));
        Span<float> depths = stackalloc float[8], columns = stackalloc float[8], rows = stackalloc float[8];
        Span<int> pixels = stackalloc int[8];
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
            var half = Vector256.Create(0.5f);
            var nearest = (Vector256.ConvertToInt32(y + half) * frame.Width + Vector256.ConvertToInt32(x + half)) & inside.AsInt32();
            var near = (Gather(frame.Z, nearest) - z) * Gather(frame.Facing, nearest);
            // The interpolated distance differs from the nearest pixel's by less than a millimetre.
            var reached = (inside & Vector256.LessThan(Vector256.Abs(near), Vector256.Create(truncation + 0.001f))).ExtractMostSignificantBits();
            if (reached == 0)
                continue;
            z.CopyTo(depths);
            x.CopyTo(columns);
            y.CopyTo(rows);
            nearest.CopyTo(pixels);
            for (; reached != 0; reached &= reached - 1)
            {
                var lane = System.Numerics.BitOperations.TrailingZeroCount(reached);
                var pixel = pixels[lane];
                var weight = frame.Weight[pixel];
                if (weight <= 0)
                    continue;
                var seen = frame.Interpolate(columns[lane], rows[lane], frame.Z[pixel]);
                var distance = (seen - depths[lane]) * frame.Facing[pixel];
                if (distance < -truncation || distance > truncation)
                    continue;
                // Behind the surface nothing was seen, only inferred, and another side of a thin part may be there.
                if (distance < -0.4f * truncation)
                    weight *= (distance + truncation) / (0.6f * truncation);
                Add(brick, row * 8 + lane, distance, weight, frame, pixel);
            }
        }
    }

    private static Vector256<float> Gather(float[] values, Vector256<int> indices)
    {
        if (Avx2.IsSupported)
            unsafe
            {
                // Every index is inside: out-of-image lanes were set to 0.
                fixed (float* start = values)
                    return Avx2.GatherVector256(start, indices, sizeof(float));
            }
        return Vector256.Create(
            values[indices[0]], values[indices[1]], values[indices[2]], values[indices[3]],
            values[indices[4]], values[indices[5]], values[indices[6]], values[indices[7]]);
    }

    private static void Add(DistanceBrick brick, int i, float distance, float weight, Keyframe frame, int pixel)
    {
        var total = brick.Weight[i] + weight;
        if (!(total > 0))
            return;
        brick.Distance[i] += (distance - brick.Distance[i]) * (weight / total);
        brick.Weight[i] = total;
        if (MathF.Abs(distance) > ColorDistance)
            return;
        // Frontal views are sharper and less shaded.
        var facing = frame.Facing[pixel];
        var share = facing * facing * facing * frame.ColorTrust[pixel];
        var shares = brick.ColorWeight[i] += share;
        share /= shares;
        for (var channel = 0; channel < 3; channel++)
        {
            ref var mean = ref brick.Color[3 * i + channel];
            mean += (frame.Colors[3 * pixel + channel] - mean) * share;
        }
    }
}
