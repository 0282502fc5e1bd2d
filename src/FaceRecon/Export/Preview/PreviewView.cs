using System.Numerics;

namespace FaceRecon;

/// <summary>A camera's pose around a mesh, and the bounds of x/z and y/z of the mesh before it.</summary>
internal sealed record PreviewView(RigidTransform CameraToWorld, double Left, double Top, double Right, double Bottom)
{
    /// <summary>Share of a view's width and height that the mesh may fill.</summary>
    private const double Fill = 0.92;
    /// <summary>Distance of the camera from the middle, in radii of the mesh: far, so that noses keep their size.</summary>
    private const double Distance = 5;

    /// <summary>A camera level with the middle of the mesh, turned about the vertical; positive turns go to the viewer's right.</summary>
    public static PreviewView Around(TriangleMesh mesh, UprightFrame frame, double turn)
    {
        var (low, high) = (new Vector3(float.MaxValue), new Vector3(float.MinValue));
        foreach (var v in mesh.Vertices)
            (low, high) = (Vector3.Min(low, v), Vector3.Max(high, v));
        var centre = 0.5f * (low + high);
        var radius = Math.Max(0.5 * Vector3.Distance(low, high), 1e-3f);

        // In y-up axes the camera stands at +z, its x to the right, y down and z towards the middle.
        var upright = frame.ToYUp();
        var orbit = RigidTransform.FromRotationVector(new Vector3d(0, turn, 0), Vector3d.Zero) *
            new RigidTransform(1, 0, 0, 0, -1, 0, 0, 0, -1, new Vector3d(0, 0, Distance * radius));
        var pose = RigidTransform.FromTranslation(new Vector3d(centre.X, centre.Y, centre.Z)) * upright.Inverse() * orbit;

        var worldToCamera = pose.Inverse();
        var (left, top, right, bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (var v in mesh.Vertices)
        {
            var p = worldToCamera.TransformPoint(new Vector3d(v.X, v.Y, v.Z));
            var (x, y) = (p.X / p.Z, p.Y / p.Z);
            (left, right) = (Math.Min(left, x), Math.Max(right, x));
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
        }
        return mesh.VertexCount == 0 ? new PreviewView(pose, -1, -1, 1, 1) : new PreviewView(pose, left, top, right, bottom);
    }

    /// <summary>The focal length in pixels at which the mesh just fills a view of this size.</summary>
    public double LargestFocalLength(int width, int height) => Fill * Math.Min(
        width / Math.Max(Right - Left, 1e-6), height / Math.Max(Bottom - Top, 1e-6));

    /// <summary>A camera of this size and focal length with the mesh in its middle.</summary>
    public CameraIntrinsics Camera(int width, int height, double focal) => new(width, height, focal, focal,
        0.5 * (width - 1) - focal * 0.5 * (Left + Right), 0.5 * (height - 1) - focal * 0.5 * (Top + Bottom));
}
