using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// Which landmarks of a face mesh the camera can see, from the mesh alone: those whose surface faces the camera and
/// before which no other part of the face lies.
/// </summary>
internal sealed class FaceVisibility
{
    // How far in front a surface must be to hide a landmark, as a share of the face's size in the image: 3 mm of 150.
    private const double LeastGap = 0.02;

    private readonly int[] _triangles = CanonicalFace.Instance.Triangles;
    private readonly Vector3d[] _normals = new Vector3d[FaceMeshModel.LandmarkCount];
    private readonly ImageBox[] _boxes = new ImageBox[CanonicalFace.Instance.Triangles.Length / 3];

    /// <summary>
    /// For every landmark the cosine between the mesh's normal and the ray that sees it, 1 where the face looks into
    /// the camera; negative where it is turned away, and -1 where another part hides it.
    /// </summary>
    public void Measure(ImageLandmarks landmarks, CameraIntrinsics camera, Span<double> cosines)
    {
        MeasureNormals(landmarks);
        var gap = LeastGap * BoundTriangles(landmarks);
        for (var i = 0; i < landmarks.Count; i++)
        {
            var ray = new Vector3d((landmarks.U[i] - camera.Cx) / camera.Fx, (landmarks.V[i] - camera.Cy) / camera.Fy, 1);
            cosines[i] = -Vector3d.Dot(_normals[i], ray.Normalized());
            if (cosines[i] > 0 && IsHidden(landmarks, i, gap))
                cosines[i] = -1;
        }
    }

    // Columns, rows and relief form a right-handed frame as the canonical face's axes do, turned by half a turn about x.
    private void MeasureNormals(ImageLandmarks landmarks)
    {
        Array.Clear(_normals);
        for (var t = 0; t < _triangles.Length; t += 3)
        {
            var (a, b, c) = (_triangles[t], _triangles[t + 1], _triangles[t + 2]);
            var origin = Point(landmarks, a);
            var normal = Vector3d.Cross(Point(landmarks, b) - origin, Point(landmarks, c) - origin);
            _normals[a] += normal;
            _normals[b] += normal;
            _normals[c] += normal;
        }
        for (var i = 0; i < _normals.Length; i++)
            _normals[i] = _normals[i].Normalized();
    }

    /// <summary>Bounds every triangle; returns the size of the whole face, pixels.</summary>
    private double BoundTriangles(ImageLandmarks landmarks)
    {
        var (u, v) = (landmarks.U, landmarks.V);
        var (left, top, right, bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        for (var t = 0; t < _boxes.Length; t++)
        {
            var (a, b, c) = (_triangles[3 * t], _triangles[3 * t + 1], _triangles[3 * t + 2]);
            var (minU, maxU) = (Math.Min(u[a], Math.Min(u[b], u[c])), Math.Max(u[a], Math.Max(u[b], u[c])));
            var (minV, maxV) = (Math.Min(v[a], Math.Min(v[b], v[c])), Math.Max(v[a], Math.Max(v[b], v[c])));
            _boxes[t] = new ImageBox(minU, minV, maxU - minU, maxV - minV);
            (left, right, top, bottom) = (Math.Min(left, minU), Math.Max(right, maxU), Math.Min(top, minV), Math.Max(bottom, maxV));
        }
        return Math.Max(right - left, bottom - top);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsHidden(ImageLandmarks landmarks, int landmark, double gap)
    {
        var (u, v, relief) = (landmarks.U[landmark], landmarks.V[landmark], landmarks.Relief[landmark]);
        for (var t = 0; t < _boxes.Length; t++)
        {
            var box = _boxes[t];
            if (u < box.Left || u > box.Left + box.Width || v < box.Top || v > box.Top + box.Height)
                continue;
            var (a, b, c) = (_triangles[3 * t], _triangles[3 * t + 1], _triangles[3 * t + 2]);
            if (a == landmark || b == landmark || c == landmark)
                continue;
            var (bu, bv) = (landmarks.U[b] - landmarks.U[a], landmarks.V[b] - landmarks.V[a]);
            var (cu, cv) = (landmarks.U[c] - landmarks.U[a], landmarks.V[c] - landmarks.V[a]);
            var area = bu * cv - cu * bv;
            if (Math.Abs(area) < 1e-9)
                continue;
            var (du, dv) = (u - landmarks.U[a], v - landmarks.V[a]);
            var (s, r) = ((du * cv - cu * dv) / area, (bu * dv - du * bv) / area);
            if (s < 0 || r < 0 || s + r > 1)
                continue;
            var surface = landmarks.Relief[a] + s * (landmarks.Relief[b] - landmarks.Relief[a]) + r * (landmarks.Relief[c] - landmarks.Relief[a]);
            if (surface < relief - gap)
                return true;
        }
        return false;
    }

    private static Vector3d Point(ImageLandmarks landmarks, int i) => new(landmarks.U[i], landmarks.V[i], landmarks.Relief[i]);
}
