using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// Where a frame's surface ends: at depth that jumps, and at gaps too wide to belong to one surface. What lies
/// there, the rim of the head or of the nose before the cheek, is an apparent contour: it moves over the skin as the head turns.
/// </summary>
internal sealed class OutlineMap
{
    /// <summary>
    /// What lies nearer to an outline than this is not taken, metres: half a descriptor's patch would lie on what is
    /// behind, which moves, and the depth under the point itself may be a flying pixel's.
    /// </summary>
    private const double Clearance = 0.004;
    // A step from a pixel to the next that a surface at 80 degrees to the ray does not make, as a multiple of the pixel's width.
    private const double SteepestSlope = 5.7;
    private const double LeastJump = 0.005;
    // Noise alone may make a step of six of its standard deviations somewhere in an image.
    private const double NoiseJump = 6;
    // A hole in dark hair or in a highlight is smaller than this; without depth on its far side, anything larger is the end of the head.
    private const double WidestGap = 0.012;

    private int[] _sums = [];
    private int _stride;
    private FramePointCloud? _cloud;

    /// <summary>Finds the outlines of a frame: in the depth as read, because a cloud has lost what is behind the head.</summary>
    public void Load(FramePointCloud cloud)
    {
        _cloud = cloud;
        _stride = cloud.Width + 1;
        if (_sums.Length < _stride * (cloud.Height + 1))
            _sums = new int[_stride * (cloud.Height + 1)];
        Array.Clear(_sums, 0, _stride * (cloud.Height + 1));
        var image = cloud.Frame.Depth;
        for (var y = 0; y < cloud.Height; y++)
            Scan(cloud, (cloud.Top + y) * image.Width + cloud.Left, 1, cloud.Width, _stride * (y + 1) + 1, 1);
        for (var x = 0; x < cloud.Width; x++)
            Scan(cloud, cloud.Top * image.Width + cloud.Left + x, image.Width, cloud.Height, _stride + x + 1, _stride);
        for (var y = 1; y <= cloud.Height; y++)
        {
            var row = 0;
            for (var x = 1; x <= cloud.Width; x++)
            {
                row += _sums[y * _stride + x];
                _sums[y * _stride + x] = _sums[(y - 1) * _stride + x] + row;
            }
        }
    }

    /// <summary>Whether a place of the surface is too near to where it ends.</summary>
    /// <param name="u">Column, pixels of the image.</param>
    /// <param name="v">Row.</param>
    /// <param name="z">Its depth, metres.</param>
    public bool IsNear(double u, double v, double z)
    {
        var cloud = _cloud!;
        var reach = (int)Math.Ceiling(Clearance * cloud.Intrinsics.Fx / z);
        var (x, y) = ((int)Math.Round(u) - cloud.Left, (int)Math.Round(v) - cloud.Top);
        var (left, right) = (Math.Clamp(x - reach, 0, cloud.Width), Math.Clamp(x + reach + 1, 0, cloud.Width));
        var (top, bottom) = (Math.Clamp(y - reach, 0, cloud.Height), Math.Clamp(y + reach + 1, 0, cloud.Height));
        return _sums[bottom * _stride + right] - _sums[top * _stride + right] - _sums[bottom * _stride + left] + _sums[top * _stride + left] > 0;
    }

    // Along one row or column: marks the nearer side of each jump, and both sides of wide gaps.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scan(FramePointCloud cloud, int from, int step, int count, int mark, int markStep)
    {
        var depths = cloud.Frame.Depth.Depths;
        var perMetre = 1 / cloud.Intrinsics.Fx;
        var noise = NoiseJump * cloud.Noise.Quadratic;
        var last = -1;
        var lastDepth = 0f;
        for (var k = 0; k < count; k++)
        {
            var z = depths[from + k * step];
            if (z <= 0)
                continue;
            if (last >= 0)
            {
                var near = Math.Min(z, lastDepth);
                var pixel = near * perMetre;
                var jump = Math.Max(LeastJump, noise * near * near) + SteepestSlope * pixel * (k - last - 1);
                if (Math.Abs(z - lastDepth) > Math.Max(jump, SteepestSlope * pixel))
                    _sums[mark + (z < lastDepth ? k : last) * markStep] = 1;
                else if ((k - last) * pixel > WidestGap)
                    (_sums[mark + last * markStep], _sums[mark + k * markStep]) = (1, 1);
            }
            else
            {
                _sums[mark + k * markStep] = 1;
            }
            (last, lastDepth) = (k, z);
        }
        if (last >= 0)
            _sums[mark + last * markStep] = 1;
    }
}
