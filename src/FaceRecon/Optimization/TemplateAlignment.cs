using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// Looks for a template in another frame: its points are projected there, and the shift, gain and offset of the grey values
/// that make the two images alike are found by Gauss-Newton with the template's own gradients (inverse compositional;
/// Baker and Matthews, IJCV 2004). Every frame is compared with the same template, so nothing drifts.
/// </summary>
internal sealed class TemplateAlignment
{
    private const int MostIterations = 12;
    private const double LargestShift = 5;
    private const double LeastCorrelation = 0.8;
    // What shading, relief and interpolation leave, pixels.
    private const double ModelSigma = 0.12;
    // Neighbouring samples share their noise, after smoothing over three by three.
    private const double NoiseCorrelation = 3;

    private readonly float[] _u = new float[361], _v = new float[361], _gx = new float[361], _gy = new float[361], _t = new float[361], _values = new float[361];

    /// <summary>Finds a template.</summary>
    /// <param name="template">The template.</param>
    /// <param name="toFrame">From the template's camera frame to this frame's, as far as it is known.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="gray">Its image.</param>
    /// <param name="startU">Shift to begin with, pixels: what a frame that looks alike needed.</param>
    /// <param name="startV">Shift to begin with.</param>
    /// <returns>Null where it is not to be seen, or not for sure.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public AlignedPixel? Find(SurfaceTemplate template, RigidTransform toFrame, Keyframe frame, GrayWindow gray, double startU = 0, double startV = 0)
    {
        var camera = frame.Camera;
        var middle = toFrame.TransformPoint(template.Middle);
        if (middle.Z <= 0.05)
            return null;
        var (u0, v0) = camera.Project(middle);
        Project(template, toFrame, camera, gray);
        if (!TryWarp(template, out var warp))
            return null;
        // Gradients by a pixel of this frame: those by a pixel of the template's, through the inverse of the warp.
        var determinant = warp.Uu * warp.Vv - warp.Uv * warp.Vu;
        if (determinant < 0.15 || determinant > 6)
            return null;
        for (var i = 0; i < template.Count; i++)
        {
            var (gu, gv) = (template.GradientU[i], template.GradientV[i]);
            _gx[i] = (float)((warp.Vv * gu - warp.Vu * gv) / determinant);
            _gy[i] = (float)((warp.Uu * gv - warp.Uv * gu) / determinant);
        }
        return Iterate(template, gray, u0, v0, startU, startV);
    }

    // Where the template's points appear, pixels of the window.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Project(SurfaceTemplate template, RigidTransform toFrame, CameraIntrinsics camera, GrayWindow gray)
    {
        float r00 = (float)toFrame.R00, r01 = (float)toFrame.R01, r02 = (float)toFrame.R02;
        float r10 = (float)toFrame.R10, r11 = (float)toFrame.R11, r12 = (float)toFrame.R12;
        float r20 = (float)toFrame.R20, r21 = (float)toFrame.R21, r22 = (float)toFrame.R22;
        float tx = (float)toFrame.Translation.X, ty = (float)toFrame.Translation.Y, tz = (float)toFrame.Translation.Z;
        float fx = (float)camera.Fx, fy = (float)camera.Fy, cx = (float)camera.Cx - gray.Left, cy = (float)camera.Cy - gray.Top;
        for (var i = 0; i < template.Count; i++)
        {
            var (x, y, z) = template.Position(i);
            var inverse = 1 / (r20 * x + r21 * y + r22 * z + tz);
            _u[i] = fx * (r00 * x + r01 * y + r02 * z + tx) * inverse + cx;
            _v[i] = fy * (r10 * x + r11 * y + r12 * z + ty) * inverse + cy;
        }
    }

    private AlignedPixel? Iterate(SurfaceTemplate template, GrayWindow gray, double u0, double v0, double du, double dv)
    {
        var n = template.Count;
        var gx = _gx.AsSpan(0, n);
        var gy = _gy.AsSpan(0, n);
        var t = _t.AsSpan(0, n);
        template.Gray.CopyTo(t);
        // Model: I = gain T + offset - gain g.d for the shift d still to go. Of mean zero, g and T do not see the offset.
        RemoveMean(gx);
        RemoveMean(gy);
        RemoveMean(t);
        var (xx, xy, xt, yy, yt, tt) = (Dot(gx, gx), Dot(gx, gy), Dot(gx, t), Dot(gy, gy), Dot(gy, t), Dot(t, t));
        if (!new SymmetricMatrix3(xx, xy, xt, yy, yt, tt).TryFactor(out var factor))
            return null;
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            var values = _values.AsSpan(0, n);
            if (!gray.TrySample(_u.AsSpan(0, n), _v.AsSpan(0, n), (float)du, (float)dv, values))
                return null;
            var (right0, right1, right2) = (Dot(gx, values), Dot(gy, values), Dot(t, values));
            var solution = factor.SolveTransposed(factor.Solve(new Vector3d(right0, right1, right2)));
            var gain = solution.Z;
            if (gain < 0.3 || gain > 3)
                return null;
            // I(d) = gain T + gain g.(true shift - d)... : what is left to move is minus the coefficient over the gain.
            var (stepU, stepV) = (-solution.X / gain, -solution.Y / gain);
            var length = Math.Sqrt(stepU * stepU + stepV * stepV);
            if (length > 1.5)
                (stepU, stepV) = (1.5 * stepU / length, 1.5 * stepV / length);
            (du, dv) = (du + stepU, dv + stepV);
            if (du * du + dv * dv > LargestShift * LargestShift)
                return null;
            if (length > 0.02)
                continue;
            RemoveMean(values);
            var variance = Dot(values, values);
            var explained = solution.X * right0 + solution.Y * right1 + solution.Z * right2;
            var noise = Math.Max(variance - explained, 0) / (n - 4);
            var correlation = gain * tt / Math.Sqrt(tt * variance);
            if (correlation < LeastCorrelation)
                return null;
            return Result(u0 + du, v0 + dv, xx - xt * xt / tt, xy - xt * yt / tt, yy - yt * yt / tt, gain, noise, correlation);
        }
        return null;
    }

    // Not TensorPrimitives, which add in an order that depends on how wide the processor's vectors are.
    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (even, odd) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var i = 0;
        for (; i <= a.Length - 16; i += 16)
        {
            even += Vector256.Create(a[i..]) * Vector256.Create(b[i..]);
            odd += Vector256.Create(a[(i + 8)..]) * Vector256.Create(b[(i + 8)..]);
        }
        var sum = Vector256.Sum(even + odd);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void RemoveMean(Span<float> values)
    {
        var sums = Vector256<float>.Zero;
        var i = 0;
        for (; i <= values.Length - 8; i += 8)
            sums += Vector256.Create<float>(values[i..]);
        var sum = Vector256.Sum(sums);
        for (; i < values.Length; i++)
            sum += values[i];
        TensorPrimitives.Subtract(values, sum / values.Length, values);
    }

    // Covariance of the shift: noise over gain^2 times the inverse structure tensor, and what the model leaves.
    private static AlignedPixel? Result(double u, double v, double xx, double xy, double yy, double gain, double noise, double correlation)
    {
        var determinant = xx * yy - xy * xy;
        if (determinant <= 1e-9 * xx * yy)
            return null;
        var scale = NoiseCorrelation * noise / (gain * gain * determinant);
        var floor = ModelSigma * ModelSigma;
        return new AlignedPixel(u, v, scale * yy + floor, -scale * xy, scale * xx + floor, correlation);
    }

    // The derivative of this frame's pixel by the template's pixel, by least squares over the patch.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryWarp(SurfaceTemplate template, out Warp warp)
    {
        double su = 0, sv = 0, sx = 0, sy = 0;
        var n = template.Count;
        for (var i = 0; i < n; i++)
        {
            (su, sv, sx, sy) = (su + template.PixelU[i], sv + template.PixelV[i], sx + _u[i], sy + _v[i]);
        }
        (su, sv, sx, sy) = (su / n, sv / n, sx / n, sy / n);
        double uu = 0, uv = 0, vv = 0, ux = 0, vx = 0, uy = 0, vy = 0;
        for (var i = 0; i < n; i++)
        {
            var (a, b) = (template.PixelU[i] - su, template.PixelV[i] - sv);
            var (c, d) = (_u[i] - sx, _v[i] - sy);
            (uu, uv, vv) = (uu + a * a, uv + a * b, vv + b * b);
            (ux, vx, uy, vy) = (ux + a * c, vx + b * c, uy + a * d, vy + b * d);
        }
        var determinant = uu * vv - uv * uv;
        warp = default;
        if (!(determinant > 0))
            return false;
        // u' = Uu a + Uv b, v' = Vu a + Vv b.
        warp = new Warp((vv * ux - uv * vx) / determinant, (uu * vx - uv * ux) / determinant, (vv * uy - uv * vy) / determinant, (uu * vy - uv * uy) / determinant);
        return true;
    }

    private readonly record struct Warp(double Uu, double Uv, double Vu, double Vv);
}

/// <summary>Where a template was found.</summary>
/// <param name="U">Column, pixels.</param>
/// <param name="V">Row, pixels.</param>
/// <param name="Uu">Variance of U, square pixels.</param>
/// <param name="Uv">Covariance.</param>
/// <param name="Vv">Variance of V.</param>
/// <param name="Correlation">Of the two images, to 1.</param>
internal readonly record struct AlignedPixel(double U, double V, double Uu, double Uv, double Vv, double Correlation)
{
    /// <summary>The information, the inverse of the covariance, as L L' with L = [A 0; B C].</summary>
    public (double A, double B, double C) InformationFactor()
    {
        var determinant = Uu * Vv - Uv * Uv;
        var (xx, xy, yy) = (Vv / determinant, -Uv / determinant, Uu / determinant);
        var a = Math.Sqrt(xx);
        var b = xy / a;
        return (a, b, Math.Sqrt(Math.Max(yy - b * b, 0)));
    }
}
