using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>From a pixel to the point of the surface that it shows, with its uncertainty.</summary>
public static class KeypointLifter
{
    // Two depths further apart than this, after slope, are two surfaces.
    private const double Edge = 0.006;

    /// <summary>The same keypoints with the positions that a cloud gives them; those without depth lose theirs and are not visible.</summary>
    public static KeypointSet Lift(KeypointSet keypoints, FramePointCloud cloud)
    {
        ArgumentNullException.ThrowIfNull(keypoints);
        ArgumentNullException.ThrowIfNull(cloud);
        return keypoints with
        {
            Semantic = [.. keypoints.Semantic.Select(keypoint => Lift(keypoint, cloud))],
            Structural = [.. keypoints.Structural.Select(keypoint => Lift(keypoint, cloud))],
        };
    }

    /// <summary>The same keypoint with the position that a cloud gives it; without one where there is no depth.</summary>
    public static StructuralKeypoint Lift(StructuralKeypoint keypoint, FramePointCloud cloud)
    {
        ArgumentNullException.ThrowIfNull(keypoint);
        ArgumentNullException.ThrowIfNull(cloud);
        return Surface(cloud, keypoint.U, keypoint.V) is { } surface
            ? keypoint with { Position = surface.Position, Covariance = surface.Covariance(keypoint.Sigma) }
            : keypoint with { Position = null, Covariance = default };
    }

    /// <summary>The same keypoint with the position that a cloud gives it.</summary>
    public static SemanticKeypoint Lift(SemanticKeypoint keypoint, FramePointCloud cloud)
    {
        ArgumentNullException.ThrowIfNull(keypoint);
        ArgumentNullException.ThrowIfNull(cloud);
        return Surface(cloud, keypoint.U, keypoint.V) is { } surface
            ? keypoint with { Position = surface.Position, Covariance = surface.Covariance(keypoint.Sigma) }
            : keypoint with { Position = null, Covariance = default, IsVisible = false };
    }

    /// <summary>
    /// The surface between pixels: of the planes of the four pixels around, those that agree with the nearest one's,
    /// weighted as in bilinear interpolation. So an edge of depth is not smeared, and a slope is followed.
    /// </summary>
    /// <param name="cloud">The frame's cloud.</param>
    /// <param name="u">Column, pixels of the whole image.</param>
    /// <param name="v">Row.</param>
    /// <returns>Null where the nearest pixel has no depth.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static SurfacePoint? Surface(FramePointCloud cloud, double u, double v)
    {
        var camera = cloud.Intrinsics;
        var (x, y) = (u - cloud.Left, v - cloud.Top);
        if (!(x > -0.5 && y > -0.5 && x < cloud.Width - 0.5 && y < cloud.Height - 0.5))
            return null;
        var ray = new Vector3d((u - camera.Cx) / camera.Fx, (v - camera.Cy) / camera.Fy, 1);
        var nearest = (int)(y + 0.5) * cloud.Width + (int)(x + 0.5);
        if (cloud.Z[nearest] <= 0)
            return null;
        var reference = DepthOfPlane(cloud, nearest, ray);
        var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        double sum = 0, total = 0;
        for (var row = Math.Max(top, 0); row <= Math.Min(top + 1, cloud.Height - 1); row++)
        for (var column = Math.Max(left, 0); column <= Math.Min(left + 1, cloud.Width - 1); column++)
        {
            var i = row * cloud.Width + column;
            if (cloud.Z[i] <= 0)
                continue;
            var z = DepthOfPlane(cloud, i, ray);
            if (Math.Abs(z - reference) > Edge)
                continue;
            var weight = (1 - Math.Abs(x - column)) * (1 - Math.Abs(y - row));
            (sum, total) = (sum + weight * z, total + weight);
        }
        var depth = total > 0 ? sum / total : reference;
        return new SurfacePoint(depth * ray, NormalAt(cloud, nearest), cloud.Sigma[nearest], camera);
    }

    // z along the ray to the plane through pixel i's point with its normal; a grazing plane tells nothing a pixel away.
    private static double DepthOfPlane(FramePointCloud cloud, int i, Vector3d ray)
    {
        var normal = NormalAt(cloud, i);
        var point = cloud.Intrinsics.BackProject(cloud.Left + i % cloud.Width, cloud.Top + i / cloud.Width, cloud.Z[i]);
        var slant = Vector3d.Dot(normal, ray);
        return slant < -0.1 ? Vector3d.Dot(normal, point) / slant : cloud.Z[i];
    }

    private static Vector3d NormalAt(FramePointCloud cloud, int i) => new(cloud.NormalX[i], cloud.NormalY[i], cloud.NormalZ[i]);
}

/// <summary>A point of a frame's surface.</summary>
/// <param name="Position">Metres, camera frame.</param>
/// <param name="Normal">Unit normal, towards the camera.</param>
/// <param name="DepthSigma">Standard deviation of the depth's noise, metres.</param>
/// <param name="Camera">The camera that sees it.</param>
internal readonly record struct SurfacePoint(Vector3d Position, Vector3d Normal, double DepthSigma, CameraIntrinsics Camera)
{
    /// <summary>Cosine of the angle between the normal and the ray.</summary>
    public double CosineOfIncidence => -Vector3d.Dot(Normal, Position.Normalized());

    /// <summary>The point of the same pixel whose depth is less by so many metres.</summary>
    public SurfacePoint Nearer(double depth) => this with { Position = Position * (1 - depth / Position.Z) };

    /// <summary>
    /// Where one pixel to the right and one pixel down lead along the surface: of the plane n.(z ray) = const,
    /// dP/du = (z/fx, 0, 0) + ray dz/du with dz/du = -z n_x / (fx n.ray). More than 75 degrees off it is taken as that.
    /// </summary>
    public (Vector3d AlongU, Vector3d AlongV) Tangents()
    {
        var z = Position.Z;
        var ray = Position / z;
        var slant = Math.Min(Vector3d.Dot(Normal, ray), -0.26 * ray.Length);
        return (new Vector3d(z / Camera.Fx, 0, 0) + ray * (-z * Normal.X / (Camera.Fx * slant)),
            new Vector3d(0, z / Camera.Fy, 0) + ray * (-z * Normal.Y / (Camera.Fy * slant)));
    }

    /// <summary>
    /// First-order propagation: a pixel's error moves the point along the surface; the depth's error, noise and the
    /// sensor's systematic part, moves it along its ray.
    /// </summary>
    /// <param name="pixelSigma">Standard deviation of the pixel's column and row.</param>
    public Covariance3d Covariance(double pixelSigma)
    {
        var (alongU, alongV) = Tangents();
        var pixelVariance = pixelSigma * pixelSigma;
        var depthVariance = DepthSigma * DepthSigma + DepthNoise.Systematic * DepthNoise.Systematic;
        return Covariance3d.Along(alongU, pixelVariance) + Covariance3d.Along(alongV, pixelVariance) + Covariance3d.Along(Position / Position.Z, depthVariance);
    }
}
