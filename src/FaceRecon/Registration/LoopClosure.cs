namespace FaceRecon;

/// <summary>
/// Brings the poses of kept frames into agreement with what pairs of them say: neighbours in time, and frames far apart in time
/// that see the same side of the head, each registered to the other alone.
/// </summary>
internal static class LoopClosure
{
    // Neighbours are these many frames apart; a loop is closed by frames further apart than the second number.
    private const int Neighbours = 2, LeastApart = 8;
    private const double SameSide = 12 * Math.PI / 180;
    private const int LoopsPerFrame = 4;
    private const double LeastInliers = 0.6;
    // Neighbouring pixels' errors are alike, so that thousands of them count as some tens.
    private const double IndependentShare = 0.01;
    private const int PointsPerFrame = 20000;

    /// <summary>The corrected poses of the frames, in their order; the first stays.</summary>
    public static RigidTransform[] Close(IReadOnlyList<Keyframe> frames, PoseSearch search, Vector3d headCenter, int threads, CancellationToken cancellation)
    {
        var pairs = PairsOf(frames);
        var clouds = new PointCloud[frames.Count];
        Parallel.For(0, frames.Count, Threads.Options(threads, cancellation), i => clouds[i] = PointsOf(frames[i]));
        var edges = new PoseEdge?[pairs.Count];
        Parallel.For(0, pairs.Count, Threads.Options(threads, cancellation), k =>
        {
            var (from, to) = pairs[k];
            var relative = frames[from].Pose.Inverse() * frames[to].Pose;
            var result = search.Refine(frames[to], new RegistrationModel(clouds[from], null, frames[from].HeadCenter), relative, cancellation);
            if (search.Failure(result) is null && result.InlierRatio > LeastInliers && result.Equations is { } equations)
                edges[k] = new PoseEdge(from, to, result.Pose, equations.Information(IndependentShare));
        });
        var found = edges.OfType<PoseEdge>().ToList();
        // What frame-to-model registration says holds frames to which no pair was found.
        for (var i = 1; i < frames.Count; i++)
            found.Add(new PoseEdge(i - 1, i, frames[i - 1].Pose.Inverse() * frames[i].Pose, ModelInformation));
        return PoseGraph.Optimize([.. frames.Select(frame => frame.Pose)], found, headCenter, cancellation);
    }

    // 0.3 mm, and as much 7 cm away.
    private static double[] ModelInformation
    {
        get
        {
            var information = new double[36];
            for (var i = 0; i < 6; i++)
                information[7 * i] = (i < 3 ? 0.07 * 0.07 : 1) / (0.0003 * 0.0003);
            return information;
        }
    }

    private static List<(int From, int To)> PairsOf(IReadOnlyList<Keyframe> frames)
    {
        var pairs = new List<(int From, int To)>();
        for (var to = 1; to < frames.Count; to++)
        {
            for (var from = Math.Max(0, to - Neighbours); from < to; from++)
                pairs.Add((from, to));
            pairs.AddRange(Enumerable.Range(0, Math.Max(0, to - LeastApart))
                .Select(from => (from, Angle: (frames[from].Pose.Inverse() * frames[to].Pose).RotationAngle))
                .Where(loop => loop.Angle < SameSide).OrderBy(loop => loop.Angle).Take(LoopsPerFrame).Select(loop => (loop.from, to)));
        }
        return pairs;
    }

    private static PointCloud PointsOf(Keyframe frame)
    {
        var stride = Math.Max(1, (int)Math.Sqrt((double)frame.Count / PointsPerFrame));
        var pixels = new List<int>();
        for (var row = 0; row < frame.Height; row += stride)
        for (var column = 0; column < frame.Width; column += stride)
            if (frame.Weight[row * frame.Width + column] > 0)
                pixels.Add(row * frame.Width + column);
        var cloud = new PointCloud(pixels.Count);
        for (var k = 0; k < pixels.Count; k++)
        {
            var i = pixels[k];
            var point = frame.Camera.BackProject(frame.Left + i % frame.Width, frame.Top + i / frame.Width, frame.Z[i]);
            (cloud.X[k], cloud.Y[k], cloud.Z[k]) = ((float)point.X, (float)point.Y, (float)point.Z);
            (cloud.NormalX[k], cloud.NormalY[k], cloud.NormalZ[k]) = (frame.NormalX[i], frame.NormalY[i], frame.NormalZ[i]);
            cloud.Sigma[k] = frame.Sigma[i];
        }
        return cloud;
    }
}
