namespace FaceRecon;

/// <summary>Semantic keypoints correspond by name: a track for each, of all frames that see it.</summary>
internal static class SemanticTracks
{
    /// <summary>The visible landmarks of all frames by name; of the dense scheme the 68 that the common scheme names, for the others lie between them.</summary>
    public static List<TrackView[]> Collect(IReadOnlyList<Keyframe> frames)
    {
        var tracks = new SortedDictionary<string, List<TrackView>>(StringComparer.Ordinal);
        for (var k = 0; k < frames.Count; k++)
        {
            if (frames[k].Keypoints is not { HasFace: true } keypoints)
                continue;
            if (keypoints.Scheme == KeypointScheme.FaceMesh468)
                keypoints = keypoints.ToIbug68();
            foreach (var landmark in keypoints.Semantic)
            {
                if (!landmark.IsVisible || !(landmark.Sigma > 0) || frames[k].DepthAt((float)landmark.U, (float)landmark.V, out _) <= 0)
                    continue;
                if (!tracks.TryGetValue(landmark.Name, out var track))
                    tracks.Add(landmark.Name, track = []);
                // A frame that names a landmark twice names neither.
                if (track.Count > 0 && track[^1].Frame == k)
                    continue;
                var variance = landmark.Sigma * landmark.Sigma;
                track.Add(new TrackView(k, new AlignedPixel(landmark.U, landmark.V, variance, 0, variance, 1)));
            }
        }
        return [.. tracks.Values.Where(track => track.Count >= 2).Select(track => track.ToArray())];
    }
}
