namespace FaceRecon;

/// <summary>
/// Joins the matches of many pairs of frames into tracks: neighbours in time, and frames that see the same side of the face.
/// </summary>
public static class KeypointTracks
{
    /// <summary>Builds the tracks of a video.</summary>
    /// <param name="frames">The frames' keypoints, in order.</param>
    /// <param name="cameraToWorld">A pose for each frame, where known approximately: they narrow the search, and tell which frames see the same side. Without them frames at growing distances in time are tried.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>Tracks in the order of their first observation; no keypoint is in two, and no track has two of one frame.</returns>
    /// <exception cref="ArgumentException">Another number of poses than of frames.</exception>
    /// <exception cref="FaceReconException"><see cref="ErrorId.InvalidOption"/>: descriptors of two detectors.</exception>
    public static IReadOnlyList<KeypointTrack> Build(
        IReadOnlyList<KeypointSet> frames, IReadOnlyList<RigidTransform>? cameraToWorld = null,
        KeypointTrackOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frames);
        options ??= new KeypointTrackOptions();
        if (cameraToWorld is not null && cameraToWorld.Count != frames.Count)
            throw new ArgumentException($"{frames.Count} frames need as many poses, not {cameraToWorld.Count}.", nameof(cameraToWorld));
        var keypoints = frames.Select(frame => new MatchableKeypoints(frame)).ToArray();
        var pairs = Pairs(frames.Count, cameraToWorld, options);
        var matches = new KeypointMatch[pairs.Count][];
        try
        {
            Parallel.For(0, pairs.Count, Threads.Options(options.Threads, cancellation), k =>
            {
                var (i, j) = pairs[k];
                RigidTransform? prior = cameraToWorld is null ? null : cameraToWorld[i].Inverse() * cameraToWorld[j];
                matches[k] = StructuralMatcher.Match(keypoints[i], keypoints[j], prior, options.Matching, out _);
            });
        }
        catch (AggregateException e) when (e.InnerException is FaceReconException cause)
        {
            throw cause;
        }
        return Join(frames, pairs, matches, options.MinimumLength);
    }

    /// <summary>The pairs of frames to match, the earlier frame first.</summary>
    internal static IReadOnlyList<(int First, int Second)> Pairs(int count, IReadOnlyList<RigidTransform>? cameraToWorld, KeypointTrackOptions options)
    {
        var pairs = new SortedSet<(int, int)>();
        for (var i = 0; i < count; i++)
            for (var j = i + 1; j <= Math.Min(i + options.Reach, count - 1); j++)
                pairs.Add((i, j));
        for (var i = 0; i < count; i++)
            foreach (var j in cameraToWorld is null ? Distant(i, count, options) : SameSide(i, cameraToWorld, options))
                pairs.Add((Math.Min(i, j), Math.Max(i, j)));
        return [.. pairs];
    }

    // Twice as far each time: near ones are sure, and a far one bridges much.
    private static IEnumerable<int> Distant(int frame, int count, KeypointTrackOptions options)
    {
        var distance = 2 * Math.Max(options.Reach, 1);
        for (var k = 0; k < options.Loops && frame + distance < count; k++, distance *= 2)
            yield return frame + distance;
    }

    // Of the frames that see the same side those furthest in time: they tie together what has drifted apart.
    private static IEnumerable<int> SameSide(int frame, IReadOnlyList<RigidTransform> cameraToWorld, KeypointTrackOptions options)
    {
        // The angle about the head, which is the same whether the head turns or the camera.
        var near = new List<int>();
        for (var j = 0; j < cameraToWorld.Count; j++)
            if (Math.Abs(j - frame) > options.Reach && (cameraToWorld[frame].Inverse() * cameraToWorld[j]).RotationAngle < options.MaximumLoopAngle)
                near.Add(j);
        // Evenly over all of them, so that no two are of the same moment.
        var taken = Math.Min(options.Loops, near.Count);
        for (var k = 0; k < taken; k++)
            yield return near[(int)((k + 0.5) * near.Count / taken)];
    }

    // The most alike first; a match that would put two keypoints of one frame into one track is one of several of which some is wrong, and is left out.
    private static List<KeypointTrack> Join(IReadOnlyList<KeypointSet> frames, IReadOnlyList<(int First, int Second)> pairs, KeypointMatch[][] matches, int least)
    {
        var starts = new int[frames.Count + 1];
        for (var i = 0; i < frames.Count; i++)
            starts[i + 1] = starts[i] + frames[i].Structural.Count;
        var links = new List<(float Similarity, int One, int Other)>(matches.Sum(pair => pair.Length));
        for (var k = 0; k < pairs.Count; k++)
            foreach (var match in matches[k])
                links.Add((match.Similarity, starts[pairs[k].First] + match.First, starts[pairs[k].Second] + match.Second));
        links.Sort((a, b) => a.Similarity != b.Similarity ? b.Similarity.CompareTo(a.Similarity) : a.One != b.One ? a.One.CompareTo(b.One) : a.Other.CompareTo(b.Other));

        var sets = new DisjointSets(starts[^1]);
        var members = new List<KeypointObservation>?[starts[^1]];
        foreach (var (_, one, other) in links)
        {
            var (a, b) = (sets.Find(one), sets.Find(other));
            if (a == b)
                continue;
            var (ofA, ofB) = (members[a] ?? [ObservationOf(a, starts)], members[b] ?? [ObservationOf(b, starts)]);
            if (ofA.Exists(x => ofB.Exists(y => y.Frame == x.Frame)))
                continue;
            sets.Union(a, b);
            ofA.AddRange(ofB);
            (members[a], members[b]) = (null, null);
            members[sets.Find(a)] = ofA;
        }
        var tracks = new List<KeypointTrack>();
        for (var root = 0; root < members.Length; root++)
            if (members[root] is { } track && track.Count >= least)
                tracks.Add(new KeypointTrack([.. track.OrderBy(observation => observation.Frame)]));
        return tracks;
    }

    private static KeypointObservation ObservationOf(int item, int[] starts)
    {
        var frame = Array.BinarySearch(starts, item);
        // Frames without keypoints start where the next one does; the last of them holds the item.
        if (frame < 0)
            frame = ~frame - 1;
        while (starts[frame + 1] == item)
            frame++;
        return new KeypointObservation(frame, item - starts[frame]);
    }
}
