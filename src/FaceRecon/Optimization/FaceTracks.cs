namespace FaceRecon;

/// <summary>The keypoints that several frames show: what the joint optimisation brings together.</summary>
/// <param name="Semantic">Landmarks by name, each where frames see it.</param>
/// <param name="Structural">Nameless places, each where it was found again.</param>
internal sealed record FaceTracks(List<TrackView[]> Semantic, List<TrackView[]> Structural)
{
    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => Semantic.Count + Structural.Count == 0;

    /// <summary>Collects landmarks and follows structural keypoints through all frames, as far as the options weigh them.</summary>
    public static FaceTracks Collect(FaceCloud face, OptimizeOptions options, CancellationToken cancellation)
    {
        var frames = face.Keyframes;
        var poses = frames.Select(frame => frame.Pose).ToArray();
        var semantic = options.SemanticWeight > 0 ? SemanticTracks.Collect(frames) : [];
        var anchors = options.StructuralWeight > 0 ? SurfaceTracks.ChooseAnchors(frames, poses, options.MaximumTracks) : [];
        var structural = SurfaceTracks.Follow(face.Model, frames, poses, anchors, options.MaxThreads, cancellation);
        return new FaceTracks(semantic, options.DisturbTracks?.Invoke(structural) ?? structural);
    }
}
