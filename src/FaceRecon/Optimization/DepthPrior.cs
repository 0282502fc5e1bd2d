namespace FaceRecon;

/// <summary>
/// What is believed of a depth sensor before it is seen at work: standard deviations of its errors. They also hold the
/// gauge: a shared error that is constant, linear or radial looks almost like other poses, another size of the head, another
/// focal length, and without a prior runs away along them.
/// </summary>
public sealed record DepthPrior
{
    /// <summary>Of a frame's depth offset, metres.</summary>
    public double Offset { get; init; } = 0.002;
    /// <summary>Of a frame's depth scale.</summary>
    public double Scale { get; init; } = 0.006;
    /// <summary>Of the controls of the shared spline, metres: a bump as large as a span.</summary>
    public double Shared { get; init; } = 0.0025;
    /// <summary>Of the controls of a frame's own spline, metres.</summary>
    public double Own { get; init; } = 0.002;
    /// <summary>Of the mean of the shared correction over the head, of its slopes and its bowl, metres.</summary>
    public double Mode { get; init; } = 0.0005;
    /// <summary>Of the mean of all frames' scales.</summary>
    public double MeanScale { get; init; } = 0.0005;
    /// <summary>Of the logarithm of the focal length, where it is refined.</summary>
    public double Focal { get; init; } = 0.03;
}
