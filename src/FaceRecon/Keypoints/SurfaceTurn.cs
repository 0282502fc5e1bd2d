using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// How sharply a surface turns at a point: the plane is fitted to each half of a disc around it, for four ways to halve
/// it, and the largest angle between the two counts. On a fold it is the angle of the fold; on a cylinder it is 0.9 of the
/// disc's radius over the cylinder's, on a ball 0.6 of that.
/// </summary>
internal static class SurfaceTurn
{
    /// <summary>
    /// Radius of the disc, metres. The wing of a nose and the rim of an ear are 1 cm across and fill their half. Of 8 mm, the noise
    /// of a poor sensor (<see cref="NoiseLevel.Heavy"/>) turns one flat place in four by 14 degrees and more; of 11 mm, one in twenty-five.
    /// </summary>
    public const double Radius = 0.011;

    // The disc is read at some 13 x 13 points whatever the resolution.
    private const int StepsPerRadius = 6;
    // What lies higher over the tangent plane than a surface at 65 degrees to it would is another surface.
    private const double SteepestRise = 2.1;
    private const int LeastPoints = 10;

    /// <summary>Measures the surface around a point of it.</summary>
    /// <param name="cloud">The frame's cloud.</param>
    /// <param name="surface">The point.</param>
    /// <param name="u">Its column, pixels.</param>
    /// <param name="v">Its row.</param>
    /// <returns>Null where too little of the disc is seen.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TurningSurface? Measure(FramePointCloud cloud, SurfacePoint surface, double u, double v)
    {
        var camera = cloud.Intrinsics;
        var reach = Radius * camera.Fx / surface.Position.Z;
        var step = Math.Max(1, (int)Math.Round(reach / StepsPerRadius));
        var extent = (int)(reach / step) * step;
        var (centerX, centerY) = ((int)Math.Round(u) - cloud.Left, (int)Math.Round(v) - cloud.Top);
        var (left, right) = (Math.Max(centerX - extent, 0), Math.Min(centerX + extent, cloud.Width - 1));
        var (top, bottom) = (Math.Max(centerY - extent, 0), Math.Min(centerY + extent, cloud.Height - 1));
        if (MeanNormal(cloud, surface, left, right, top, bottom, 2 * step) is not { } normal)
            return null;
        var frame = TangentFrame.At(surface.Position, normal);

        Span<Moments> sectors = stackalloc Moments[8];
        sectors.Clear();
        var (inverseFx, inverseFy) = (1 / camera.Fx, 1 / camera.Fy);
        for (var y = top; y <= bottom; y += step)
        for (var x = left; x <= right; x += step)
        {
            var z = cloud.Z[y * cloud.Width + x];
            if (z <= 0)
                continue;
            var offset = new Vector3d((cloud.Left + x - camera.Cx) * inverseFx * z, (cloud.Top + y - camera.Cy) * inverseFy * z, z) - surface.Position;
            var (a, b, h) = (Vector3d.Dot(offset, frame.Right), Vector3d.Dot(offset, frame.Down), Vector3d.Dot(offset, normal));
            var distance = a * a + b * b;
            if (distance <= Radius * Radius && h * h <= SteepestRise * SteepestRise * distance + 1e-6)
                sectors[Sector(a, b)].Add(a, b, h);
        }
        var turn = -1.0;
        for (var half = 0; half < 4; half++)
        {
            Moments one = default, other = default;
            for (var k = 0; k < 4; k++)
            {
                one.Add(sectors[half + k]);
                other.Add(sectors[(half + k + 4) % 8]);
            }
            if (one.TrySolve(LeastPoints, out var first) && other.TrySolve(LeastPoints, out var second))
                turn = Math.Max(turn, Math.Acos(Math.Clamp(Vector3d.Dot(first, second), -1, 1)));
        }
        return turn < 0 ? null : new TurningSurface(turn, frame);
    }

    // The normals of single pixels shiver; the disc's mean is the tangent plane that a patch lies on.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector3d? MeanNormal(FramePointCloud cloud, SurfacePoint surface, int left, int right, int top, int bottom, int step)
    {
        double nx = 0, ny = 0, nz = 0;
        for (var y = top; y <= bottom; y += step)
        for (var x = left; x <= right; x += step)
        {
            var i = y * cloud.Width + x;
            if (cloud.Z[i] <= 0 || Math.Abs(cloud.Z[i] - surface.Position.Z) > 2 * Radius)
                continue;
            (nx, ny, nz) = (nx + cloud.NormalX[i], ny + cloud.NormalY[i], nz + cloud.NormalZ[i]);
        }
        var sum = new Vector3d(nx, ny, nz);
        return sum.LengthSquared > 0 ? sum.Normalized() : null;
    }

    // Eighths of the circle, counted around it.
    private static int Sector(double a, double b) =>
        b >= 0 ? (a >= 0 ? (a >= b ? 0 : 1) : (-a < b ? 2 : 3)) : (a < 0 ? (-a >= -b ? 4 : 5) : (a < -b ? 6 : 7));

    /// <summary>Sums of the heights h(a, b) over a tangent plane, for the plane h = h0 + p a + q b through them.</summary>
    private struct Moments
    {
        private double _n, _a, _b, _aa, _ab, _bb, _h, _ah, _bh;

        public void Add(double a, double b, double h)
        {
            (_n, _a, _b, _h) = (_n + 1, _a + a, _b + b, _h + h);
            (_aa, _ab, _bb, _ah, _bh) = (_aa + a * a, _ab + a * b, _bb + b * b, _ah + a * h, _bh + b * h);
        }

        public void Add(in Moments other)
        {
            (_n, _a, _b, _h) = (_n + other._n, _a + other._a, _b + other._b, _h + other._h);
            (_aa, _ab, _bb, _ah, _bh) = (_aa + other._aa, _ab + other._ab, _bb + other._bb, _ah + other._ah, _bh + other._bh);
        }

        public readonly bool TrySolve(int least, out Vector3d normal)
        {
            normal = default;
            if (_n < least)
                return false;
            var (a, b, h) = (_a / _n, _b / _n, _h / _n);
            var (aa, ab, bb) = (_aa / _n - a * a, _ab / _n - a * b, _bb / _n - b * b);
            var (ah, bh) = (_ah / _n - a * h, _bh / _n - b * h);
            var determinant = aa * bb - ab * ab;
            // A half of which only a line is seen has no plane: its spread across is below a tenth of the radius.
            if (determinant < 1e-2 * Radius * Radius * (aa + bb))
                return false;
            normal = new Vector3d((ab * bh - bb * ah) / determinant, (ab * ah - aa * bh) / determinant, 1).Normalized();
            return true;
        }
    }
}

/// <summary>A point at which a surface turns.</summary>
/// <param name="Turn">The angle between the planes of its two sides, radians.</param>
/// <param name="Tangent">The plane of both sides together.</param>
internal readonly record struct TurningSurface(double Turn, TangentFrame Tangent);

/// <summary>A tangent plane with the image's down on it.</summary>
/// <param name="Origin">A point of the surface, metres, camera frame.</param>
/// <param name="Right">Unit vector in the plane, towards the image's right.</param>
/// <param name="Down">Unit vector in the plane, towards the image's bottom.</param>
/// <param name="Normal">Unit normal, towards the camera.</param>
internal readonly record struct TangentFrame(Vector3d Origin, Vector3d Right, Vector3d Down, Vector3d Normal)
{
    /// <summary>The frame of a point and its unit normal.</summary>
    public static TangentFrame At(Vector3d origin, Vector3d normal)
    {
        var down = new Vector3d(0, 1, 0) - normal.Y * normal;
        // Seen from straight above or below, the image's down has no direction on the plane; its right has.
        if (down.LengthSquared < 1e-6)
            down = Vector3d.Cross(normal, new Vector3d(1, 0, 0));
        down = down.Normalized();
        return new TangentFrame(origin, Vector3d.Cross(normal, down), down, normal);
    }

    /// <summary>How one step along <see cref="Right"/> and one along <see cref="Down"/> appear in the image, to first order.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="step">Length of a step, metres.</param>
    public GridSteps Project(CameraIntrinsics camera, double step)
    {
        var (fu, fv) = (step * camera.Fx / Origin.Z, step * camera.Fy / Origin.Z);
        var (x, y) = (Origin.X / Origin.Z, Origin.Y / Origin.Z);
        return new GridSteps(
            (float)(fu * (Right.X - Right.Z * x)), (float)(fv * (Right.Y - Right.Z * y)),
            (float)(fu * (Down.X - Down.Z * x)), (float)(fv * (Down.Y - Down.Z * y)));
    }
}
