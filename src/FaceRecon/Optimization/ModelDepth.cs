using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// The merged model as a frame sees it: depth over the frame's window. Averaged over all frames, it has relief where one
/// frame alone has noise.
/// </summary>
internal static class ModelDepth
{
    // Points two millimetres apart are up to three pixels apart; their planes are believed that far.
    private const int Reach = 3;
    // What lies further behind the nearest surface is another one, metres.
    private const float SameSurface = 0.003f;
    private const float LeastFacing = 0.2f;

    /// <summary>Depth of every pixel of the frame's window, metres; 0 where the model is not seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float[] Render(PointCloud model, Keyframe frame, RigidTransform cameraToWorld)
    {
        var discs = Project(model, frame, cameraToWorld.Inverse());
        var nearest = Nearest(discs, frame);
        var (sum, total) = (new float[frame.Z.Length], new float[frame.Z.Length]);
        foreach (ref readonly var disc in discs)
        {
            var (column, row) = ((int)(disc.U + 0.5f), (int)(disc.V + 0.5f));
            for (var y = Math.Max(row - Reach, 0); y <= Math.Min(row + Reach, frame.Height - 1); y++)
            for (var x = Math.Max(column - Reach, 0); x <= Math.Min(column + Reach, frame.Width - 1); x++)
            {
                var (du, dv) = (x - disc.U, y - disc.V);
                var weight = 1 - (du * du + dv * dv) / ((Reach + 0.5f) * (Reach + 0.5f));
                var i = y * frame.Width + x;
                if (weight <= 0 || disc.Z - nearest[i] > SameSurface)
                    continue;
                // The plane n.(z ray) = n.p along the pixel's ray: 1/z is linear over the image.
                sum[i] += weight * weight / (disc.Inverse + du * disc.InverseU + dv * disc.InverseV);
                total[i] += weight * weight;
            }
        }
        for (var i = 0; i < sum.Length; i++)
            sum[i] = total[i] > 0 ? sum[i] / total[i] : 0;
        return sum;
    }

    // A model point in the window's pixels, with 1/z of its tangent plane there and its slopes.
    private readonly record struct Disc(float U, float V, float Z, float Inverse, float InverseU, float InverseV);

    private static ReadOnlySpan<Disc> Project(PointCloud model, Keyframe frame, RigidTransform t)
    {
        var camera = frame.Camera;
        var (fx, fy) = ((float)camera.Fx, (float)camera.Fy);
        var discs = new Disc[model.Count];
        var count = 0;
        for (var i = 0; i < model.Count; i++)
        {
            float a = model.X[i], b = model.Y[i], c = model.Z[i];
            var x = (float)(t.R00 * a + t.R01 * b + t.R02 * c + t.Translation.X);
            var y = (float)(t.R10 * a + t.R11 * b + t.R12 * c + t.Translation.Y);
            var z = (float)(t.R20 * a + t.R21 * b + t.R22 * c + t.Translation.Z);
            (a, b, c) = (model.NormalX[i], model.NormalY[i], model.NormalZ[i]);
            var nx = (float)(t.R00 * a + t.R01 * b + t.R02 * c);
            var ny = (float)(t.R10 * a + t.R11 * b + t.R12 * c);
            var nz = (float)(t.R20 * a + t.R21 * b + t.R22 * c);
            var height = nx * x + ny * y + nz * z;
            if (z < 0.05f || -height < LeastFacing * MathF.Sqrt(x * x + y * y + z * z))
                continue;
            var (u, v) = (fx * x / z + (float)camera.Cx - frame.Left, fy * y / z + (float)camera.Cy - frame.Top);
            if (u < 0 || v < 0 || u > frame.Width - 1 || v > frame.Height - 1)
                continue;
            discs[count++] = new Disc(u, v, z, 1 / z, nx / (fx * height), ny / (fy * height));
        }
        return discs.AsSpan(0, count);
    }

    private static float[] Nearest(ReadOnlySpan<Disc> discs, Keyframe frame)
    {
        var nearest = new float[frame.Z.Length];
        Array.Fill(nearest, float.MaxValue);
        foreach (ref readonly var disc in discs)
        {
            var (column, row) = ((int)(disc.U + 0.5f), (int)(disc.V + 0.5f));
            for (var y = Math.Max(row - 1, 0); y <= Math.Min(row + 1, frame.Height - 1); y++)
            for (var x = Math.Max(column - 1, 0); x <= Math.Min(column + 1, frame.Width - 1); x++)
                if (disc.Z < nearest[y * frame.Width + x])
                    nearest[y * frame.Width + x] = disc.Z;
        }
        return nearest;
    }
}
