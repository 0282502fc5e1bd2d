namespace FaceRecon;

/// <summary>What a lens does to an image: where a point of the ideal pinhole image appears in the image that was taken.</summary>
internal abstract class LensDistortion
{
    /// <summary>The position in the taken image, pixels, of a position in the ideal one.</summary>
    internal abstract (double U, double V) Distort(double u, double v);

    /// <summary>Refuses a model that folds the image: on the way from the centre to a corner, what is farther out must appear farther out.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.IntrinsicsInvalid"/>.</exception>
    internal void RefuseFolding(CameraIntrinsics camera, string path)
    {
        const int steps = 64;
        var (centerU, centerV) = Distort(camera.Cx, camera.Cy);
        foreach (var (cornerU, cornerV) in (ReadOnlySpan<(double, double)>)[(0, 0), (camera.Width - 1, 0), (0, camera.Height - 1), (camera.Width - 1, camera.Height - 1)])
        {
            var previous = 0.0;
            for (var i = 1; i <= steps; i++)
            {
                var t = (double)i / steps;
                var (u, v) = Distort(camera.Cx + t * (cornerU - camera.Cx), camera.Cy + t * (cornerV - camera.Cy));
                var radius = Math.Sqrt((u - centerU) * (u - centerU) + (v - centerV) * (v - centerV));
                if (!(radius > previous) || double.IsInfinity(radius))
                    throw new FaceReconException(ErrorId.IntrinsicsInvalid,
                        $"{path}: the lens distortion folds the image over itself towards its corners; check the coefficients and their order.", path);
                previous = radius;
            }
        }
    }
}
