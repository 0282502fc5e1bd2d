using System.Globalization;

namespace FaceRecon;

/// <summary>
/// Tells a wrong depth scale by what it does to the scene: a face video shows its nearest content, the head
/// (or a shoulder in front of it), at arm's length.
/// </summary>
internal static class DepthPlausibility
{
    /// <summary>A face is filmed from this near, metres.</summary>
    private const double NearestFace = 0.2;
    /// <summary>A face is filmed from this far, metres.</summary>
    private const double FarthestFace = 1.5;
    /// <summary>Something may be nearer than the face: a shoulder, a chest.</summary>
    private const double NearestContent = 0.15;
    /// <summary>Flying and stray pixels make up less than this share of a depth image.</summary>
    private const double StrayShare = 0.02;
    private const double NearestMedian = 0.05, FarthestMedian = 10;
    private const int Samples = 20_000;
    /// <summary>An image with less depth than this says nothing.</summary>
    private const double FewestShare = 0.01;
    private static readonly double[] UsualScales = [1000, 5000, 10000, 4000, 8000, 1, 100];

    /// <summary>Whether the frame has enough depth to judge by; throws where that depth is none of a face video.</summary>
    /// <param name="frame">Any frame of the capture.</param>
    /// <param name="depthScale">Units per metre that its depth was read with.</param>
    /// <param name="source">The file that states the scale.</param>
    /// <exception cref="FaceReconException"><see cref="ErrorId.DepthScaleInvalid"/>.</exception>
    internal static bool Check(RgbdFrame frame, double depthScale, string source)
    {
        var depths = frame.Depth.Depths;
        var stride = Math.Max(1, depths.Length / Samples);
        var valid = new List<float>(Samples + 1);
        for (var i = 0; i < depths.Length; i += stride)
            if (depths[i] > 0)
                valid.Add(depths[i]);
        if (valid.Count <= FewestShare * (depths.Length / stride))
            return false;
        valid.Sort();
        double nearest = valid[(int)(StrayShare * valid.Count)], median = valid[valid.Count / 2];
        if (nearest is >= NearestContent and <= FarthestFace && median is >= NearestMedian and <= FarthestMedian)
            return true;

        double lowest = Math.Max(nearest * depthScale / FarthestFace, double.Epsilon), highest = nearest * depthScale / NearestFace;
        var usual = UsualScales.FirstOrDefault(scale => scale >= lowest && scale <= highest);
        throw new FaceReconException(ErrorId.DepthScaleInvalid, string.Create(CultureInfo.InvariantCulture,
            $"{source}: with depth_scale {depthScale:0.###} the nearest content of {frame.DepthPath} is at {nearest:0.###} m and the median at {median:0.###} m " +
            $"(stored numbers {nearest * depthScale:0.###} and {median * depthScale:0.###}), but a face is filmed from {NearestFace} to {FarthestFace} m. " +
            $"Either the camera was elsewhere, or depth_scale is wrong: {lowest:0.###} to {highest:0.###}{(usual > 0 ? $", such as {usual}," : "")} would put a face there."),
            source, frame.Index);
    }
}
