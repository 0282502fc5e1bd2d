namespace FaceRecon;

/// <summary>
/// Brown-Conrady distortion with OpenCV's conventions: with (x, y) the ideal point at depth 1 and
/// r^2 = x^2 + y^2, the taken point is
/// x (1+k1 r^2+k2 r^4+k3 r^6)/(1+k4 r^2+k5 r^4+k6 r^6) + 2 p1 x y + p2 (r^2+2 x^2), and y likewise.
/// </summary>
internal sealed class BrownDistortion(CameraIntrinsics camera, double k1, double k2, double p1, double p2, double k3, double k4 = 0, double k5 = 0, double k6 = 0)
    : LensDistortion
{
    /// <summary>Whether every coefficient is zero.</summary>
    internal bool IsZero => k1 == 0 && k2 == 0 && p1 == 0 && p2 == 0 && k3 == 0 && k4 == 0 && k5 == 0 && k6 == 0;

    internal override (double U, double V) Distort(double u, double v)
    {
        double x = (u - camera.Cx) / camera.Fx, y = (v - camera.Cy) / camera.Fy;
        var r2 = x * x + y * y;
        var radial = (1 + r2 * (k1 + r2 * (k2 + r2 * k3))) / (1 + r2 * (k4 + r2 * (k5 + r2 * k6)));
        return (camera.Fx * (x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x)) + camera.Cx,
                camera.Fy * (y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y) + camera.Cy);
    }
}
