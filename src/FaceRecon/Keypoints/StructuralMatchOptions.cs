namespace FaceRecon;

/// <summary>How structural keypoints of two frames are matched.</summary>
public sealed record StructuralMatchOptions
{
    /// <summary>
    /// Without a known pose: largest ratio of the descriptors' distance to that of the second best, 0 to 1 (Lowe, 2004). Skin looks
    /// alike in many places, and the geometry sorts out what is wrong, so that this may let through more than is usual.
    /// </summary>
    public double MaximumRatio { get; init; } = 0.95;

    /// <summary>Smallest dot product of two descriptors that may match, -1 to 1.</summary>
    public double MinimumSimilarity { get; init; } = 0.6;

    /// <summary>
    /// Largest distance of two positions after the motion between the frames, in standard deviations of their difference. 3 keeps 97 %
    /// of what is right (chi-squared, three degrees of freedom).
    /// </summary>
    public double Gate { get; init; } = 3;

    /// <summary>
    /// Standard deviation of where a known relative pose puts a point, metres: how far such poses, say of ICP, are off.
    /// </summary>
    public double PoseSigma { get; init; } = 0.002;

    /// <summary>Fewest matches; two frames with fewer have none, because that many agree by chance.</summary>
    public int MinimumMatches { get; init; } = 12;

    /// <summary>Draws the samples of the geometric verification; the same seed gives the same matches.</summary>
    public int Seed { get; init; } = 1;
}
