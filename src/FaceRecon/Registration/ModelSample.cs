using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// The model points that a frame can see from where it is thought to be, thinned to a number,
/// packed one after the other. Coordinates are relative to <see cref="Center"/>, so that floats hold them.
/// </summary>
internal sealed class ModelSample
{
    // Points seen at a flatter angle than 75 degrees are not compared.
    private const float LeastFacing = 0.26f;

    private ModelSample(Vector3d center, int count, bool withLuminance)
    {
        (Center, Count) = (center, count);
        var extra = withLuminance ? count : 0;
        count = ProjectivePartners.Padded(count);
        (Luminance, GradientX, GradientY, GradientZ) = (new float[extra], new float[extra], new float[extra], new float[extra]);
        (X, Y, Z) = (new float[count], new float[count], new float[count]);
        (NormalX, NormalY, NormalZ) = (new float[count], new float[count], new float[count]);
        Variance = new float[count];
    }

    /// <summary>Origin of the coordinates, world, metres.</summary>
    public Vector3d Center { get; }
    public int Count { get; }
    /// <summary>Coordinates, metres, and below them unit normals: room for a multiple of eight points.</summary>
    public float[] X { get; }
    public float[] Y { get; }
    public float[] Z { get; }
    public float[] NormalX { get; }
    public float[] NormalY { get; }
    public float[] NormalZ { get; }
    /// <summary>Square metres.</summary>
    public float[] Variance { get; }
    /// <summary>As <see cref="ModelLuminance"/> has it; empty where it is not wanted.</summary>
    public float[] Luminance { get; }
    public float[] GradientX { get; }
    public float[] GradientY { get; }
    public float[] GradientZ { get; }

    /// <summary>Indices of the model points that face the eye, in the model's order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int[] Facing(PointCloud model, Vector3d eye)
    {
        var facing = new int[model.Count];
        var count = 0;
        var (eyeX, eyeY, eyeZ) = ((float)eye.X, (float)eye.Y, (float)eye.Z);
        for (var i = 0; i < facing.Length; i++)
        {
            float x = eyeX - model.X[i], y = eyeY - model.Y[i], z = eyeZ - model.Z[i];
            var along = x * model.NormalX[i] + y * model.NormalY[i] + z * model.NormalZ[i];
            if (along > 0 && along * along > LeastFacing * LeastFacing * (x * x + y * y + z * z))
                facing[count++] = i;
        }
        return facing[..count];
    }

    /// <summary>At most <paramref name="points"/> of the indexed points, evenly through the model's order, which follows space.</summary>
    public static ModelSample Take(PointCloud model, ReadOnlySpan<int> indices, int points, Vector3d center, ModelLuminance? luminance = null)
    {
        var sample = new ModelSample(center, Math.Min(points, indices.Length), luminance is not null);
        for (var k = 0; k < sample.Count; k++)
        {
            var i = indices[(int)((long)k * indices.Length / sample.Count)];
            sample.X[k] = (float)(model.X[i] - center.X);
            sample.Y[k] = (float)(model.Y[i] - center.Y);
            sample.Z[k] = (float)(model.Z[i] - center.Z);
            (sample.NormalX[k], sample.NormalY[k], sample.NormalZ[k]) = (model.NormalX[i], model.NormalY[i], model.NormalZ[i]);
            sample.Variance[k] = model.Sigma[i] * model.Sigma[i];
            if (luminance is null)
                continue;
            sample.Luminance[k] = luminance.Value[i];
            (sample.GradientX[k], sample.GradientY[k], sample.GradientZ[k]) = (luminance.GradientX[i], luminance.GradientY[i], luminance.GradientZ[i]);
        }
        return sample;
    }
}
