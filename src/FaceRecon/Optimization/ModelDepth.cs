namespace FaceRecon;

/// <summary>
/// The merged model as a frame sees it: depth over the frame's window. Averaged over all frames, it has relief where one
/// frame alone has noise.
/// </summary>
internal static class ModelDepth
{
    // Points a millimetre apart are up to two pixels apart; their planes are believed that far.
    private const int Reach = 2;
    // What lies further behind the nearest surface is another one, metres.
    private const float SameSurface = 0.003f;
    private const double LeastFacing = 0.2;

    /// <summary>Depth of every pixel of the frame's window, metres; 0 where the model is not seen.</summary>
    public static float[] Render(PointCloud model, Keyframe frame, RigidTransform cameraToWorld)
    {
        var worldToCamera = cameraToWorld.Inverse();
        var nearest = new float[frame.Z.Length];
        var (sum, total) = (new float[frame.Z.Length], new float[frame.Z.Length]);
        Array.Fill(nearest, float.MaxValue);
        for (var i = 0; i < model.Count; i++)
            Splat(model, i, frame, worldToCamera, (pixel, z, _) => nearest[pixel] = Math.Min(nearest[pixel], z));
        for (var i = 0; i < model.Count; i++)
            Splat(model, i, frame, worldToCamera, (pixel, z, weight) =>
            {
                if (z - nearest[pixel] > SameSurface)
                    return;
                sum[pixel] += weight * z;
                total[pixel] += weight;
            });
        for (var i = 0; i < sum.Length; i++)
            sum[i] = total[i] > 0 ? sum[i] / total[i] : 0;
        return sum;
    }

    private static void Splat(PointCloud model, int i, Keyframe frame, RigidTransform worldToCamera, Action<int, float, float> pixel)
    {
        var camera = frame.Camera;
        var point = worldToCamera.TransformPoint(new Vector3d(model.X[i], model.Y[i], model.Z[i]));
        if (point.Z < 0.05)
            return;
        var normal = worldToCamera.Rotate(new Vector3d(model.NormalX[i], model.NormalY[i], model.NormalZ[i]));
        var height = Vector3d.Dot(normal, point);
        if (-height < LeastFacing * point.Length)
            return;
        var (u, v) = camera.Project(point);
        var (u0, v0) = ((int)Math.Round(u) - frame.Left, (int)Math.Round(v) - frame.Top);
        for (var row = Math.Max(v0 - Reach, 0); row <= Math.Min(v0 + Reach, frame.Height - 1); row++)
        for (var column = Math.Max(u0 - Reach, 0); column <= Math.Min(u0 + Reach, frame.Width - 1); column++)
        {
            var (du, dv) = (column + frame.Left - u, row + frame.Top - v);
            var weight = 1 - (du * du + dv * dv) / ((Reach + 0.5) * (Reach + 0.5));
            if (weight <= 0)
                continue;
            // The plane n.(z ray) = n.p along the pixel's ray.
            var slant = normal.X * (column + frame.Left - camera.Cx) / camera.Fx + normal.Y * (row + frame.Top - camera.Cy) / camera.Fy + normal.Z;
            pixel(row * frame.Width + column, (float)(height / slant), (float)(weight * weight));
        }
    }
}
