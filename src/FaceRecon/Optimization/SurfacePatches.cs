using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>Chooses pieces of the merged surface and finds the pixels that see them.</summary>
internal static class SurfacePatches
{
    // The face of a patch must agree with the pixel's to 30 degrees, and its height to a few times the sensor's smooth error.
    private const double LeastCosine = 0.866;
    private const double LeastFacing = 0.35;

    /// <summary>About <paramref name="count"/> patches, evenly over the cloud, with the frames that see each.</summary>
    public static SurfacePatch[] Find(
        PointCloud model, IReadOnlyList<Keyframe> frames, JointState state, int count, double gate, double systematic, int threads, CancellationToken cancellation)
    {
        var chosen = Spread(model, count);
        var patches = new SurfacePatch?[chosen.Count];
        Parallel.For(0, (chosen.Count + 63) / 64, Threads.Options(threads, cancellation), part =>
        {
            var views = new List<SurfaceView>(frames.Count);
            for (var p = 64 * part; p < Math.Min(64 * (part + 1), chosen.Count); p++)
            {
                var i = chosen[p];
                var position = new Vector3d(model.X[i], model.Y[i], model.Z[i]);
                var normal = new Vector3d(model.NormalX[i], model.NormalY[i], model.NormalZ[i]);
                views.Clear();
                for (var k = 0; k < frames.Count; k++)
                    if (View(frames[k], k, state, position, normal, gate, systematic) is { } view)
                        views.Add(view);
                if (views.Count >= 2)
                    patches[p] = new SurfacePatch(position, normal, [.. views]);
            }
        });
        return [.. patches.OfType<SurfacePatch>()];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static SurfaceView? View(
        Keyframe frame, int index, JointState state, Vector3d position, Vector3d normal, double gate, double systematic)
    {
        var point = state.WorldToCamera[index].TransformPoint(position);
        var facing = state.WorldToCamera[index].Rotate(normal);
        if (point.Z <= 0.05 || -Vector3d.Dot(facing, point.Normalized()) < LeastFacing)
            return null;
        var (u, v) = (frame.Camera.Fx * point.X / (point.Z * state.Stretch) + frame.Camera.Cx, frame.Camera.Fy * point.Y / (point.Z * state.Stretch) + frame.Camera.Cy);
        var (column, row) = ((int)Math.Round(u) - frame.Left, (int)Math.Round(v) - frame.Top);
        if (column < 0 || row < 0 || column >= frame.Width || row >= frame.Height)
            return null;
        var i = row * frame.Width + column;
        if (frame.Z[i] <= 0 || frame.Facing[i] <= 0
            || facing.X * frame.NormalX[i] + facing.Y * frame.NormalY[i] + facing.Z * frame.NormalZ[i] < LeastCosine)
            return null;
        var pixel = state.Layout.Sample(index, frame, frame.Left + column, frame.Top + row, frame.Z[i]);
        var along = -Vector3d.Dot(facing, point) / point.Z;
        var height = Vector3d.Dot(normal, state.World(pixel) - position);
        if (Math.Abs(height) > gate)
            return null;
        return new SurfaceView(pixel, DepthNoise.VarianceAlongNormal(frame.Sigma[i], along, systematic));
    }

    // One point of each cell of a grid whose cells are as large as the number asks for.
    private static List<int> Spread(PointCloud model, int count)
    {
        var edge = 0.5f * 0.0015f;
        List<int> chosen;
        do
        {
            edge *= 1.25f;
            var cells = new HashSet<(int, int, int)>();
            chosen = [];
            for (var i = 0; i < model.Count && chosen.Count <= 2 * count; i++)
                if (cells.Add(((int)MathF.Floor(model.X[i] / edge), (int)MathF.Floor(model.Y[i] / edge), (int)MathF.Floor(model.Z[i] / edge))))
                    chosen.Add(i);
        }
        while (chosen.Count > count);
        return chosen;
    }
}
