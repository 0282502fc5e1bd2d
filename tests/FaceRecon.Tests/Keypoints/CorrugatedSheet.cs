using System.Numerics;

namespace FaceRecon.Tests;

/// <summary>
/// A speckled sheet in the plane z = 0 with folds 40 mm apart along x, seen by a camera of 240x180 pixels: everywhere there is
/// something to see, and half of it turns.
/// </summary>
internal static class CorrugatedSheet
{
    internal const double Wavelength = 0.04, Height = 0.004;
    internal static readonly CameraIntrinsics Camera = new(240, 180, 330, 330, 119.5, 89.5);
    private static readonly GradientNoise Speckle = new(3);

    /// <summary>A camera 0.4 m before the sheet, turned about the sheet's x and y axes.</summary>
    internal static RigidTransform View(double aboutX, double aboutY, double distance = 0.4) =>
        RigidTransform.FromRotationVector(new Vector3d(aboutX, aboutY, 0), Vector3d.Zero) * RigidTransform.FromTranslation(new Vector3d(0, 0, -distance));

    /// <summary>The point of the sheet, world frame, that a pixel shows.</summary>
    internal static Vector3d PointAt(RigidTransform cameraToWorld, double u, double v)
    {
        var ray = cameraToWorld.Rotate(Camera.BackProject(u, v, 1));
        var origin = cameraToWorld.Translation;
        var t = -origin.Z / ray.Z;
        // The sheet is nowhere steep: the depth of the plane through the last guess converges.
        for (var i = 0; i < 40; i++)
            t = (Relief(origin.X + t * ray.X) - origin.Z) / ray.Z;
        return origin + t * ray;
    }

    internal static double Relief(double x) => Height * Math.Cos(2 * Math.PI * x / Wavelength);

    internal static RgbdFrame Frame(RigidTransform cameraToWorld, int index = 0, bool plain = false)
    {
        var (pixels, depths) = (new byte[3 * Camera.Width * Camera.Height], new float[Camera.Width * Camera.Height]);
        var worldToCamera = cameraToWorld.Inverse();
        for (var v = 0; v < Camera.Height; v++)
        for (var u = 0; u < Camera.Width; u++)
        {
            var p = PointAt(cameraToWorld, u, v);
            var i = v * Camera.Width + u;
            depths[i] = (float)worldToCamera.TransformPoint(p).Z;
            var value = plain ? 128 : 128 + 150 * Speckle.At(new Vector3((float)(p.X / 0.006), (float)(p.Y / 0.006), 0.3f));
            pixels.AsSpan(3 * i, 3).Fill((byte)Math.Clamp(value, 0, 255));
        }
        return new RgbdFrame(index, index / 30.0, Camera, new ColorImage(Camera.Width, Camera.Height, pixels), new DepthImage(Camera.Width, Camera.Height, depths));
    }

    internal static FramePointCloud Cloud(RigidTransform cameraToWorld, int index = 0, bool plain = false) =>
        FramePointCloud.FromFrame(Frame(cameraToWorld, index, plain), new PointCloudOptions { HeadOnly = false });

    internal static KeypointSet Keypoints(RigidTransform cameraToWorld, int index = 0, FaceKeypointOptions? options = null)
    {
        using var detector = new FaceKeypointDetector((options ?? new FaceKeypointOptions()) with { Semantic = false });
        return detector.Detect(Cloud(cameraToWorld, index)).Keypoints!;
    }
}
