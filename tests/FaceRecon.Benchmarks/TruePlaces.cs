namespace FaceRecon.Benchmarks;

/// <summary>Followed places without their error: what could be gained by following them better, at most.</summary>
internal static class TruePlaces
{
    /// <summary>Moves each view of a place to where the true pose of its frame shows the point that fits all of its views best.</summary>
    /// <param name="tracks">The places.</param>
    /// <param name="frames">The frames that show them.</param>
    /// <param name="truth">The true poses.</param>
    public static List<TrackView[]> Of(List<TrackView[]> tracks, IReadOnlyList<Keyframe> frames, GroundTruth truth)
    {
        var poses = frames.Select(frame => truth.Trajectory[frame.Index].CameraToWorld).ToArray();
        return tracks.ConvertAll(track => Nearest(track, frames, poses) is not { } point ? track : Array.ConvertAll(track, view =>
        {
            var (u, v) = frames[view.Frame].Camera.Project(poses[view.Frame].Inverse().TransformPoint(point));
            return view with { Pixel = view.Pixel with { U = u, V = v } };
        }));
    }

    // The point nearest to all rays: the sum of (I - d d') (x - o) is 0. Null where they are parallel.
    private static Vector3d? Nearest(TrackView[] track, IReadOnlyList<Keyframe> frames, RigidTransform[] poses)
    {
        var (across, right) = (default(SymmetricMatrix3), Vector3d.Zero);
        foreach (var (frame, pixel) in track)
        {
            var pose = poses[frame];
            var ray = pose.Rotate(frames[frame].Camera.BackProject(pixel.U, pixel.V, 1)).Normalized();
            across += new SymmetricMatrix3(1, 0, 0, 1, 0, 1) + -1 * SymmetricMatrix3.Outer(ray);
            right += pose.Translation - Vector3d.Dot(ray, pose.Translation) * ray;
        }
        return across.TryFactor(out var factor) ? factor.SolveTransposed(factor.Solve(right)) : null;
    }
}
