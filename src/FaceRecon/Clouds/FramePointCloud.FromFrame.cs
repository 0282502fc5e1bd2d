using System.Runtime.CompilerServices;

namespace FaceRecon;

public sealed partial class FramePointCloud
{
    // Neighbours further apart than this are on different surfaces: 12 mm over three pixels is a
    // slope of 80 degrees at 0.4 m with a focal length of 600 pixels.
    private const float DepthEdge = 0.012f;
    // A point on a surface, even at its edge, has four in ten of its neighbours on that surface. Flying pixels hang free.
    private const float LeastSupport = 0.4f;
    private const float LeastFineSupport = 0.25f;
    // A spike stands off its neighbours' surface by so many times what would take all weight from it there: more than nine standard
    // deviations, and more than any detail of a face that so few pixels show.
    private const double SpikeGates = 2;
    // Below this, 6 cm2 at 0.4 m, there is nothing to register.
    private const int LeastPoints = 1500;

    /// <summary>
    /// The cloud of one frame: head found, rest cut away, noise measured, flying pixels and spikes removed, normals
    /// and standard deviations; depth as read, or smoothed along the surface.
    /// </summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.HeadNotFound"/>: no head within the depth range;
    /// <see cref="ErrorId.DepthCorrectionInvalid"/>: a correction for images of another size.</exception>
    public static FramePointCloud FromFrame(RgbdFrame frame, PointCloudOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        options ??= new PointCloudOptions();
        if (options.DepthCorrection is { } correction)
            frame = WithCorrectedCamera(frame, correction);
        HeadRegion? head = null;
        if (options.HeadOnly)
        {
            head = HeadRegion.Find(frame.Depth, frame.Intrinsics, options)
                ?? throw HeadNotFound(frame, options);
        }
        var window = DepthWindow.Crop(frame.Depth, frame.Intrinsics, head, options);
        using var planes = LocalPlaneFilter.Fit(window, DepthEdge, cancellation);
        var noise = MeasureNoise(window, planes);
        using var fine = LocalPlaneFilter.Refine(window, planes, noise, cancellation);
        var cloud = new FramePointCloud(frame, window, head, noise);
        cloud.Fill(window, planes, fine, options);
        if (head is not null && cloud.Count < LeastPoints)
            throw HeadNotFound(frame, options);
        return cloud;
    }

    // The focal lengths are the frame's, for all that is made of it; its depth is corrected where the window is cut out of it.
    private static RgbdFrame WithCorrectedCamera(RgbdFrame frame, DepthCorrection correction)
    {
        var camera = frame.Intrinsics;
        if (camera.Width != correction.Width || camera.Height != correction.Height)
            throw new FaceReconException(ErrorId.DepthCorrectionInvalid,
                $"The depth correction is for images of {correction.Width}x{correction.Height} pixels, and frame {frame.Index} has {camera.Width}x{camera.Height}; it serves only captures of the camera and mode that it was estimated from.",
                frame.DepthPath, frame.Index);
        if (correction.FocalScale == 1)
            return frame;
        camera = camera with { Fx = camera.Fx * correction.FocalScale, Fy = camera.Fy * correction.FocalScale };
        var corrected = new RgbdFrame(frame.Index, frame.Timestamp, camera, frame.Color, frame.Depth, frame.ColorPath, frame.DepthPath);
        return frame.Keypoints is { } keypoints ? corrected.WithKeypoints(keypoints) : corrected;
    }

    private static FaceReconException HeadNotFound(RgbdFrame frame, PointCloudOptions options) => new(
        ErrorId.HeadNotFound,
        FormattableString.Invariant($"Frame {frame.Index}: no head between {options.MinimumDepth:0.00} and {options.MaximumDepth:0.00} m in '{frame.DepthPath}'. The head must be in view, nearer than what is around it; turn the head search off to use the whole frame."),
        frame.DepthPath, frame.Index);

    /// <summary>
    /// The scale of z - (left + right + above + below) / 4 over z^2, from its median: planes leave nothing of
    /// it, a face's curvature little, and an edge is an outlier to a median and not a measurement.
    /// </summary>
    private static DepthNoise MeasureNoise(DepthWindow window, LocalPlaneFilter.Planes planes)
    {
        // Two pixels apart, because neighbouring errors of such sensors are alike.
        var (across, down) = (2, 2 * window.Stride);
        var residuals = new List<float>(8192);
        for (var row = 0; row < window.Height; row += 3)
        for (var column = 0; column < window.Width; column += 3)
        {
            var i = window.IndexOf(column, row);
            var z = window.Depths[i];
            if (z <= 0 || planes.Support[i] < 0.95f)
                continue;
            float left = window.Depths[i - across], right = window.Depths[i + across];
            float above = window.Depths[i - down], below = window.Depths[i + down];
            if (left > 0 && right > 0 && above > 0 && below > 0)
                residuals.Add(Math.Abs(z - (left + right + above + below) / 4) / (z * z));
        }
        if (residuals.Count < 50)
            return new DepthNoise(DepthNoise.LeastQuadratic);
        residuals.Sort();
        // 1.4826 takes the median of absolute normal deviates to their standard deviation, and the
        // difference of one value and the mean of four has 1 + 1/4 times their variance.
        return new DepthNoise(Math.Max(1.4826 / Math.Sqrt(1.25) * residuals[residuals.Count / 2], DepthNoise.LeastQuadratic));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(DepthWindow window, LocalPlaneFilter.Planes wide, LocalPlaneFilter.Planes fine, PointCloudOptions options)
    {
        var camera = Intrinsics;
        var leastCosine = Math.Cos(options.MaximumIncidence);
        for (var row = 0; row < Height; row++)
        for (var column = 0; column < Width; column++)
        {
            var from = window.IndexOf(column, row);
            var z = (double)window.Depths[from];
            if (z <= 0)
                continue;
            if (options.RemoveFlyingPixels && (wide.Support[from] < LeastSupport || fine.Support[from] < LeastFineSupport))
                continue;
            double smoothed = fine.Depth[from];
            // A plane through a curved neighbourhood misses its middle by a share of the curvature that grows with the
            // window's second moment; two windows tell by how much (Richardson's extrapolation).
            if (wide.Support[from] > 0.99f && fine.Support[from] > 0.6f)
                smoothed += LocalPlaneFilter.CurvatureShare * (smoothed - wide.Depth[from]);
            if (options.RemoveFlyingPixels
                && Math.Abs(z - smoothed) > SpikeGates * LocalPlaneFilter.Gate(Noise, smoothed, Math.Abs(fine.SlopeU[from]) + Math.Abs(fine.SlopeV[from])))
                continue;
            if (options.Smooth)
                z = smoothed;
            var (u, v) = (Left + column - camera.Cx, Top + row - camera.Cy);
            // The normal of the surface z(u, v) seen through the pinhole: dP/du x dP/dv, towards the camera.
            double zu = fine.SlopeU[from], zv = fine.SlopeV[from];
            var normal = new Vector3d(camera.Fx * zu, camera.Fy * zv, -(z + u * zu + v * zv)).Normalized();
            var ray = new Vector3d(u / camera.Fx, v / camera.Fy, 1).Normalized();
            var cosine = -Vector3d.Dot(normal, ray);
            if (options.RemoveFlyingPixels && cosine < leastCosine)
                continue;
            var i = row * Width + column;
            Z[i] = (float)z;
            (NormalX[i], NormalY[i], NormalZ[i]) = ((float)normal.X, (float)normal.Y, (float)normal.Z);
            Sigma[i] = (float)Noise.Sigma(z, cosine);
            Count++;
        }
    }
}
