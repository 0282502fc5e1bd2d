using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// Makes landmarks stay on the skin. A network's landmark slides by millimetres as the head turns; here each gets a
/// place on the head and a template of its surroundings when it is first well seen, and in later frames it is where
/// the template says, with the head's pose (from all of them) to tell where to look and how the template is slanted.
/// </summary>
internal sealed class LandmarkRefiner
{
    // A template is taken, and retaken, where the surface is seen at less than 60 degrees.
    private const double LeastCosine = 0.5;
    // What is left even of a sharp corner, pixels: measured as 0.4 to 0.7 from the front and 0.9 to 1.2 from the sides.
    private const double LeastSigma = 0.7;
    private const double BetterCosine = 0.15;
    private const double LeastCorrelation = 0.7;
    // A landmark this far from its place, metres and medians of the frame, is on another surface or was not found.
    private const double LeastStray = 0.0035, StrayMedians = 3;
    private const int MaxSightings = 30;
    private const double CoarseSpacing = 2, FineSpacing = 1;

    private readonly Anchor?[] _anchors;
    private readonly HeadPose _pose;
    private readonly GrayWindow _image = new();
    private readonly double[] _strays;
    private RigidTransform? _headToCamera;

    /// <summary>By how much the depths of the last frame are all too great, metres.</summary>
    public double DepthError { get; private set; }

    /// <summary>For models of this many landmarks.</summary>
    public LandmarkRefiner(int count)
    {
        _anchors = new Anchor?[count];
        _pose = new HeadPose(count);
        _strays = new double[count];
    }

    /// <summary>Forgets the head: another video begins.</summary>
    public void StartAnew()
    {
        Array.Clear(_anchors);
        _headToCamera = null;
    }

    /// <summary>Moves the landmarks of the next frame to where the templates see them.</summary>
    /// <param name="landmarks">The network's landmarks; refined in place.</param>
    /// <param name="visible">Which of them the camera sees.</param>
    /// <param name="sigmas">Standard deviation of each, pixels; set where a landmark was refined.</param>
    /// <param name="cloud">The frame's points.</param>
    public void Refine(ImageLandmarks landmarks, ReadOnlySpan<bool> visible, Span<double> sigmas, FramePointCloud cloud)
    {
        _image.Load(cloud.Frame.Color, landmarks.Bounds(), 2 * LandmarkTemplate.Side);
        _image.RemoveShading();
        if (EstimatePose(landmarks, visible, cloud) is { } pose)
        {
            pose = Align(landmarks, visible, sigmas, cloud, pose, CoarseSpacing, 2.0, store: false);
            pose = Align(landmarks, visible, sigmas, cloud, pose, FineSpacing, 1.0, store: true);
            (_headToCamera, DepthError) = (pose, _pose.DepthError);
        }
        else
        {
            // The head's frame is the camera's when it is first seen; one that cannot be placed again starts anew.
            Array.Clear(_anchors);
            (_headToCamera, DepthError) = (RigidTransform.Identity, 0);
        }
    }

    /// <summary>Learns from a frame, after <see cref="Refine"/>. What strays from its place, or has none, is not visible.</summary>
    /// <param name="landmarks">The refined landmarks.</param>
    /// <param name="view">How the camera sees them there.</param>
    public void Learn(ImageLandmarks landmarks, LandmarkVisibility view)
    {
        UpdatePlaces(view);
        AddAnchors(landmarks, view);
        for (var i = 0; i < landmarks.Count; i++)
            view.Visible[i] &= _anchors[i] is not null;
    }

    // One frame's depth errs by millimetres over whole regions, which would be pixels from another side: the mean of many frames errs
    // less. What is common to a frame is not taken from what goes into the mean, or the first frame's would stay for ever.
    private void UpdatePlaces(LandmarkVisibility view)
    {
        var cameraToHead = _headToCamera!.Value.Inverse();
        var limit = Math.Max(LeastStray, StrayMedians * MeasureStrays(view, cameraToHead));
        for (var i = 0; i < _anchors.Length; i++)
        {
            if (_anchors[i] is not { } anchor || !view.Visible[i])
                continue;
            view.Visible[i] = _strays[i] <= limit;
            if (!view.Visible[i])
                continue;
            anchor.Sightings = Math.Min(anchor.Sightings + 1, MaxSightings);
            anchor.Place += (cameraToHead.TransformPoint(view.Surfaces[i]!.Value.Position) - anchor.Place) / anchor.Sightings;
        }
    }

    // How far each is from its place, that which is common to the frame taken away; the median of all.
    private double MeasureStrays(LandmarkVisibility view, RigidTransform cameraToHead)
    {
        var known = new List<double>(_strays.Length);
        for (var i = 0; i < _strays.Length; i++)
        {
            if (_anchors[i] is not { } anchor || !view.Visible[i])
                continue;
            _strays[i] = (cameraToHead.TransformPoint(view.Surfaces[i]!.Value.Nearer(DepthError).Position) - anchor.Place).Length;
            known.Add(_strays[i]);
        }
        known.Sort();
        return known.Count > 0 ? known[known.Count / 2] : 0;
    }

    // From the network's landmarks: they err by a few pixels, but not all alike.
    private RigidTransform? EstimatePose(ImageLandmarks landmarks, ReadOnlySpan<bool> visible, FramePointCloud cloud)
    {
        if (_headToCamera is not { } pose)
            return null;
        _pose.Clear();
        for (var i = 0; i < landmarks.Count; i++)
        {
            if (_anchors[i] is not { } anchor || !visible[i])
                continue;
            // Last seen offset between network and surface: what is constant in the network's error cancels.
            var (u, v) = (landmarks.U[i] + anchor.OffsetU, landmarks.V[i] + anchor.OffsetV);
            var depth = KeypointLifter.Surface(cloud, u, v)?.Position.Z ?? 0;
            _pose.Add(anchor.Place, u, v, depth, 3);
        }
        return _pose.TryRefine(cloud.Intrinsics, ref pose) ? pose : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private RigidTransform Align(
        ImageLandmarks landmarks, ReadOnlySpan<bool> visible, Span<double> sigmas, FramePointCloud cloud,
        RigidTransform pose, double spacing, double priorSigma, bool store)
    {
        var camera = cloud.Intrinsics;
        _pose.Clear();
        for (var i = 0; i < landmarks.Count; i++)
        {
            if (_anchors[i] is not { } anchor || !visible[i])
                continue;
            var center = pose.TransformPoint(anchor.Place);
            if (center.Z < 0.05)
                continue;
            var (u, v) = camera.Project(center);
            var template = spacing > FineSpacing ? anchor.Coarse : anchor.Fine;
            var steps = Project(camera, center, pose.Rotate(template.ColumnStep), pose.Rotate(template.RowStep));
            var fit = template.Align(_image, steps, priorSigma, ref u, ref v);
            var seen = fit.Correlation >= LeastCorrelation;
            if (seen && fit.MajorSigma < 1)
                _pose.Add(anchor.Place, u, v, KeypointLifter.Surface(cloud, u, v)?.Position.Z ?? 0, Math.Max(fit.MajorSigma, 0.15));
            if (!store)
                continue;
            // What the template leaves open the pose fills in.
            sigmas[i] = Math.Sqrt(LeastSigma * LeastSigma + (seen ? 0.5 * (Posterior(fit.MajorSigma, priorSigma) + Posterior(fit.MinorSigma, priorSigma)) : priorSigma * priorSigma));
            (anchor.OffsetU, anchor.OffsetV) = (u - landmarks.U[i], v - landmarks.V[i]);
            (landmarks.U[i], landmarks.V[i]) = (u, v);
        }
        var refined = pose;
        return _pose.TryRefine(camera, ref refined) ? refined : pose;
    }

    private static double Posterior(double sigma, double prior) => 1 / (1 / (sigma * sigma) + 1 / (prior * prior));

    private void AddAnchors(ImageLandmarks landmarks, LandmarkVisibility view)
    {
        var cameraToHead = _headToCamera!.Value.Inverse();
        for (var i = 0; i < landmarks.Count; i++)
        {
            if (!view.Visible[i] || view.Surfaces[i] is not { } surface)
                continue;
            // How well it is seen, by the network and by the depth: the network drags what is turned away over what is not.
            var cosine = Math.Min(view.Cosines[i], surface.CosineOfIncidence);
            var old = _anchors[i];
            if (cosine < (old?.Cosine + BetterCosine ?? LeastCosine))
                continue;
            var (u, v) = (landmarks.U[i], landmarks.V[i]);
            var (columnStep, rowStep) = surface.Tangents();
            (columnStep, rowStep) = (cameraToHead.Rotate(columnStep), cameraToHead.Rotate(rowStep));
            var coarse = LandmarkTemplate.Take(_image, u, v, CoarseSpacing, columnStep, rowStep);
            var fine = LandmarkTemplate.Take(_image, u, v, FineSpacing, columnStep, rowStep);
            if (coarse is null || fine is null)
                continue;
            // A better view of a known landmark renews its looks and not its place.
            _anchors[i] = new Anchor(old?.Place ?? cameraToHead.TransformPoint(surface.Nearer(DepthError).Position), coarse, fine, cosine)
            {
                OffsetU = old?.OffsetU ?? 0, OffsetV = old?.OffsetV ?? 0, Sightings = old?.Sightings ?? 1,
            };
        }
    }

    private static GridSteps Project(CameraIntrinsics camera, Vector3d p, Vector3d column, Vector3d row)
    {
        var (fu, fv) = (camera.Fx / p.Z, camera.Fy / p.Z);
        return new GridSteps(
            (float)(fu * (column.X - column.Z * p.X / p.Z)), (float)(fv * (column.Y - column.Z * p.Y / p.Z)),
            (float)(fu * (row.X - row.Z * p.X / p.Z)), (float)(fv * (row.Y - row.Z * p.Y / p.Z)));
    }

    private sealed class Anchor(Vector3d place, LandmarkTemplate coarse, LandmarkTemplate fine, double cosine)
    {
        public Vector3d Place { get; set; } = place;
        public int Sightings { get; set; } = 1;
        public LandmarkTemplate Coarse { get; } = coarse;
        public LandmarkTemplate Fine { get; } = fine;
        public double Cosine { get; } = cosine;
        public double OffsetU { get; set; }
        public double OffsetV { get; set; }
    }
}
