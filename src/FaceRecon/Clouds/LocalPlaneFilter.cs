using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// Edge-aware smoothing by local linear regression of depth over the image: at each pixel the plane
/// z(du, dv) = z0 + zu du + zv dv that its neighbours agree on. z0 is the smoothed depth, (zu, zv)
/// gives the normal. Unlike a bilateral average it does not flatten slopes towards the pixel
/// (Takeda, Farsiu and Milanfar, "Kernel regression for image processing and reconstruction", 2007).
/// Neighbours off the plane (beyond an edge, flying) lose their weight by Tukey's biweight.
/// </summary>
internal static class LocalPlaneFilter
{
    // First pass: wide and with a gate that only a depth edge exceeds, for a slope from noisy depth. Every second pixel of a 7x7 will do.
    private const int WideRadius = 3;
    private const int WideStep = 2;
    // Second pass: 5x5 with a Gaussian of 1.4 pixels. At 0.4 m that is under 1 mm, so a nose tip
    // of 1 cm radius moves by less than 0.05 mm.
    private const int FineRadius = 2;
    private const float FineSpread = 1.4f;
    // Tukey's constant: 95 % efficient for normal noise.
    private const float TukeyConstant = 4.685f;
    // The gate grows with the slope as the noise does, in pixels, and is at least twice the curvature of a nose wing over two pixels, metres.
    private const float GateAtSlope = 0.5f;
    private const float LeastGate = 4e-4f;

    /// <summary>
    /// Second moment of the fine window over the difference of the two windows': 1.36 and 5 square pixels along each axis.
    /// </summary>
    public const float CurvatureShare = 1.36f / (5 - 1.36f);

    /// <summary>
    /// What a pass finds, laid out as the window's depths, border included; set only where the window has depth. Lent by the pool, as
    /// four images a pass would be most of the memory that a frame takes.
    /// </summary>
    public sealed class Planes(int length) : IDisposable
    {
        public float[] Depth { get; } = ArrayPool<float>.Shared.Rent(length);
        public float[] SlopeU { get; } = ArrayPool<float>.Shared.Rent(length);
        public float[] SlopeV { get; } = ArrayPool<float>.Shared.Rent(length);
        public float[] Support { get; } = ArrayPool<float>.Shared.Rent(length);

        /// <inheritdoc/>
        public void Dispose()
        {
            foreach (var lent in (float[][])[Depth, SlopeU, SlopeV, Support])
                ArrayPool<float>.Shared.Return(lent);
        }
    }

    /// <summary>
    /// Slopes by least squares over those of 4x4 pixels two apart that lie within <paramref name="edge"/> metres of the
    /// centre. Support is the share of those pixels that do. Depth is the plane's at the centre.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Planes Fit(DepthWindow window, float edge, CancellationToken cancellation)
    {
        var planes = new Planes(window.Depths.Length);
        var zero = Vector<float>.Zero;
        var gate = new Vector<float>(edge);
        const float All = (WideRadius + 1) * (WideRadius + 1);
        var depths = window.Depths;
        for (var row = 0; row < window.Height; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var column = 0; column < window.Width; column += Vector<float>.Count)
            {
                var center = window.IndexOf(column, row);
                var z = new Vector<float>(depths, center);
                if (Vector.EqualsAll(z, zero))
                    continue;
                var moments = default(Moments);
                for (var dv = -WideRadius; dv <= WideRadius; dv += WideStep)
                for (var du = -WideRadius; du <= WideRadius; du += WideStep)
                {
                    var other = new Vector<float>(depths, center + dv * window.Stride + du);
                    var difference = other - z;
                    var near = Vector.LessThan(Vector.Abs(difference), gate);
                    moments.Add(Vector.ConditionalSelect(near, Vector<float>.One, zero), difference, du, dv);
                }
                moments.Solve(out var offset, out var slopeU, out var slopeV);
                Store(planes, center, z, offset, slopeU, slopeV, moments.Weight / All);
            }
        }
        return planes;
    }

    /// <summary>The robust second pass around the first one's planes, with the noise known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Planes Refine(DepthWindow window, Planes wide, DepthNoise noise, CancellationToken cancellation)
    {
        var planes = new Planes(window.Depths.Length);
        var zero = Vector<float>.Zero;
        Span<float> spatial = stackalloc float[(2 * FineRadius + 1) * (2 * FineRadius + 1)];
        var total = 0f;
        for (int dv = -FineRadius, k = 0; dv <= FineRadius; dv++)
        for (var du = -FineRadius; du <= FineRadius; du++, k++)
            total += spatial[k] = MathF.Exp(-(du * du + dv * dv) / (2 * FineSpread * FineSpread));
        var scale = new Vector<float>((float)(TukeyConstant * noise.Quadratic));
        var depths = window.Depths;
        for (var row = 0; row < window.Height; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var column = 0; column < window.Width; column += Vector<float>.Count)
            {
                var center = window.IndexOf(column, row);
                var z = new Vector<float>(depths, center);
                if (Vector.EqualsAll(z, zero))
                    continue;
                var middle = new Vector<float>(wide.Depth, center);
                var (slopeU, slopeV) = (new Vector<float>(wide.SlopeU, center), new Vector<float>(wide.SlopeV, center));
                var slope = Vector.Abs(slopeU) + Vector.Abs(slopeV);
                var gate = scale * middle * middle + slope * GateAtSlope + new Vector<float>(LeastGate);
                var inverseGate = Vector<float>.One / gate;
                var moments = default(Moments);
                for (int dv = -FineRadius, k = 0; dv <= FineRadius; dv++)
                for (var du = -FineRadius; du <= FineRadius; du++, k++)
                {
                    var difference = new Vector<float>(depths, center + dv * window.Stride + du) - middle;
                    var residual = (difference - slopeU * du - slopeV * dv) * inverseGate;
                    var inside = Vector.Max(zero, Vector<float>.One - residual * residual);
                    moments.Add(inside * inside * spatial[k], difference, du, dv);
                }
                moments.Solve(out var offset, out var fineU, out var fineV);
                Store(planes, center, z, offset + middle - z, fineU, fineV, moments.Weight / total);
            }
        }
        return planes;
    }

    /// <summary>How far from the surface a depth has no more weight in the second pass, metres.</summary>
    /// <param name="noise">The frame's noise.</param>
    /// <param name="depth">Of the surface, metres.</param>
    /// <param name="slope">Of the surface, along u and v together, metres a pixel.</param>
    public static double Gate(DepthNoise noise, double depth, double slope) =>
        TukeyConstant * noise.Quadratic * depth * depth + GateAtSlope * slope + LeastGate;

    // Only where there was depth: smoothing must not invent any.
    private static void Store(
        Planes planes, int center, Vector<float> z,
        Vector<float> offset, Vector<float> slopeU, Vector<float> slopeV, Vector<float> support)
    {
        var valid = Vector.GreaterThan(z, Vector<float>.Zero);
        var zero = Vector<float>.Zero;
        Vector.ConditionalSelect(valid, z + offset, zero).CopyTo(planes.Depth, center);
        Vector.ConditionalSelect(valid, slopeU, zero).CopyTo(planes.SlopeU, center);
        Vector.ConditionalSelect(valid, slopeV, zero).CopyTo(planes.SlopeV, center);
        Vector.ConditionalSelect(valid, support, zero).CopyTo(planes.Support, center);
    }

    /// <summary>Weighted moments of one neighbourhood for each lane, and the normal equations over them.</summary>
    private struct Moments
    {
        public Vector<float> Weight;
        private Vector<float> _u, _v, _uu, _uv, _vv, _z, _uz, _vz;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector<float> weight, Vector<float> z, float du, float dv)
        {
            var weighted = weight * z;
            Weight += weight;
            _u += weight * du;
            _v += weight * dv;
            _uu += weight * (du * du);
            _uv += weight * (du * dv);
            _vv += weight * (dv * dv);
            _z += weighted;
            _uz += weighted * du;
            _vz += weighted * dv;
        }

        public readonly void Solve(out Vector<float> offset, out Vector<float> slopeU, out Vector<float> slopeV)
        {
            // Centred moments leave a 2x2 system; the ridge keeps lone pixels and lines of pixels
            // (no slope to be had across them) finite, and is too small to flatten a true slope.
            var inverse = Vector<float>.One / Vector.Max(Weight, new Vector<float>(1e-6f));
            var (meanU, meanV, meanZ) = (_u * inverse, _v * inverse, _z * inverse);
            var ridge = new Vector<float>(1e-3f);
            var uu = _uu * inverse - meanU * meanU + ridge;
            var vv = _vv * inverse - meanV * meanV + ridge;
            var uv = _uv * inverse - meanU * meanV;
            var uz = _uz * inverse - meanU * meanZ;
            var vz = _vz * inverse - meanV * meanZ;
            var determinant = Vector<float>.One / (uu * vv - uv * uv);
            slopeU = (vv * uz - uv * vz) * determinant;
            slopeV = (uu * vz - uv * uz) * determinant;
            offset = meanZ - slopeU * meanU - slopeV * meanV;
        }
    }
}
