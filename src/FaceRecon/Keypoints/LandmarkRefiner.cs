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
    // What lies between where the network sees a landmark and its anchor, metres: its sliding stays below this.
    private const double MaxOffset = 0.012;
    private const double LeastCorrelation = 0.7;
    // What depth and place may differ by, metres: beyond, one of them is on another surface.
    private const double MaxDifference = 0.01;
    private const int MaxSightings = 30;
    private const double CoarseSpacing = 2, FineSpacing = 1;

    private readonly Anchor?[] _anchors;
    private readonly HeadPose _pose;
    private readonly GrayWindow _image = new();
    private RigidTransform? _headToCamera;

    /// <summary>For models of this many landmarks.</summary>
    public LandmarkRefiner(int count)
    {
        _anchors = new Anchor?[count];
        _pose = new HeadPose(count);
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
    /// <param name="cosines">Cosine of the angle at which the network has each landmark's surface.</param>
    /// <param name="sigmas">Standard deviation of each, pixels; set where a landmark was refined.</param>
    /// <param name="cloud">The frame's points.</param>
    public void Refine(ImageLandmarks landmarks, ReadOnlySpan<bool> visible, ReadOnlySpan<double> cosines, Span<double> sigmas, FramePointCloud cloud)
    {
        _image.Load(cloud.Frame.Color, landmarks.Bounds(), 2 * LandmarkTemplate.Side);
        if (EstimatePose(landmarks, visible, cloud) is { } pose)
        {
            pose = Align(landmarks, visible, sigmas, cloud, pose, CoarseSpacing, 2.0, store: false);
            pose = Align(landmarks, visible, sigmas, cloud, pose, FineSpacing, 1.0, store: true);
            UpdatePlaces(landmarks, visible, cloud, pose.Inverse());
            _headToCamera = pose;
        }
        else
        {
            // The head's frame is the camera's when it is first seen; one that cannot be placed again starts anew.
            Array.Clear(_anchors);
            _headToCamera = RigidTransform.Identity;
        }
        AddAnchors(landmarks, visible, cosines, cloud, _headToCamera.Value.Inverse());
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

    // One frame's depth errs by millimetres over whole regions, which would be pixels from another side: the mean of many frames errs less.
    private void UpdatePlaces(ImageLandmarks landmarks, ReadOnlySpan<bool> visible, FramePointCloud cloud, RigidTransform cameraToHead)
    {
        for (var i = 0; i < landmarks.Count; i++)
        {
            if (_anchors[i] is not { } anchor || !visible[i] || KeypointLifter.Surface(cloud, landmarks.U[i], landmarks.V[i]) is not { } surface)
                continue;
            var difference = cameraToHead.TransformPoint(surface.Position) - anchor.Place;
            if (difference.Length > MaxDifference)
                continue;
            anchor.Sightings = Math.Min(anchor.Sightings + 1, MaxSightings);
            anchor.Place += difference / anchor.Sightings;
        }
    }

    private static double Posterior(double sigma, double prior) => 1 / (1 / (sigma * sigma) + 1 / (prior * prior));

    private void AddAnchors(
        ImageLandmarks landmarks, ReadOnlySpan<bool> visible, ReadOnlySpan<double> cosines, FramePointCloud cloud, RigidTransform cameraToHead)
    {
        for (var i = 0; i < landmarks.Count; i++)
        {
            // How well it is seen, by the network and by the depth: the network drags what is turned away over what is not.
            if (!visible[i] || cosines[i] < (_anchors[i]?.Cosine + BetterCosine ?? LeastCosine))
                continue;
            var old = _anchors[i];
            var (u, v) = (landmarks.U[i], landmarks.V[i]);
            if (old is not null && old.Offset * cloud.Head?.Center.Z / cloud.Intrinsics.Fx > MaxOffset)
            {
                // Seen better now, the landmark is somewhere else: it was anchored to the wrong place.
                (u, v) = (u - old.OffsetU, v - old.OffsetV);
                old = null;
            }
            if (KeypointLifter.Surface(cloud, u, v) is not { } surface || Math.Min(cosines[i], surface.CosineOfIncidence) is var cosine && cosine < (old?.Cosine + BetterCosine ?? LeastCosine))
                continue;
            var (columnStep, rowStep) = surface.Tangents();
            (columnStep, rowStep) = (cameraToHead.Rotate(columnStep), cameraToHead.Rotate(rowStep));
            var coarse = LandmarkTemplate.Take(_image, u, v, CoarseSpacing, columnStep, rowStep);
            var fine = LandmarkTemplate.Take(_image, u, v, FineSpacing, columnStep, rowStep);
            if (coarse is null || fine is null)
                continue;
            (landmarks.U[i], landmarks.V[i]) = (u, v);
            // A better view of a known landmark renews its looks and not its place.
            _anchors[i] = new Anchor(old?.Place ?? cameraToHead.TransformPoint(surface.Position), coarse, fine, cosine)
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
        public double Offset => Math.Sqrt(OffsetU * OffsetU + OffsetV * OffsetV);
    }
}
