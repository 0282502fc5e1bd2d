using System.Numerics;

namespace FaceRecon;

/// <summary>A picture of a mesh at a glance: from both sides and from the front, above in its colours, below in clay.</summary>
public static class PreviewImage
{
    private const int ViewWidth = 480, ViewHeight = 600;
    /// <summary>Share of a view's width and height that the mesh may fill.</summary>
    private const double Fill = 0.90;
    /// <summary>Distance of the camera from the middle, in radii of the mesh: far, so that noses keep their size.</summary>
    private const double Distance = 5;
    private static readonly double[] Turns = [-55 * Math.PI / 180, 0, 55 * Math.PI / 180];

    /// <summary>Renders the preview.</summary>
    /// <param name="mesh">The mesh, metres.</param>
    /// <param name="frame">Which way is up and forward in the mesh's frame, for example from <see cref="UprightFrame.OfCapture"/>; null for an upright camera.</param>
    /// <param name="maxThreads">Most threads to use; 0 for one a core. The picture is the same for any number.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>A picture of 1440 x 1200 pixels.</returns>
    public static ColorImage Render(TriangleMesh mesh, UprightFrame? frame = null, int maxThreads = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        frame ??= UprightFrame.Camera;
        var loop = new PartitionedLoop(maxThreads, cancellation);
        var light = SoftLight.Irradiance(mesh, frame, loop);
        var image = new ColorImage(Turns.Length * ViewWidth, 2 * ViewHeight, new byte[3 * Turns.Length * ViewWidth * 2 * ViewHeight]);
        var views = Array.ConvertAll(Turns, turn => View.Around(mesh, frame, turn));
        var focal = views.Min(view => view.LargestFocalLength());
        for (var i = 0; i < views.Length; i++)
        {
            var camera = views[i].Camera(focal);
            var buffer = new SurfaceBuffer(mesh, camera, views[i].CameraToWorld, loop);
            MeshRenderer.Shade(mesh, buffer, light, views[i].CameraToWorld, RenderStyle.Color, image, i * ViewWidth, 0, loop);
            MeshRenderer.Shade(mesh, buffer, light, views[i].CameraToWorld, RenderStyle.Clay, image, i * ViewWidth, ViewHeight, loop);
        }
        return image;
    }

    /// <summary>A camera's pose, and the bounds of x/z and y/z of the mesh before it.</summary>
    private sealed record View(RigidTransform CameraToWorld, double Left, double Top, double Right, double Bottom)
    {
        /// <summary>A camera level with the middle of the mesh, turned about the vertical; positive turns go to the viewer's right.</summary>
        public static View Around(TriangleMesh mesh, UprightFrame frame, double turn)
        {
            var (low, high) = (new Vector3(float.MaxValue), new Vector3(float.MinValue));
            foreach (var v in mesh.Vertices)
                (low, high) = (Vector3.Min(low, v), Vector3.Max(high, v));
            var centre = 0.5f * (low + high);
            var radius = Math.Max(0.5 * Vector3.Distance(low, high), 1e-3);

            // In y-up axes the camera stands at +z, its x to the right, y down and z towards the middle.
            var upright = frame.ToYUp();
            var orbit = RigidTransform.FromRotationVector(new Vector3d(0, turn, 0), Vector3d.Zero) *
                new RigidTransform(1, 0, 0, 0, -1, 0, 0, 0, -1, new Vector3d(0, 0, Distance * radius));
            var inWorld = upright.Inverse() * orbit;
            var pose = RigidTransform.FromRotationVector(Vector3d.Zero, new Vector3d(centre.X, centre.Y, centre.Z)) * inWorld;

            var worldToCamera = pose.Inverse();
            var (left, top, right, bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
            foreach (var v in mesh.Vertices)
            {
                var p = worldToCamera.TransformPoint(new Vector3d(v.X, v.Y, v.Z));
                var (x, y) = (p.X / p.Z, p.Y / p.Z);
                (left, right) = (Math.Min(left, x), Math.Max(right, x));
                (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
            }
            return mesh.VertexCount == 0 ? new View(pose, -1, -1, 1, 1) : new View(pose, left, top, right, bottom);
        }

        /// <summary>The focal length in pixels at which the mesh just fills the view.</summary>
        public double LargestFocalLength() => Fill * Math.Min(
            ViewWidth / Math.Max(Right - Left, 1e-6), ViewHeight / Math.Max(Bottom - Top, 1e-6));

        public CameraIntrinsics Camera(double focal) => new(ViewWidth, ViewHeight, focal, focal,
            0.5 * (ViewWidth - 1) - focal * 0.5 * (Left + Right), 0.5 * (ViewHeight - 1) - focal * 0.5 * (Top + Bottom));
    }
}
