namespace FaceRecon;

/// <summary>
/// A pinhole camera without distortion: u = fx x/z + cx, v = fy y/z + cy, pixels. Pixel (0,0) is the
/// centre of the top left pixel. Readers remove lens distortion before a frame leaves them.
/// </summary>
/// <param name="Width">Columns of the image.</param>
/// <param name="Height">Rows of the image.</param>
/// <param name="Fx">Focal length along u, pixels.</param>
/// <param name="Fy">Focal length along v, pixels.</param>
/// <param name="Cx">Principal point, u, pixels.</param>
/// <param name="Cy">Principal point, v, pixels.</param>
public sealed record CameraIntrinsics(int Width, int Height, double Fx, double Fy, double Cx, double Cy)
{
    /// <summary>The point of the camera frame, metres, that pixel (u, v) with depth z shows: x = (u-cx) z/fx, y = (v-cy) z/fy.</summary>
    public Vector3d BackProject(double u, double v, double z) => new((u - Cx) * z / Fx, (v - Cy) * z / Fy, z);

    /// <summary>Where a point of the camera frame (z &gt; 0) appears, pixels.</summary>
    public (double U, double V) Project(Vector3d point) =>
        (Fx * point.X / point.Z + Cx, Fy * point.Y / point.Z + Cy);

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{Width}x{Height}, f ({Fx:0.0}, {Fy:0.0}), c ({Cx:0.0}, {Cy:0.0})");
}
