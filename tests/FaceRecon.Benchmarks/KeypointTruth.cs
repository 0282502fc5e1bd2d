namespace FaceRecon;

/// <summary>
/// Where a synthetic capture's surface truly appears: a pixel of one frame is followed along its ray to the true mesh, and
/// from there into another frame by the true poses.
/// </summary>
internal sealed class KeypointTruth
{
    private readonly TriangleMesh _mesh;
    private readonly CameraIntrinsics _camera;
    private readonly IReadOnlyList<RigidTransform> _cameraToWorld;
    private readonly SurfaceBuffer?[] _buffers;

    public KeypointTruth(TriangleMesh mesh, CameraIntrinsics camera, IReadOnlyList<RigidTransform> cameraToWorld)
    {
        (_mesh, _camera, _cameraToWorld) = (mesh, camera, cameraToWorld);
        _buffers = new SurfaceBuffer?[cameraToWorld.Count];
    }

    /// <summary>The true point of the surface, world frame, that a pixel of a frame shows; null where it shows none.</summary>
    public Vector3d? SurfaceAt(int frame, double u, double v)
    {
        var pose = _cameraToWorld[frame];
        var buffer = _buffers[frame] ??= new SurfaceBuffer(_mesh, _camera, pose, new PartitionedLoop(0, CancellationToken.None));
        var x = (int)Math.Round((u + 0.5) * SurfaceBuffer.SamplesPerSide - 0.5);
        var y = (int)Math.Round((v + 0.5) * SurfaceBuffer.SamplesPerSide - 0.5);
        if ((uint)x >= (uint)buffer.Width || (uint)y >= (uint)buffer.Height)
            return null;
        var triangle = buffer.Triangle[y * buffer.Width + x];
        if (triangle < 0)
            return null;
        // The nearest sample's triangle, met by the exact ray.
        var (a, b, c) = (Corner(3 * triangle), Corner(3 * triangle + 1), Corner(3 * triangle + 2));
        var normal = Vector3d.Cross(b - a, c - a);
        var ray = pose.Rotate(_camera.BackProject(u, v, 1));
        var slant = Vector3d.Dot(normal, ray);
        return slant == 0 ? null : pose.Translation + Vector3d.Dot(normal, a - pose.Translation) / slant * ray;
    }

    /// <summary>Distance in pixels between a pixel of the second frame and where it truly shows what a pixel of the first does; null off the surface.</summary>
    public double? ReprojectionError(int firstFrame, StructuralKeypoint first, int secondFrame, StructuralKeypoint second)
    {
        if (SurfaceAt(firstFrame, first.U, first.V) is not { } point)
            return null;
        var (u, v) = _camera.Project(_cameraToWorld[secondFrame].Inverse().TransformPoint(point));
        return Math.Sqrt((u - second.U) * (u - second.U) + (v - second.V) * (v - second.V));
    }

    /// <summary>A point of a frame's camera in the world.</summary>
    public Vector3d ToWorld(int frame, Vector3d point) => _cameraToWorld[frame].TransformPoint(point);

    /// <summary>Whether the true surface lies in front of one of its points, by more than a margin along the ray.</summary>
    public bool IsHidden(int frame, Vector3d place, double margin)
    {
        var (u, v) = _camera.Project(_cameraToWorld[frame].Inverse().TransformPoint(place));
        var origin = _cameraToWorld[frame].Translation;
        return SurfaceAt(frame, u, v) is { } surface && (surface - origin).Length < (place - origin).Length - margin;
    }

    private Vector3d Corner(int k)
    {
        var p = _mesh.Vertices[_mesh.Triangles[k]];
        return new Vector3d(p.X, p.Y, p.Z);
    }
}
