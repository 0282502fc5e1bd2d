namespace FaceRecon;

/// <summary>Which way is up for a head, told without keypoints from how it was seen.</summary>
internal static class HeadUpright
{
    // Below this much turning the axis of the turn says nothing.
    private const double LeastTurn = 15 * Math.PI / 180;
    // The neck runs out of the ball that was kept, the crown ends inside it.
    private const double NeckShell = 0.85;

    /// <summary>
    /// From the chin to the crown, world. A capture from ear to ear turns about that line; without
    /// such a turn one of the first camera's four sides must do. The sign is told by the neck.
    /// </summary>
    public static Vector3d Estimate(PointCloud points, Vector3d center, double radius, IReadOnlyList<FramePose> frames)
    {
        Span<Vector3d> candidates = [new(0, -1, 0), new(1, 0, 0), new(-1, 0, 0), new(0, 1, 0)];
        if (TurnAxis(frames) is { } axis)
            candidates = new[] { axis, -axis };
        var best = candidates[0];
        var most = double.NegativeInfinity;
        foreach (var up in candidates)
        {
            var score = NeckBelow(points, center, radius, up);
            if (score > most)
                (best, most) = (up, score);
        }
        return best;
    }

    // The direction that the frames' rotation vectors share most of: the first eigenvector of the sum of r r', by
    // power iteration from the widest. A nod on the way hardly tilts it.
    private static Vector3d? TurnAxis(IReadOnlyList<FramePose> frames)
    {
        var turns = new List<Vector3d>();
        var widest = Vector3d.Zero;
        foreach (var frame in frames)
        {
            if (!frame.Accepted)
                continue;
            var turn = frame.CameraToWorld.LogRotation();
            turns.Add(turn);
            if (turn.LengthSquared > widest.LengthSquared)
                widest = turn;
        }
        if (widest.Length < LeastTurn)
            return null;
        var axis = widest.Normalized();
        for (var iteration = 0; iteration < 50; iteration++)
        {
            var sum = Vector3d.Zero;
            foreach (var turn in turns)
                sum += turn * Vector3d.Dot(turn, axis);
            axis = sum.Normalized();
        }
        return axis;
    }

    /// <summary>Share of the outer shell's points that lie in the cone below less the share in the cone above.</summary>
    private static double NeckBelow(PointCloud points, Vector3d center, double radius, Vector3d up)
    {
        var (below, above, shell) = (0, 0, 1);
        for (var i = 0; i < points.Count; i += 7)
        {
            var offset = new Vector3d(points.X[i], points.Y[i], points.Z[i]) - center;
            var distance = offset.Length;
            if (distance < NeckShell * radius)
                continue;
            shell++;
            var height = Vector3d.Dot(offset, up) / distance;
            if (height < -0.6)
                below++;
            else if (height > 0.6)
                above++;
        }
        return (double)(below - above) / shell;
    }
}
