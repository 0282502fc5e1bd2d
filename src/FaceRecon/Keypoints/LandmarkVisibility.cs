namespace FaceRecon;

/// <summary>
/// Which of the landmarks that a model gives the camera really shows: those whose surface faces it, unhidden by another
/// part of the face, and under which the depth is where the shape of the face has it.
/// </summary>
internal sealed class LandmarkVisibility(KeypointScheme scheme, FaceKeypointOptions options)
{
    // A face's relief fits the depth with a scale of 0.73 to 1.6 (Face Mesh on three captures); landmarks that a model
    // put on a cheek for want of the nose's other side (dlib's beyond 30 degrees), with 0.15 to 0.6.
    private const double LeastReliefScale = 0.65, MostReliefScale = 1.7;

    // Of Face Mesh's landmarks 96 in 100 and more have the head in reach where those that are seen are right (six captures of
    // rendered heads), 89 to 94 where nose and mouth are a centimetre off (a mannequin's full profile).
    private const double LeastOnHead = 0.95;

    // A model less sure than this has found a face, but not its parts: it is surer than 0.96 wherever they are right.
    private const double LeastScore = 0.9;

    private readonly FaceVisibility _mesh = new();
    private readonly CanonicalFit? _canonical = scheme == KeypointScheme.FaceMesh468 ? null : new CanonicalFit(scheme);
    private readonly double[] _meshCosines = new double[FaceMeshModel.LandmarkCount];
    private readonly double[] _depths = new double[scheme.Count];
    private readonly double[] _weights = new double[scheme.Count];
    private readonly double[] _residuals = new double[scheme.Count];
    private bool _hasShape;

    /// <summary>Cosine of the angle at which each landmark's surface is seen, by the mesh; negative where it is not.</summary>
    public double[] Cosines { get; } = new double[scheme.Count];
    /// <summary>The surface under each landmark; null where there is no depth.</summary>
    public SurfacePoint?[] Surfaces { get; } = new SurfacePoint?[scheme.Count];
    /// <summary>Whether the camera sees each landmark.</summary>
    public bool[] Visible { get; } = new bool[scheme.Count];

    /// <summary>Judges by the shape of the face, once for landmarks as the model gave them; fills in their relief where the model has none.</summary>
    public void JudgeShape(ImageLandmarks landmarks, CameraIntrinsics camera)
    {
        if (_canonical is null)
        {
            _mesh.Measure(landmarks, camera, Cosines);
            _hasShape = true;
            return;
        }
        // Names that the canonical face does not have are judged by the depth alone.
        Array.Fill(Cosines, 1);
        var face = _canonical.Place(landmarks);
        _hasShape = face is not null;
        if (face is null)
            return;
        _mesh.Measure(face, camera, _meshCosines);
        for (var i = 0; i < landmarks.Count; i++)
            if (_canonical.Vertices[i] is var vertex and >= 0)
                (Cosines[i], landmarks.Relief[i]) = (_meshCosines[vertex], face.Relief[vertex]);
    }

    /// <summary>Judges by shape and depth where the landmarks now are.</summary>
    /// <param name="landmarks">Landmarks, after <see cref="JudgeShape"/>.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="cloud">Its points; without them the shape alone decides.</param>
    /// <param name="score">How sure the model is of them.</param>
    public void Judge(ImageLandmarks landmarks, RgbdFrame frame, FramePointCloud? cloud, double score)
    {
        for (var i = 0; i < landmarks.Count; i++)
        {
            Surfaces[i] = cloud is null ? null : KeypointLifter.Surface(cloud, landmarks.U[i], landmarks.V[i]);
            _depths[i] = Surfaces[i]?.Position.Z ?? 0;
            _weights[i] = HasRelief(i) ? Math.Max(Cosines[i], 0) : 0;
        }
        var reliefScale = 1.0;
        var fitted = _hasShape && cloud is not null && ReliefFit.TryFit(landmarks, _depths, _weights, frame.Intrinsics.Fx, _residuals, out reliefScale);
        var plausible = score >= LeastScore && reliefScale is > LeastReliefScale and < MostReliefScale &&
            (cloud is null || HeadCoverage.Share(landmarks, _depths, cloud) >= LeastOnHead);
        var least = Math.Cos(options.MaximumIncidence);
        for (var i = 0; i < landmarks.Count; i++)
            Visible[i] = plausible && Cosines[i] >= least && IsInside(landmarks, i, frame.Color) &&
                (cloud is null || Surfaces[i] is { } surface && surface.CosineOfIncidence >= least &&
                    !(fitted && HasRelief(i) && Math.Abs(_residuals[i]) > options.MaximumDisagreement));
    }

    private bool HasRelief(int i) => _canonical is null || _canonical.Vertices[i] >= 0;

    private static bool IsInside(ImageLandmarks landmarks, int i, ColorImage image) =>
        landmarks.U[i] >= 0 && landmarks.V[i] >= 0 && landmarks.U[i] <= image.Width - 1 && landmarks.V[i] <= image.Height - 1;
}
