namespace FaceRecon;

/// <summary>
/// A place without a name where the face's shape turns: the fold beside the nose, the rim of the cheek. It is known again in
/// another frame by what the image looks like around it.
/// </summary>
public sealed record StructuralKeypoint
{
    /// <summary>Column in the image, pixels; (0,0) is the centre of the top left pixel.</summary>
    public required double U { get; init; }
    /// <summary>Row in the image, pixels.</summary>
    public required double V { get; init; }
    /// <summary>Standard deviation of U and of V, pixels.</summary>
    public double Sigma { get; init; } = 0.5;
    /// <summary>How strongly the detector answered; only comparable within one detector.</summary>
    public double Strength { get; init; }
    /// <summary>The angle at which the planes of the surface on the two sides of the point meet, radians.</summary>
    public double Turn { get; init; }
    /// <summary>Where it is, metres, camera frame; null where there is no depth.</summary>
    public Vector3d? Position { get; init; }
    /// <summary>Uncertainty of <see cref="Position"/>, square metres, from that of the pixel and that of the depth.</summary>
    public Covariance3d Covariance { get; init; }
    /// <summary>What the image looks like around it, as a vector of unit length: the larger the dot product of two, the more alike they are. Only comparable within one detector.</summary>
    public ReadOnlyMemory<float> Descriptor { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"({U:0.0}, {V:0.0}), turn {Turn * 180 / Math.PI:0} deg");
}
