namespace FaceRecon;

/// <summary>A place of the face to be followed: a pixel of a frame.</summary>
/// <param name="Frame">Which of the keyframes.</param>
/// <param name="U">Column, pixels.</param>
/// <param name="V">Row, pixels.</param>
internal readonly record struct TrackAnchor(int Frame, double U, double V);

/// <summary>Where a place of the face was found.</summary>
/// <param name="Frame">Which of the keyframes.</param>
/// <param name="Pixel">Where in it.</param>
internal readonly record struct TrackView(int Frame, AlignedPixel Pixel);

/// <summary>
/// Follows structural keypoints through all frames that see them: each is looked for, by what it looks like, where the poses
/// say that it must be. Always the same template is compared, so that nothing drifts.
/// </summary>
internal static class SurfaceTracks
{
    // From further apart in direction the same skin looks too different, radians.
    private const double MostTurn = Math.PI / 3;
    // What a turn adds to the error of a position, pixels a radian: shading, gloss and relief change with the direction of view.
    private const double SigmaOfTurn = 0.6;
    private const double MostDepthDifference = 0.008;
    private const double LeastFacing = 0.4;
    private const float LeastTrust = 0.2f;
    private const int LeastViews = 3;

    // Anchors come from frames that look this differently, radians, and keep this distance, pixels at 640 columns.
    private const double AnchorTurn = 10 * Math.PI / 180;
    private const double Spacing = 7;

    /// <summary>The strongest structural keypoints, evenly over frames that look at the face from different sides.</summary>
    public static List<TrackAnchor> ChooseAnchors(IReadOnlyList<Keyframe> frames, RigidTransform[] poses, int most)
    {
        var chosen = new List<int>();
        for (var k = 0; k < frames.Count; k++)
            if (frames[k].Keypoints is { Structural.Count: > 0 } && chosen.TrueForAll(other => (poses[k].Inverse() * poses[other]).RotationAngle > AnchorTurn))
                chosen.Add(k);
        var anchors = new List<TrackAnchor>();
        foreach (var k in chosen)
        {
            var spacing = Spacing * frames[k].Camera.Width / 640;
            var own = new List<TrackAnchor>();
            foreach (var keypoint in frames[k].Keypoints!.Structural)
            {
                if (own.Count == most / chosen.Count)
                    break;
                if (own.TrueForAll(other => Math.Abs(other.U - keypoint.U) > spacing || Math.Abs(other.V - keypoint.V) > spacing))
                    own.Add(new TrackAnchor(k, keypoint.U, keypoint.V));
            }
            anchors.AddRange(own);
        }
        return anchors;
    }

    /// <summary>Looks for each anchor in all frames.</summary>
    /// <param name="model">The merged cloud, whose relief is free of the noise of single frames.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="poses">Their poses, camera-to-world.</param>
    /// <param name="anchors">What to look for.</param>
    /// <param name="threads">Threads; 0 for all cores.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>For each anchor that was found in some frames, where.</returns>
    public static List<TrackView[]> Follow(
        PointCloud model, IReadOnlyList<Keyframe> frames, RigidTransform[] poses, IReadOnlyList<TrackAnchor> anchors, int threads, CancellationToken cancellation)
    {
        const int Batch = 16;
        if (anchors.Count == 0)
            return [];
        var options = Threads.Options(threads, cancellation);
        var grays = new GrayWindow[frames.Count];
        var depths = new float[frames.Count][];
        var isAnchor = new bool[frames.Count];
        foreach (var anchor in anchors)
            isAnchor[anchor.Frame] = true;
        Parallel.For(0, frames.Count, options, k =>
        {
            grays[k] = new GrayWindow();
            grays[k].Load(frames[k].Colors, frames[k].Left, frames[k].Top, frames[k].Width, frames[k].Height, ChannelWeights.SkinDetail);
            grays[k].RemoveShading();
            if (isAnchor[k])
                depths[k] = ModelDepth.Render(model, frames[k], poses[k]);
        });
        var inverses = Array.ConvertAll(poses, pose => pose.Inverse());
        var tracks = new TrackView[anchors.Count][];
        Parallel.For(0, (anchors.Count + Batch - 1) / Batch, options, batch =>
        {
            var alignment = new TemplateAlignment();
            var views = new List<TrackView>(frames.Count);
            for (var i = Batch * batch; i < Math.Min(Batch * (batch + 1), anchors.Count); i++)
            {
                var anchor = anchors[i];
                views.Clear();
                if (SurfaceTemplate.Take(frames[anchor.Frame], depths[anchor.Frame], grays[anchor.Frame], anchor.U, anchor.V) is { } template)
                {
                    // Outwards from the anchor's frame: what one frame is off by, the next is off by about as well.
                    Search(anchor.Frame, 1);
                    views.Reverse();
                    Search(anchor.Frame - 1, -1);
                    views.Reverse();

                    void Search(int first, int step)
                    {
                        var (shiftU, shiftV) = (0.0, 0.0);
                        for (var k = first; k >= 0 && k < frames.Count; k += step)
                            if (Find(template, inverses[k] * poses[anchor.Frame], frames[k], grays[k], alignment, ref shiftU, ref shiftV) is { } pixel)
                                views.Add(new TrackView(k, pixel));
                    }
                }
                tracks[i] = [.. views];
            }
        });
        return [.. tracks.Where(track => track.Length >= LeastViews)];
    }

    private static AlignedPixel? Find(SurfaceTemplate template, RigidTransform toFrame, Keyframe frame, GrayWindow gray, TemplateAlignment alignment, ref double shiftU, ref double shiftV)
    {
        var expected = toFrame.TransformPoint(template.Middle);
        var turn = Math.Acos(Math.Clamp(Vector3d.Dot(toFrame.Rotate(template.Middle).Normalized(), expected.Normalized()), -1, 1));
        if (turn > MostTurn || !Shows(frame, expected) || alignment.Find(template, toFrame, frame, gray, shiftU, shiftV) is not { } pixel || !Shows(frame, pixel))
            return null;
        var (u, v) = frame.Camera.Project(expected);
        (shiftU, shiftV) = (pixel.U - u, pixel.V - v);
        var variance = SigmaOfTurn * SigmaOfTurn * turn * turn;
        return pixel with { Uu = pixel.Uu + variance, Vv = pixel.Vv + variance };
    }

    private static bool Shows(Keyframe frame, Vector3d point)
    {
        if (point.Z <= 0.05)
            return false;
        var (u, v) = frame.Camera.Project(point);
        var z = frame.DepthAt((float)u, (float)v, out var nearest);
        return z > 0 && Math.Abs(z - point.Z) < MostDepthDifference && frame.Facing[nearest] > LeastFacing;
    }

    private static bool Shows(Keyframe frame, AlignedPixel pixel) =>
        frame.DepthAt((float)pixel.U, (float)pixel.V, out var nearest) > 0 && frame.ColorTrust[nearest] > LeastTrust;
}
