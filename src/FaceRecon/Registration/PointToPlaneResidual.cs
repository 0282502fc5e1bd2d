namespace FaceRecon;

/// <summary>The distance from the model's tangent plane (Chen and Medioni 1992), over its standard deviation.</summary>
internal struct PointToPlaneResidual : IIcpResidual
{
    public static bool TakesVectors => false;
    public static int Patience => 1;
    public static int Rows => 1;

    public readonly void Begin(Keyframe frame, ModelSample sample)
    {
    }

    public readonly float Distance(in IcpPair pair) => pair.Distance;

    public readonly float Add(in IcpPair pair, float robust, ResidualColumns columns)
    {
        var weight = robust / (pair.FrameVariance + pair.ModelVariance);
        columns.Add(pair.X, pair.Y, pair.Z, pair.NormalX, pair.NormalY, pair.NormalZ, pair.Distance, MathF.Sqrt(weight));
        return weight;
    }
}
