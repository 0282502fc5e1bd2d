namespace FaceRecon;

/// <summary>A semantic landmark of a merged face: the mean of where the frames that see it have it.</summary>
/// <param name="Name">Its name in the scheme; right and left are the subject's.</param>
/// <param name="Position">World, metres.</param>
/// <param name="Views">Frames that see it.</param>
public sealed record FaceLandmark(string Name, Vector3d Position, int Views)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Name} ({1000 * Position.X:0.0}, {1000 * Position.Y:0.0}, {1000 * Position.Z:0.0}) mm, {Views} views");
}
