using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// For each point of a sample the place on the frame's surface where it projects to (projective data association, Blais and
/// Levine 1995), eight points at once. Reused from iteration to iteration.
/// </summary>
internal sealed class ProjectivePartners(int capacity, float leastCosine)
{
    private readonly byte[] _found = new byte[Padded(capacity) / 8];

    /// <summary>Points of the sample that project into the image.</summary>
    public int InView { get; private set; }
    /// <summary>Of those the ones that have a partner.</summary>
    public int Count { get; private set; }
    /// <summary>The frame's point, relative to the sample's centre, world axes. As all that follows only where <see cref="Found"/> says so.</summary>
    public float[] X { get; } = new float[Padded(capacity)];
    public float[] Y { get; } = new float[Padded(capacity)];
    public float[] Z { get; } = new float[Padded(capacity)];
    /// <summary>Distance of the frame's point from the sample's tangent plane, metres.</summary>
    public float[] Distance { get; } = new float[Padded(capacity)];
    /// <summary>Variance of the frame's surface along the normal, square metres.</summary>
    public float[] Variance { get; } = new float[Padded(capacity)];
    /// <summary>Where the frame sees it, pixels of the frame's window.</summary>
    public float[] Column { get; } = new float[Padded(capacity)];
    public float[] Row { get; } = new float[Padded(capacity)];
    /// <summary>The nearest pixel of the frame's window.</summary>
    public int[] Pixel { get; } = new int[Padded(capacity)];

    /// <summary>Which of the eight points from 8 <paramref name="block"/> on have a partner, bit by bit.</summary>
    public uint Found(int block) => _found[block];

    /// <summary>Length of arrays that are read eight at a time.</summary>
    public static int Padded(int count) => (count + 7) & ~7;

    /// <summary>Pairs the sample with the frame's surface.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="sample">The model's points.</param>
    /// <param name="toCamera">From the sample's coordinates to the frame's camera.</param>
    /// <param name="gate">Largest difference of their depths, metres.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Find(Keyframe frame, ModelSample sample, RigidTransform toCamera, float gate)
    {
        var camera = frame.Camera;
        Vector256<float> fx = Each(camera.Fx), fy = Each(camera.Fy), cx = Each(camera.Cx - frame.Left), cy = Each(camera.Cy - frame.Top);
        // The image, and in it the window, in pixels of the window.
        Vector256<float> left = Each(-frame.Left), top = Each(-frame.Top), right = Each(camera.Width - 1 - frame.Left), bottom = Each(camera.Height - 1 - frame.Top);
        Vector256<float> width = Each(frame.Width - 0.5), height = Each(frame.Height - 0.5);
        Vector256<float> r00 = Each(toCamera.R00), r01 = Each(toCamera.R01), r02 = Each(toCamera.R02), ox = Each(toCamera.Translation.X);
        Vector256<float> r10 = Each(toCamera.R10), r11 = Each(toCamera.R11), r12 = Each(toCamera.R12), oy = Each(toCamera.Translation.Y);
        Vector256<float> r20 = Each(toCamera.R20), r21 = Each(toCamera.R21), r22 = Each(toCamera.R22), oz = Each(toCamera.Translation.Z);
        var (zero, one, count) = (Vector256<float>.Zero, Vector256<float>.One, Vector256.Create(sample.Count));
        (InView, Count) = (0, 0);
        for (var i = 0; i < sample.Count; i += 8)
        {
            _found[i / 8] = 0;
            Vector256<float> mx = Vector256.Create(sample.X, i), my = Vector256.Create(sample.Y, i), mz = Vector256.Create(sample.Z, i);
            var pz = r20 * mx + r21 * my + r22 * mz + oz;
            var inverse = one / pz;
            var rayX = (r00 * mx + r01 * my + r02 * mz + ox) * inverse;
            var rayY = (r10 * mx + r11 * my + r12 * mz + oy) * inverse;
            Vector256<float> x = fx * rayX + cx, y = fy * rayY + cy;
            var inView = Vector256.LessThan(Vector256.Create(i) + Vector256<int>.Indices, count).AsSingle() & Vector256.GreaterThan(pz, Vector256.Create(0.05f))
                & Vector256.GreaterThanOrEqual(x, left) & Vector256.GreaterThanOrEqual(y, top) & Vector256.LessThanOrEqual(x, right) & Vector256.LessThanOrEqual(y, bottom);
            InView += BitOperations.PopCount(inView.ExtractMostSignificantBits());
            var paired = inView & Vector256.GreaterThanOrEqual(x, zero) & Vector256.GreaterThanOrEqual(y, zero) & Vector256.LessThan(x, width) & Vector256.LessThan(y, height);
            if (Vector256.EqualsAll(paired, zero))
                continue;
            var nearest = frame.NearestPixels(x, y, paired);
            var surface = VectorGather.From(frame.Z, nearest);
            var difference = frame.Interpolate(x, y, surface, paired) - pz;
            paired &= Vector256.GreaterThan(surface, zero) & Vector256.LessThanOrEqual(Vector256.Abs(difference), Vector256.Create(gate));
            if (Vector256.EqualsAll(paired, zero))
                continue;
            // The model's normal in the camera frame, against the frame's own.
            Vector256<float> nx = Vector256.Create(sample.NormalX, i), ny = Vector256.Create(sample.NormalY, i), nz = Vector256.Create(sample.NormalZ, i);
            var cameraX = r00 * nx + r01 * ny + r02 * nz;
            var cameraY = r10 * nx + r11 * ny + r12 * nz;
            var cameraZ = r20 * nx + r21 * ny + r22 * nz;
            var alike = cameraX * VectorGather.From(frame.NormalX, nearest) + cameraY * VectorGather.From(frame.NormalY, nearest) + cameraZ * VectorGather.From(frame.NormalZ, nearest);
            paired &= Vector256.GreaterThanOrEqual(alike, Vector256.Create(leastCosine));
            var found = paired.ExtractMostSignificantBits();
            _found[i / 8] = (byte)found;
            Count += BitOperations.PopCount(found);
            // The frame's point lies on the same ray: it differs by the difference in depth times (x/z, y/z, 1).
            var along = cameraX * rayX + cameraY * rayY + cameraZ;
            (along * difference).CopyTo(Distance, i);
            DepthNoise.VarianceAlongNormal(VectorGather.From(frame.Sigma, nearest), along * along / (rayX * rayX + rayY * rayY + one)).CopyTo(Variance, i);
            // The model's point moved along the ray, turned back into the world.
            Vector256<float> stepX = rayX * difference, stepY = rayY * difference;
            (mx + r00 * stepX + r10 * stepY + r20 * difference).CopyTo(X, i);
            (my + r01 * stepX + r11 * stepY + r21 * difference).CopyTo(Y, i);
            (mz + r02 * stepX + r12 * stepY + r22 * difference).CopyTo(Z, i);
            x.CopyTo(Column, i);
            y.CopyTo(Row, i);
            nearest.CopyTo(Pixel, i);
        }
    }

    private static Vector256<float> Each(double value) => Vector256.Create((float)value);
}
