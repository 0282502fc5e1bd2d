namespace FaceRecon;

/// <summary>
/// A model point and the frame's surface on its ray: what the residuals of registration methods are made of. Coordinates are
/// the world's, relative to the centre of the sample.
/// </summary>
internal ref struct IcpPair
{
    /// <summary>The frame's point.</summary>
    public float X, Y, Z;
    /// <summary>From the model's point to the frame's; only where <see cref="IIcpResidual.TakesVectors"/>.</summary>
    public float StepX, StepY, StepZ;
    /// <summary>The model's unit normal.</summary>
    public float NormalX, NormalY, NormalZ;
    /// <summary>The frame's unit normal; only where <see cref="IIcpResidual.TakesVectors"/>.</summary>
    public float FrameNormalX, FrameNormalY, FrameNormalZ;
    /// <summary>Distance of the frame's point from the model's tangent plane, metres.</summary>
    public float Distance;
    /// <summary>Variances of the two surfaces along their normals, square metres.</summary>
    public float FrameVariance, ModelVariance;
    /// <summary>Index of the model's point in the sample.</summary>
    public int Index;
    /// <summary>Where the frame sees it, pixels of the frame's window.</summary>
    public float Column, Row;
}

/// <summary>
/// What a registration method minimises: for each pair one or more residuals r = a . d with d from the model's point to the
/// frame's and a direction a, as rows (arm x a, a | r).
/// </summary>
internal interface IIcpResidual
{
    /// <summary>Most rows a pair.</summary>
    static abstract int Rows { get; }
    /// <summary>Whether more of the pair is looked at than its <see cref="IcpPair.Distance"/>.</summary>
    static abstract bool TakesVectors { get; }
    /// <summary>Factor on the iterations of a level: methods that creep along the surface take more.</summary>
    static abstract int Patience { get; }
    /// <summary>Called before every pass over the sample.</summary>
    void Begin(Keyframe frame, ModelSample sample);
    /// <summary>The distance by which the robust kernel judges the pair, metres; signed or not.</summary>
    float Distance(in IcpPair pair);
    /// <summary>Adds the pair's rows with its robust weight, 0 to 1.</summary>
    /// <returns>The weight of the squared <see cref="Distance"/>, for the root mean square.</returns>
    float Add(in IcpPair pair, float robust, ResidualColumns columns);
}
