namespace FaceRecon;

/// <summary>
/// Plane to plane (Segal, Haehnel and Thrun, Generalized-ICP, RSS 2009): the vector between the points, whitened by the sum
/// of their covariances, each small along its normal and a thousand times larger across.
/// </summary>
internal struct GeneralizedResidual : IIcpResidual
{
    // Variance across the surface over that along its normal: the paper's 1 / epsilon.
    private const float Flatness = 1000;

    public static bool TakesVectors => true;
    public static int Patience => 1;
    public static int Rows => 3;

    public readonly void Begin(Keyframe frame, ModelSample sample)
    {
    }

    public readonly float Distance(in IcpPair pair) => pair.Distance;

    public readonly float Add(in IcpPair pair, float robust, ResidualColumns columns)
    {
        // C = s (Flatness I + (1 - Flatness) n n') of each surface, added up; lower triangle.
        float f = pair.FrameVariance, m = pair.ModelVariance, across = Flatness * (f + m);
        f *= 1 - Flatness;
        m *= 1 - Flatness;
        var xx = across + f * pair.FrameNormalX * pair.FrameNormalX + m * pair.NormalX * pair.NormalX;
        var yx = f * pair.FrameNormalY * pair.FrameNormalX + m * pair.NormalY * pair.NormalX;
        var yy = across + f * pair.FrameNormalY * pair.FrameNormalY + m * pair.NormalY * pair.NormalY;
        var zx = f * pair.FrameNormalZ * pair.FrameNormalX + m * pair.NormalZ * pair.NormalX;
        var zy = f * pair.FrameNormalZ * pair.FrameNormalY + m * pair.NormalZ * pair.NormalY;
        var zz = across + f * pair.FrameNormalZ * pair.FrameNormalZ + m * pair.NormalZ * pair.NormalZ;
        // C = L L'; the rows of inverse(L) whiten. Rounding must not make a pivot vanish.
        var least = 1e-4f * (pair.FrameVariance + pair.ModelVariance);
        var l00 = MathF.Sqrt(MathF.Max(xx, least));
        var l10 = yx / l00;
        var l11 = MathF.Sqrt(MathF.Max(yy - l10 * l10, least));
        var l20 = zx / l00;
        var l21 = (zy - l20 * l10) / l11;
        var l22 = MathF.Sqrt(MathF.Max(zz - l20 * l20 - l21 * l21, least));
        var root = MathF.Sqrt(robust);
        var a0 = 1 / l00;
        AddRow(pair, a0, 0, 0, root, columns);
        var (b0, b1) = (-l10 * a0 / l11, 1 / l11);
        AddRow(pair, b0, b1, 0, root, columns);
        AddRow(pair, -(l20 * a0 + l21 * b0) / l22, -l21 * b1 / l22, 1 / l22, root, columns);
        return robust / (pair.FrameVariance + pair.ModelVariance);
    }

    private static void AddRow(in IcpPair pair, float ax, float ay, float az, float root, ResidualColumns columns) =>
        columns.Add(pair.X, pair.Y, pair.Z, ax, ay, az, ax * pair.StepX + ay * pair.StepY + az * pair.StepZ, root);
}
