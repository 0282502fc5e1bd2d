namespace FaceRecon;

/// <summary>How a frame becomes a cloud. Lengths in metres, angles in radians.</summary>
public sealed record PointCloudOptions
{
    /// <summary>Nearest depth that counts. TrueDepth-class sensors see from about 0.15 m.</summary>
    public double MinimumDepth { get; init; } = 0.15;

    /// <summary>Farthest depth that counts: noise grows with z^2, and a face beyond this has no detail left.</summary>
    public double MaximumDepth { get; init; } = 1.5;

    /// <summary>
    /// Whether depth is smoothed by edge-aware local linear regression, for clouds that are looked at one by one. Off, points are the
    /// exact back-projection of the depth as read: merging takes the mean of many frames, and the detail that smoothing takes out
    /// of each would be missing in all.
    /// </summary>
    public bool Smooth { get; init; }

    /// <summary>Whether flying pixels, spikes and grazing surfaces are removed.</summary>
    public bool RemoveFlyingPixels { get; init; } = true;

    /// <summary>Largest angle between a surface's normal and the ray that sees it. Beyond it depth is mostly the sensor's guess.</summary>
    public double MaximumIncidence { get; init; } = 80 * Math.PI / 180;

    /// <summary>Whether only the head is kept; off, everything within the depth range is.</summary>
    public bool HeadOnly { get; init; } = true;

    /// <summary>Radius of the ball around the centre of the head that is kept. 0.15 m holds a head from crown to chin and stops above the collar.</summary>
    public double HeadRadius { get; init; } = 0.15;

    /// <summary>
    /// How wrong this camera's depth is, as the joint optimisation of another capture found it; null for none. Its shared part is
    /// added to every depth before anything is made of it, its focal scale multiplies the stated focal lengths, and what
    /// belongs to single frames of that capture is not used.
    /// </summary>
    public DepthCorrection? DepthCorrection { get; init; }
}
