namespace FaceRecon;

/// <summary>How good a merged face is, told from the face itself: no truth is needed. Lengths in millimetres, angles in degrees.</summary>
public sealed record FaceCloudQuality
{
    private FaceCloudQuality() { }

    /// <summary>Points of the merged cloud.</summary>
    public int Points { get; private init; }
    /// <summary>Frames that are part of it.</summary>
    public int Accepted { get; private init; }
    /// <summary>Frames that were left out.</summary>
    public int Rejected { get; private init; }
    /// <summary>Median over the accepted frames of the root mean square distance to the model: how well frames agree.</summary>
    public double ResidualMedianMillimetre { get; private init; }
    /// <summary>The distance that 95 % of the accepted frames stay below.</summary>
    public double Residual95Millimetre { get; private init; }
    /// <summary>Median standard deviation of a point, by the noise of the frames that saw it. The sensor's systematic error is not in it.</summary>
    public double NoiseMedianMillimetre { get; private init; }
    /// <summary>The standard deviation that 95 % of the points stay below.</summary>
    public double Noise95Millimetre { get; private init; }
    /// <summary>How far around the head the cameras went, from the outermost on one side to the outermost on the other.</summary>
    public double CoverageDegrees { get; private init; }
    /// <summary>The least observability of an accepted frame's pose; below 0.05 it may have slid along the surface.</summary>
    public double WeakestPose { get; private init; }
    /// <summary>Landmarks that were seen.</summary>
    public int Landmarks { get; private init; }
    /// <summary>The sensor's error that the optimisation found and took out, root mean square; null without optimisation.</summary>
    public double? DepthErrorMillimetre { get; private init; }
    /// <summary>How far the optimisation moved the poses; null without it.</summary>
    public double? PoseChangeMillimetre { get; private init; }

    /// <summary>Measures a face.</summary>
    public static FaceCloudQuality Of(FaceCloud face)
    {
        ArgumentNullException.ThrowIfNull(face);
        var accepted = face.Frames.Where(frame => frame.Accepted).ToList();
        double[] residuals = [.. accepted.Where(frame => frame.ResidualRms > 0).Select(frame => 1000 * frame.ResidualRms).Order()];
        var sigmas = Array.ConvertAll(face.Geometry.Sigma, sigma => 1000.0 * sigma);
        Array.Sort(sigmas);
        return new FaceCloudQuality
        {
            Points = face.Geometry.Count,
            Accepted = accepted.Count,
            Rejected = face.RejectedCount,
            ResidualMedianMillimetre = Quantile(residuals, 0.5),
            Residual95Millimetre = Quantile(residuals, 0.95),
            NoiseMedianMillimetre = Quantile(sigmas, 0.5),
            Noise95Millimetre = Quantile(sigmas, 0.95),
            CoverageDegrees = Math.Round(Coverage(face, accepted), 1),
            WeakestPose = Math.Round(accepted.Min(frame => frame.Observability), 4),
            Landmarks = face.Landmarks.Count,
            DepthErrorMillimetre = face.Optimization?.DepthErrorMillimetre,
            PoseChangeMillimetre = face.Optimization?.PoseChangeMillimetre,
        };
    }

    private static double Quantile(double[] sorted, double share) => sorted.Length == 0 ? 0 : Math.Round(sorted[(int)(share * (sorted.Length - 1))], 4);

    // The directions to the cameras from the centre of the head, around its axis; from the middle one, so that the seam is behind the head.
    private static double Coverage(FaceCloud face, List<FramePose> frames)
    {
        var up = face.Upright.Up.Normalized();
        var directions = frames.Select(frame => frame.CameraToWorld.Translation - face.HeadCenter).Select(to => to - Vector3d.Dot(to, up) * up).ToList();
        var middle = directions.Aggregate(Vector3d.Zero, (sum, direction) => sum + direction.Normalized());
        var side = Vector3d.Cross(up, middle);
        var angles = directions.Select(direction => Math.Atan2(Vector3d.Dot(direction, side), Vector3d.Dot(direction, middle))).ToList();
        return (angles.Max() - angles.Min()) * 180 / Math.PI;
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Points} points from {Accepted} of {Accepted + Rejected} frames over {CoverageDegrees:0} degrees, frames agree within {ResidualMedianMillimetre:0.00} mm");
}
