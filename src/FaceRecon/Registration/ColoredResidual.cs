namespace FaceRecon;

/// <summary>
/// The distance from the model's tangent plane, and the difference in luminance (Park, Zhou and Koltun, Colored Point Cloud
/// Registration Revisited, ICCV 2017): the model's luminance is continued from its point over the tangent plane by its gradient
/// and compared with the frame's. The frame's exposure is first brought to the model's by the ratio of their sums over the pairs.
/// </summary>
internal struct ColoredResidual : IIcpResidual
{
    // The paper's two terms have no common unit and a weight of 0.968 between them. Here both are whitened: a luminance is off by
    // 0.025, by shading more than by noise, where a depth is off by 0.4 mm.
    private const float MetresPerLuminance = 0.016f;
    private const float MostDifference = 0.1f;

    private Keyframe _frame;
    private ModelSample _sample;
    private float _exposure, _frameSum, _modelSum;

    public static bool TakesVectors => true;
    public static int Patience => 1;
    public static int Rows => 2;

    public void Begin(Keyframe frame, ModelSample sample)
    {
        (_frame, _sample) = (frame, sample);
        _exposure = _frameSum > 0 ? _modelSum / _frameSum : 0;
        (_frameSum, _modelSum) = (0, 0);
    }

    public readonly float Distance(in IcpPair pair) => pair.Distance;

    public float Add(in IcpPair pair, float robust, ResidualColumns columns)
    {
        var weight = robust / (pair.FrameVariance + pair.ModelVariance);
        var root = MathF.Sqrt(weight);
        columns.Add(pair.X, pair.Y, pair.Z, pair.NormalX, pair.NormalY, pair.NormalZ, pair.Distance, root);
        var seen = Luminance(pair.Column, pair.Row);
        var known = _sample.Luminance[pair.Index];
        if (!(seen > 0) || float.IsNaN(known))
            return weight;
        _frameSum += seen;
        _modelSum += known;
        if (_exposure == 0)
            return weight;
        float gx = _sample.GradientX[pair.Index], gy = _sample.GradientY[pair.Index], gz = _sample.GradientZ[pair.Index];
        // The gradient lies in the tangent plane, so that only the step along it counts.
        var difference = known + gx * pair.StepX + gy * pair.StepY + gz * pair.StepZ - _exposure * seen;
        if (MathF.Abs(difference) < MostDifference)
            columns.Add(pair.X, pair.Y, pair.Z, gx, gy, gz, difference, root * MetresPerLuminance);
        return weight;
    }

    /// <summary>Luminance of the frame, 0 to 1, bilinear; 0 at its border.</summary>
    private readonly float Luminance(float column, float row)
    {
        var (x, y) = ((int)column, (int)row);
        if (x < 0 || y < 0 || x + 1 >= _frame.Width || y + 1 >= _frame.Height)
            return 0;
        var (s, t) = (column - x, row - y);
        var i = y * _frame.Width + x;
        var upper = _frame.LuminanceAt(i) * (1 - s) + _frame.LuminanceAt(i + 1) * s;
        var lower = _frame.LuminanceAt(i + _frame.Width) * (1 - s) + _frame.LuminanceAt(i + _frame.Width + 1) * s;
        return upper * (1 - t) + lower * t;
    }
}
