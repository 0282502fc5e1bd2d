namespace FaceRecon;

/// <summary>
/// Gives landmarks of any scheme the shape that their model does not: the canonical face as the weak-perspective camera
/// sees it that best explains those landmarks whose names are Face Mesh's.
/// </summary>
internal sealed class CanonicalFit
{
    private const int LeastLandmarks = 8;
    private const int Unknowns = 4;

    private readonly int[] _vertices;
    private readonly ImageLandmarks _face = new(FaceMeshModel.LandmarkCount);

    /// <summary>For landmarks of a scheme.</summary>
    public CanonicalFit(KeypointScheme scheme) => _vertices = [.. scheme.Names.Select(KeypointScheme.FaceMesh468.IndexOf)];

    /// <summary>The vertex of the canonical face that each landmark is; -1 for none.</summary>
    public ReadOnlySpan<int> Vertices => _vertices;

    /// <summary>The whole canonical face as it lies in the image; null where too few landmarks are known to place it.</summary>
    public ImageLandmarks? Place(ImageLandmarks landmarks)
    {
        // u = p.X + p0 and v = q.X + q0, by least squares (the affine camera).
        Span<double> systemU = stackalloc double[Unknowns * (Unknowns + 1)];
        Span<double> systemV = stackalloc double[Unknowns * (Unknowns + 1)];
        systemU.Clear();
        systemV.Clear();
        Span<double> row = stackalloc double[Unknowns];
        var known = 0;
        for (var i = 0; i < _vertices.Length; i++)
        {
            if (_vertices[i] < 0)
                continue;
            known++;
            var x = CanonicalFace.Instance.Vertices[_vertices[i]];
            (row[0], row[1], row[2], row[3]) = (x.X, x.Y, x.Z, 0.1);
            for (var r = 0; r < Unknowns; r++)
            {
                for (var c = 0; c < Unknowns; c++)
                {
                    systemU[r * (Unknowns + 1) + c] += row[r] * row[c];
                    systemV[r * (Unknowns + 1) + c] += row[r] * row[c];
                }
                systemU[r * (Unknowns + 1) + Unknowns] += row[r] * landmarks.U[i];
                systemV[r * (Unknowns + 1) + Unknowns] += row[r] * landmarks.V[i];
            }
        }
        Span<double> p = stackalloc double[Unknowns];
        Span<double> q = stackalloc double[Unknowns];
        if (known < LeastLandmarks || !LinearSystem.TrySolve(systemU, Unknowns, p) || !LinearSystem.TrySolve(systemV, Unknowns, q))
            return null;
        var (right, down) = (new Vector3d(p[0], p[1], p[2]), new Vector3d(q[0], q[1], q[2]));
        // Columns, rows and the view are a right-handed frame; its scale is the mean of the two that the image shows.
        var away = Vector3d.Cross(right.Normalized(), down.Normalized()).Normalized() * (0.5 * (right.Length + down.Length));
        for (var k = 0; k < _face.Count; k++)
        {
            var x = CanonicalFace.Instance.Vertices[k];
            _face.U[k] = Vector3d.Dot(right, x) + 0.1 * p[3];
            _face.V[k] = Vector3d.Dot(down, x) + 0.1 * q[3];
            _face.Relief[k] = Vector3d.Dot(away, x);
        }
        return _face;
    }
}
