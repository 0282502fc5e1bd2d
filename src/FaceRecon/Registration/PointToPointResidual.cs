namespace FaceRecon;

/// <summary>
/// The vector from the model's point to the nearest of the frame's surface (Besl and McKay 1992). Nearest is the foot of
/// the perpendicular on the tangent plane of the frame where the model's point is seen, so that no search is needed.
/// </summary>
internal struct PointToPointResidual : IIcpResidual
{
    public static bool TakesVectors => true;
    public static int Patience => 5;
    public static int Rows => 3;

    public readonly void Begin(Keyframe frame, ModelSample sample)
    {
    }

    public readonly float Distance(in IcpPair pair) => AlongFrameNormal(pair);

    public readonly float Add(in IcpPair pair, float robust, ResidualColumns columns)
    {
        var along = AlongFrameNormal(pair);
        float dx = along * pair.FrameNormalX, dy = along * pair.FrameNormalY, dz = along * pair.FrameNormalZ;
        // The foot: the model's point moved by d.
        float x = pair.X - pair.StepX + dx, y = pair.Y - pair.StepY + dy, z = pair.Z - pair.StepZ + dz;
        var weight = robust / (pair.FrameVariance + pair.ModelVariance);
        var root = MathF.Sqrt(weight);
        columns.Add(x, y, z, 1, 0, 0, dx, root);
        columns.Add(x, y, z, 0, 1, 0, dy, root);
        columns.Add(x, y, z, 0, 0, 1, dz, root);
        return weight;
    }

    private static float AlongFrameNormal(in IcpPair pair) =>
        pair.StepX * pair.FrameNormalX + pair.StepY * pair.FrameNormalY + pair.StepZ * pair.FrameNormalZ;
}
