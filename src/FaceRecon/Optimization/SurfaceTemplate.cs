namespace FaceRecon;

/// <summary>
/// A small piece of the face as one frame shows it: the grey values around a pixel and where in the world each of them is,
/// so that it can be looked for in any other frame, whatever the view.
/// </summary>
internal sealed class SurfaceTemplate
{
    private const double PatchRadius = 0.006;
    // Further from the middle's depth than this is another surface, metres.
    private const float Reach = 0.012f;

    private readonly int _count;
    private readonly float[] _x, _y, _z, _gray, _gradientU, _gradientV, _pixelU, _pixelV;

    private SurfaceTemplate(int capacity, Vector3d middle)
    {
        Middle = middle;
        (_x, _y, _z) = (new float[capacity], new float[capacity], new float[capacity]);
        (_gray, _gradientU, _gradientV) = (new float[capacity], new float[capacity], new float[capacity]);
        (_pixelU, _pixelV) = (new float[capacity], new float[capacity]);
    }

    private SurfaceTemplate(SurfaceTemplate other, int count)
    {
        Middle = other.Middle;
        (_x, _y, _z, _pixelU, _pixelV) = (other._x, other._y, other._z, other._pixelU, other._pixelV);
        (_gray, _gradientU, _gradientV, _count) = (other._gray, other._gradientU, other._gradientV, count);
    }

    /// <summary>The middle, camera frame of the frame that shows it, metres.</summary>
    public Vector3d Middle { get; }
    /// <summary>Number of samples.</summary>
    public int Count => _count;
    /// <summary>Samples' positions relative to nothing: camera frame of the template's frame, metres.</summary>
    public (float X, float Y, float Z) Position(int i) => (_x[i], _y[i], _z[i]);
    /// <summary>Samples' columns in the template's frame, relative to its middle.</summary>
    public ReadOnlySpan<float> PixelU => _pixelU.AsSpan(0, _count);
    /// <summary>Samples' rows in the template's frame, relative to its middle.</summary>
    public ReadOnlySpan<float> PixelV => _pixelV.AsSpan(0, _count);
    /// <summary>Samples' grey values.</summary>
    public ReadOnlySpan<float> Gray => _gray.AsSpan(0, _count);
    /// <summary>Samples' gradients, per pixel of the template's frame.</summary>
    public ReadOnlySpan<float> GradientU => _gradientU.AsSpan(0, _count);
    /// <summary>Samples' gradients, per pixel of the template's frame.</summary>
    public ReadOnlySpan<float> GradientV => _gradientV.AsSpan(0, _count);

    /// <summary>The template around a pixel.</summary>
    /// <returns>Null at the edge of the window or of the depth.</returns>
    public static SurfaceTemplate? Take(Keyframe frame, float[] depth, GrayWindow gray, double u, double v)
    {
        if (DepthAt(frame, depth, u, v) is not (> 0 and var z))
            return null;
        var camera = frame.Camera;
        var half = Math.Clamp((int)Math.Round(PatchRadius * camera.Fx / z), 4, 9);
        var side = 2 * half + 1;
        var count = side * side;
        var template = new SurfaceTemplate(count, camera.BackProject(u, v, z));
        Span<float> wide = stackalloc float[21 * 21];
        if (!gray.TrySample(u, v, new GridSteps(1, 0, 0, 1), side + 2, wide))
            return null;
        var next = 0;
        for (var row = -half; row <= half; row++)
        for (var column = -half; column <= half; column++)
        {
            var distance = DepthAt(frame, depth, u + column, v + row);
            if (distance <= 0 || Math.Abs(distance - z) > Reach)
                continue;
            var k = (row + half + 1) * (side + 2) + column + half + 1;
            var point = camera.BackProject(u + column, v + row, distance);
            (template._x[next], template._y[next], template._z[next]) = ((float)point.X, (float)point.Y, (float)point.Z);
            (template._pixelU[next], template._pixelV[next]) = (column, row);
            template._gray[next] = wide[k];
            template._gradientU[next] = (wide[k + 1] - wide[k - 1]) / 2;
            template._gradientV[next] = (wide[k + side + 2] - wide[k - side - 2]) / 2;
            next++;
        }
        return next >= 0.8 * count ? new SurfaceTemplate(template, next) : null;
    }

    // Bilinear in the frame's window; 0 where one of the four pixels has no depth.
    private static double DepthAt(Keyframe frame, float[] depth, double u, double v)
    {
        var (x, y) = (u - frame.Left, v - frame.Top);
        if (!(x >= 0 && y >= 0 && x < frame.Width - 1 && y < frame.Height - 1))
            return 0;
        var (x0, y0) = ((int)x, (int)y);
        var i = y0 * frame.Width + x0;
        float a = depth[i], b = depth[i + 1], c = depth[i + frame.Width], d = depth[i + frame.Width + 1];
        if (!(a > 0 && b > 0 && c > 0 && d > 0))
            return 0;
        var (s, t) = (x - x0, y - y0);
        return (1 - t) * (a + s * (b - a)) + t * (c + s * (d - c));
    }
}
