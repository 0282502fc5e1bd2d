namespace FaceRecon;

/// <summary>One landmark of a face in one frame: a named part, where the image shows it and where it is in space.</summary>
public sealed record SemanticKeypoint
{
    /// <summary>Its name in the scheme: RightEyeInnerCorner, NoseTip. Right and left are the subject's.</summary>
    public required string Name { get; init; }
    /// <summary>Column in the image, pixels; (0,0) is the centre of the top left pixel.</summary>
    public required double U { get; init; }
    /// <summary>Row in the image, pixels.</summary>
    public required double V { get; init; }
    /// <summary>Standard deviation of U and of V, pixels.</summary>
    public double Sigma { get; init; } = 1;
    /// <summary>Whether the camera sees this part: not turned away, not behind the nose, not off the face; and, held to the skin, once well seen and where it was then. What is not visible is a model's guess and no measurement.</summary>
    public bool IsVisible { get; init; } = true;
    /// <summary>
    /// Where it is, metres, camera frame; null where there is no depth. Held to the skin, it is the depth under the pixel less by what
    /// all depths of the frame are too great, as the size of the head in the image shows.
    /// </summary>
    public Vector3d? Position { get; init; }
    /// <summary>Uncertainty of <see cref="Position"/>, square metres, from that of the pixel and that of the depth.</summary>
    public Covariance3d Covariance { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Name} ({U:0.0}, {V:0.0}){(IsVisible ? "" : ", hidden")}");
}
