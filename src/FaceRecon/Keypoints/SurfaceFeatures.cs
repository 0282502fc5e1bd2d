using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// The project's own features: corners, each described by histograms of the gradient over a patch of fixed size on the
/// surface's tangent plane. With depth known, scale and slant of the patch need not be guessed, and a cheek
/// seen from the side is described as from the front.
/// </summary>
internal sealed class SurfaceFeatures : StructuralFeatures
{
    // Odd, so that a sample lies on the point; the outermost samples only lend their neighbours a gradient.
    private const int Side = 17;
    private const int Inner = Side - 2;
    // 1 mm is a pixel and a half of a face at 0.4 m in 640x480: the patch is 15 mm across, as wide as a nose's wing or a mouth's corner.
    private const double SampleSpacing = 0.001;
    private const int Cells = 4;
    private const int Directions = 8;
    // An image of more than this many pixels a millimetre shows pores, which the next frame's blur and the sensor's noise take away.
    private const double FinestResolution = 1500;
    // 0.6 grey levels of noise are left after smoothing, and the response's window averages some 28 pixels.
    private const double Noise = 0.6, WindowArea = 28;
    // What viewpoint does to a corner's shape, pixels.
    private const double LeastSigma = 0.4;
    // Less information than this is noise: the eigenvalue that noise of that size makes by itself.
    private const float LeastResponse = 0.005f;

    private static readonly Vector256<float> Cosines = Vector256.Create(1, 0.70710678f, 0, -0.70710678f, -1, -0.70710678f, 0, 0.70710678f);
    private static readonly Vector256<float> Sines = Vector256.Create(0, 0.70710678f, 1, 0.70710678f, 0, -0.70710678f, -1, -0.70710678f);
    private static readonly CellShare[] Shares = MakeShares();

    private readonly GrayWindow _image = new();
    private readonly CornerResponse _response = new();
    private CameraIntrinsics _camera = null!;

    /// <inheritdoc/>
    public override int DescriptorLength => Cells * Cells * Directions;

    /// <inheritdoc/>
    public override void Find(FramePointCloud cloud, List<ResponsePeak> peaks)
    {
        _camera = cloud.Intrinsics;
        // A margin for the patches of what lies at the window's rim.
        var margin = 2 * Side;
        var shrink = Math.Max(1, (int)(Resolution(cloud) / FinestResolution));
        _image.Load(cloud.Frame.Color, new ImageBox(cloud.Left, cloud.Top, cloud.Width - 1, cloud.Height - 1), margin * shrink, shrink);
        _response.Measure(_image);
        ResponsePeak.Find(_response.Values.AsSpan(0, _image.Width * _image.Height), _image.Width, _image.Height, LeastResponse, peaks);
        for (var i = 0; i < peaks.Count; i++)
        {
            var (u, v) = _image.ToImage(peaks[i].X, peaks[i].Y);
            peaks[i] = peaks[i] with { X = (float)u, Y = (float)v };
        }
    }

    /// <summary>Cramer and Rao's bound for a position from the structure tensor, and what no image tells.</summary>
    public override double Sigma(in ResponsePeak peak) =>
        _image.Shrink * Math.Sqrt(LeastSigma * LeastSigma + Noise * Noise / (WindowArea * peak.Strength));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool TryDescribe(double u, double v, in TangentFrame tangent, Span<float> descriptor)
    {
        Span<float> values = stackalloc float[Side * Side];
        if (!_image.TrySample(u, v, tangent.Project(_camera, SampleSpacing), Side, values))
            return false;
        Span<Vector256<float>> cells = stackalloc Vector256<float>[Cells * Cells];
        cells.Clear();
        for (int row = 1, i = 0; row <= Inner; row++)
        for (var column = 1; column <= Inner; column++, i++)
        {
            var k = row * Side + column;
            var gx = Vector256.Create(values[k + 1] - values[k - 1]);
            var gy = Vector256.Create(values[k + Side] - values[k - Side]);
            // Half-wave rectified gradients in eight directions (DAISY; Tola, Lepetit and Fua, PAMI 2010): no angle is computed.
            var parts = Vector256.Max(Vector256<float>.Zero, gx * Cosines + gy * Sines);
            ref readonly var share = ref Shares[i];
            cells[share.Cell] += parts * share.TopLeft;
            cells[share.Cell + 1] += parts * share.TopRight;
            cells[share.Cell + Cells] += parts * share.BottomLeft;
            cells[share.Cell + Cells + 1] += parts * share.BottomRight;
        }
        for (var cell = 0; cell < cells.Length; cell++)
            cells[cell].CopyTo(descriptor[(cell * Directions)..]);
        // The root makes the dot product Hellinger's, which one strong edge does not rule (Arandjelovic and Zisserman, CVPR 2012).
        foreach (ref var value in descriptor)
            value = MathF.Sqrt(value);
        return Normalize(descriptor);
    }

    // Pixels a metre of the head's nearest parts.
    private static double Resolution(FramePointCloud cloud)
    {
        var z = cloud.Head is { } head ? Math.Max(head.Center.Z - 0.5 * head.Radius, 0.05) : MeanDepth(cloud);
        return z > 0 ? cloud.Intrinsics.Fx / z : 0;
    }

    private static double MeanDepth(FramePointCloud cloud)
    {
        var sum = 0.0;
        foreach (var z in cloud.Z)
            sum += z;
        return cloud.Count > 0 ? sum / cloud.Count : 0;
    }

    // Bilinear shares of four cells, under a Gaussian that takes away what leaves the patch when it is a little off.
    private static CellShare[] MakeShares()
    {
        var shares = new CellShare[Inner * Inner];
        const double Middle = (Inner - 1) / 2.0;
        for (var row = 0; row < Inner; row++)
        for (var column = 0; column < Inner; column++)
        {
            var (x, y) = (Place(column), Place(row));
            var (left, top) = ((int)Math.Min(x, Cells - 2), (int)Math.Min(y, Cells - 2));
            var (s, t) = (x - left, y - top);
            var squared = ((row - Middle) * (row - Middle) + (column - Middle) * (column - Middle)) / (Middle * Middle);
            var weight = Math.Exp(-0.5 * squared);
            shares[row * Inner + column] = new CellShare(top * Cells + left,
                (float)(weight * (1 - s) * (1 - t)), (float)(weight * s * (1 - t)), (float)(weight * (1 - s) * t), (float)(weight * s * t));
        }
        return shares;

        // In cells, whose centres lie at whole numbers; the outermost half cell belongs to the outermost cell.
        static double Place(int sample) => Math.Clamp((sample + 0.5) * Cells / Inner - 0.5, 0, Cells - 1);
    }

    private readonly record struct CellShare(int Cell, float TopLeft, float TopRight, float BottomLeft, float BottomRight);
}
