using System.Diagnostics;

namespace FaceRecon;

/// <summary>How good the structural keypoints of a synthetic capture are, against its truth.</summary>
internal sealed record KeypointScore
{
    public required double MedianKeypoints { get; init; }
    public required double MedianMatches { get; init; }
    /// <summary>Shares of the matches within so many pixels of the true reprojection.</summary>
    public required double Within1 { get; init; }
    public required double Within15 { get; init; }
    public required double Within25 { get; init; }
    public required double MedianError { get; init; }
    public double MedianTrack { get; init; }
    public double MedianTrackFrames { get; init; }
    public int Tracks { get; init; }
    public double DetectMilliseconds { get; init; }
    public double MatchMilliseconds { get; init; }

    /// <summary>Detects in all frames and matches pairs.</summary>
    /// <param name="clouds">The frames.</param>
    /// <param name="truth">Their truth.</param>
    /// <param name="options">The detector.</param>
    /// <param name="step">Frames between those of a pair.</param>
    /// <param name="every">A pair begins at every so manieth frame.</param>
    /// <param name="repetitions">How often each step is timed; the best counts, so that what another process took is no part of it.</param>
    public static KeypointScore Of(IReadOnlyList<FramePointCloud> clouds, KeypointTruth truth, FaceKeypointOptions options, int step = 1, int every = 1, int repetitions = 3)
    {
        using var semantic = new SemanticKeypointDetector(options);
        using var structural = new StructuralKeypointDetector(options);
        var sets = new KeypointSet[clouds.Count];
        var (detect, match) = (new List<double>(), new List<double>());
        for (var i = 0; i < sets.Length; i++)
        {
            sets[i] = semantic.Detect(clouds[i].Frame, clouds[i]);
            var (cloud, set) = (clouds[i], sets[i]);
            sets[i] = set with { Structural = Timed(() => structural.Detect(cloud, set, CancellationToken.None), detect, repetitions) };
        }
        var counts = new List<double>();
        var errors = new List<double>();
        for (var i = 0; i + step < sets.Length; i += every)
        {
            var (one, other) = (sets[i], sets[i + step]);
            var matches = Timed(() => StructuralMatcher.Match(one, other), match, repetitions);
            counts.Add(matches.Count);
            foreach (var (first, second, _) in matches)
                errors.Add(truth.ReprojectionError(i, sets[i].Structural[first], i + step, sets[i + step].Structural[second]) ?? double.PositiveInfinity);
        }
        var tracks = step == 1 ? KeypointTracks.Build(sets) : [];
        return new KeypointScore
        {
            MedianKeypoints = Median([.. sets.Select(set => (double)set.Structural.Count)]),
            MedianMatches = Median(counts), MedianError = Median(errors),
            Within1 = Share(errors, 1), Within15 = Share(errors, 1.5), Within25 = Share(errors, 2.5),
            Tracks = tracks.Count, MedianTrack = Median([.. tracks.Select(track => (double)track.Length)]),
            // Half of all observations are in tracks at least as long as this.
            MedianTrackFrames = Median([.. tracks.SelectMany(track => Enumerable.Repeat((double)track.Length, track.Length))]),
            DetectMilliseconds = Median(detect), MatchMilliseconds = Median(match),
        };
    }

    private static T Timed<T>(Func<T> run, List<double> milliseconds, int repetitions)
    {
        var (result, best) = (default(T)!, double.MaxValue);
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var start = Stopwatch.GetTimestamp();
            result = run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        milliseconds.Add(best);
        return result;
    }

    private static double Share(List<double> errors, double bound) => errors.Count(error => error <= bound) / (double)Math.Max(errors.Count, 1);

    /// <summary>The middle one of some values, which are sorted; 0 of none.</summary>
    internal static double Median(List<double> values)
    {
        values.Sort();
        return values.Count > 0 ? values[values.Count / 2] : 0;
    }
}
