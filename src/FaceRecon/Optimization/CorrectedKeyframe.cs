using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>A keyframe as it would be if the sensor had measured what the optimisation found.</summary>
internal static class CorrectedKeyframe
{
    /// <summary>All keyframes with the depth, the normals, the camera and the poses of a state.</summary>
    public static Keyframe[] MakeAll(IReadOnlyList<Keyframe> frames, JointState state, int threads, CancellationToken cancellation)
    {
        var corrected = new Keyframe[frames.Count];
        Parallel.For(0, corrected.Length, Threads.Options(threads, cancellation), k => corrected[k] = Make(frames[k], k, state));
        return corrected;
    }

    /// <summary>The keyframe with the depth, the normals, the camera and the pose of a state.</summary>
    private static Keyframe Make(Keyframe frame, int index, JointState state)
    {
        var z = new float[frame.Z.Length];
        var correction = new float[z.Length];
        var own = state.DepthOf(index);
        state.Layout.SharedGrid.AddTo(state.Shared, frame.Left, frame.Top, frame.Width, correction);
        state.Layout.OwnGrids?[index].AddTo(own[2..], frame.Left, frame.Top, frame.Width, correction);
        var (offset, scale, distance) = ((float)own[0], (float)own[1], (float)state.Layout.Distances[index]);
        for (var i = 0; i < z.Length; i++)
        {
            if (frame.Z[i] <= 0)
                continue;
            correction[i] += offset + scale * (frame.Z[i] - distance);
            z[i] = frame.Z[i] + correction[i];
        }
        var camera = frame.Camera with { Fx = frame.Camera.Fx / state.Stretch, Fy = frame.Camera.Fy / state.Stretch };
        var (x, y, n) = Normals(frame, camera, z, correction);
        var systematic = state.CorrectsDepth ? DepthNoise.SystematicAfterCorrection : DepthNoise.Systematic;
        return new Keyframe(frame, z, x, y, n, camera, systematic) { Pose = state.Poses[index] };
    }

    // The slopes that a normal stands for, with those of the correction added, make the new normal: dP/du x dP/dv.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float[] X, float[] Y, float[] Z) Normals(Keyframe frame, CameraIntrinsics camera, float[] z, float[] correction)
    {
        var (x, y, n) = (new float[z.Length], new float[z.Length], new float[z.Length]);
        var before = frame.Camera;
        var (fx, fy, newFx, newFy) = ((float)before.Fx, (float)before.Fy, (float)camera.Fx, (float)camera.Fy);
        for (int row = 0, i = 0; row < frame.Height; row++)
        for (var column = 0; column < frame.Width; column++, i++)
        {
            if (z[i] <= 0)
                continue;
            var (u, v) = ((float)(frame.Left + column - before.Cx), (float)(frame.Top + row - before.Cy));
            var facing = frame.NormalX[i] * u / fx + frame.NormalY[i] * v / fy + frame.NormalZ[i];
            // Of the plane n.(z ray) = const: dz/du = -z n_x / (fx n.ray).
            var slopeU = -frame.Z[i] * frame.NormalX[i] / (fx * facing) + Slope(correction, z, i, 1, column, frame.Width);
            var slopeV = -frame.Z[i] * frame.NormalY[i] / (fy * facing) + Slope(correction, z, i, frame.Width, row, frame.Height);
            var normal = Vector3.Normalize(new Vector3(newFx * slopeU, newFy * slopeV, -(z[i] + u * slopeU + v * slopeV)));
            (x[i], y[i], n[i]) = (normal.X, normal.Y, normal.Z);
        }
        return (x, y, n);
    }

    private static float Slope(float[] correction, float[] z, int i, int step, int position, int length) =>
        position > 0 && position < length - 1 && z[i - step] > 0 && z[i + step] > 0 ? (correction[i + step] - correction[i - step]) / 2 : 0;
}
