namespace FaceRecon;

/// <summary>
/// From where the face was seen, and how much of it there is. Angles are those of the camera in the face's own frame: yaw 0 in
/// front of it and positive on the subject's left, pitch 0 level with it and positive above.
/// </summary>
public sealed record CoverageReport
{
    /// <summary>Least yaw of an accepted frame, degrees: the most to the subject's right.</summary>
    public required double YawFromDegrees { get; init; }
    /// <summary>Largest yaw of an accepted frame, degrees.</summary>
    public required double YawToDegrees { get; init; }
    /// <summary>Least pitch of an accepted frame, degrees.</summary>
    public required double PitchFromDegrees { get; init; }
    /// <summary>Largest pitch of an accepted frame, degrees.</summary>
    public required double PitchToDegrees { get; init; }
    /// <summary>
    /// Share of the face (the area that the landmarks span, forehead to chin and ear to ear) over which there is surface, 0 to 1;
    /// holes of less than some 2 mm count as surface. Null where no landmarks tell where the face is.
    /// </summary>
    public double? FaceShare { get; init; }
    /// <summary>Landmarks that were seen by at least one frame.</summary>
    public int Landmarks { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"seen from {YawFromDegrees:0} to {YawToDegrees:0} degrees around, {PitchFromDegrees:0} to {PitchToDegrees:0} in height{(FaceShare is { } share ? FormattableString.Invariant($"; surface over {100 * share:0.0} % of the face") : "")}");

    internal static CoverageReport Of(IEnumerable<FaceView> views, double? faceShare, int landmarks)
    {
        var list = views.ToArray();
        return new CoverageReport
        {
            YawFromDegrees = list.Min(view => view.YawDegrees),
            YawToDegrees = list.Max(view => view.YawDegrees),
            PitchFromDegrees = list.Min(view => view.PitchDegrees),
            PitchToDegrees = list.Max(view => view.PitchDegrees),
            FaceShare = faceShare is { } share ? Math.Round(share, 4) : null,
            Landmarks = landmarks,
        };
    }
}

/// <summary>From where a frame's camera saw the face, in the face's own frame.</summary>
/// <param name="YawDegrees">0 in front of the face, positive on the subject's left.</param>
/// <param name="PitchDegrees">0 level with the face, positive above.</param>
internal sealed record FaceView(double YawDegrees, double PitchDegrees)
{
    internal static FaceView Of(FaceCloud face, FramePose frame)
    {
        var d = face.Upright.ToYUp().Rotate(frame.CameraToWorld.Translation - face.HeadCenter);
        return new FaceView(Degrees(Math.Atan2(d.X, d.Z)), Degrees(Math.Atan2(d.Y, Math.Sqrt(d.X * d.X + d.Z * d.Z))));
    }

    private static double Degrees(double radians) => Math.Round(radians * 180 / Math.PI, 1);
}
