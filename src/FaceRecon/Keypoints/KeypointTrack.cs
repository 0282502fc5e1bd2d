namespace FaceRecon;

/// <summary>One place of the face in all frames that show it.</summary>
/// <param name="Observations">Where it was seen, by frame; two or more, none two of one frame.</param>
public sealed record KeypointTrack(IReadOnlyList<KeypointObservation> Observations)
{
    /// <summary>Number of frames that show it.</summary>
    public int Length => Observations.Count;

    /// <inheritdoc/>
    public override string ToString() => $"{Length} frames, {Observations[0].Frame} to {Observations[^1].Frame}";
}

/// <summary>A structural keypoint of a frame.</summary>
/// <param name="Frame">Which of the frames that the tracks were built from, by position in their list.</param>
/// <param name="Keypoint">Which of its <see cref="KeypointSet.Structural"/>.</param>
public readonly record struct KeypointObservation(int Frame, int Keypoint);
