namespace FaceRecon;

/// <summary>Adds a frame to a distance field.</summary>
internal static class DistanceFieldIntegration
{
    // Four pixels further apart than this in depth are not one surface and are not interpolated.
    private const float DepthEdge = 0.006f;
    // Colour is taken this near the surface only, so that the far side of an ear does not tint its front.
    private const float ColorDistance = 0.0025f;
    // Below 75 degrees of incidence a measurement still tells where the surface is.
    private const float LeastCosine = 0.25f;

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
            IntegrateBrick(field, field.Bricks[touched[i]], frame, worldToCamera));
    }

    /// <summary>The bricks within the truncation of the frame's points along their rays, each once, in a fixed order.</summary>
    private static List<int> TouchBricks(DistanceField field, Keyframe frame, RigidTransform cameraToWorld)
    {
        var touched = new List<int>(2048);
        var seen = new HashSet<int>(2048);
        var camera = frame.Camera;
        var steps = Math.Max(2, (int)Math.Ceiling(2 * field.Truncation / (0.5 * DistanceField.BrickSize * field.VoxelSize)));
        // Neighbouring pixels are a fraction of a brick apart: every third is enough to miss none.
        for (var row = 1; row < frame.Height; row += 3)
        for (var column = 1; column < frame.Width; column += 3)
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
                if (index >= 0 && seen.Add(index))
                    touched.Add(index);
            }
        }
        return touched;
    }

    private static void IntegrateBrick(DistanceField field, DistanceBrick brick, Keyframe frame, RigidTransform worldToCamera)
    {
        var camera = frame.Camera;
        var voxel = field.VoxelSize;
        var truncation = (float)field.Truncation;
        var first = worldToCamera.TransformPoint(field.VoxelCenter(brick.X * 8, brick.Y * 8, brick.Z * 8));
        var stepX = worldToCamera.Rotate(new Vector3d(voxel, 0, 0));
        var stepY = worldToCamera.Rotate(new Vector3d(0, voxel, 0));
        var stepZ = worldToCamera.Rotate(new Vector3d(0, 0, voxel));
        var (inverseFx, inverseFy) = (1 / camera.Fx, 1 / camera.Fy);
        brick.Changed = true;
        for (var k = 0; k < 8; k++)
        for (var j = 0; j < 8; j++)
        {
            var p = first + stepZ * k + stepY * j;
            var i = (k * 8 + j) * 8;
            for (var end = i + 8; i < end; i++, p += stepX)
            {
                var inverse = 1 / p.Z;
                var (rayX, rayY) = (p.X * inverse, p.Y * inverse);
                var z = frame.DepthAt(camera.Fx * rayX + camera.Cx, camera.Fy * rayY + camera.Cy, DepthEdge, out var nearest);
                if (z <= 0)
                    continue;
                // Unnormalised ray (x/z, y/z, 1), so that times a difference of depths it is a difference of points.
                var cosine = (float)-(frame.NormalX[nearest] * rayX + frame.NormalY[nearest] * rayY + frame.NormalZ[nearest]);
                var distance = (z - (float)p.Z) * cosine;
                if (cosine < LeastCosine || distance < -truncation || distance > truncation)
                    continue;
                var weight = (float)(1e-6 / DepthNoise.VarianceAlongNormal(frame.Sigma[nearest], cosine));
                // Behind the surface nothing was seen, only inferred, and another side of a thin part may be there.
                if (distance < -0.4f * truncation)
                    weight *= (distance + truncation) / (0.6f * truncation);
                Add(brick, i, distance, weight, frame.Colors, 3 * nearest, cosine);
            }
        }
        _ = (inverseFx, inverseFy);
    }

    private static void Add(DistanceBrick brick, int i, float distance, float weight, byte[] colors, int color, float cosine)
    {
        var total = brick.Weight[i] + weight;
        if (!(total > 0))
            return;
        brick.Distance[i] += (distance - brick.Distance[i]) * (weight / total);
        brick.Weight[i] = total;
        if (MathF.Abs(distance) > ColorDistance)
            return;
        // Frontal views are sharper and less shaded.
        var share = cosine * cosine * cosine;
        var shares = brick.ColorWeight[i] += share;
        share /= shares;
        for (var channel = 0; channel < 3; channel++)
        {
            ref var mean = ref brick.Color[3 * i + channel];
            mean += (colors[color + channel] - mean) * share;
        }
    }
}
