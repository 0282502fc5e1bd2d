namespace FaceRecon;

/// <summary>
/// The luminance of a model's points and its gradient along the surface, by least squares over the points around (Park et al.
/// 2017). Where those are too few, or all on a line, the luminance is NaN.
/// </summary>
internal sealed class ModelLuminance
{
    // Skin differs over a few millimetres; the model's points are 2 mm apart.
    private const float Radius = 0.005f;
    private const int LeastNeighbours = 6;

    private ModelLuminance(int count) =>
        (Value, GradientX, GradientY, GradientZ) = (new float[count], new float[count], new float[count], new float[count]);

    /// <summary>0 to 1.</summary>
    public float[] Value { get; }
    /// <summary>1/m, in the tangent plane.</summary>
    public float[] GradientX { get; }
    public float[] GradientY { get; }
    public float[] GradientZ { get; }

    public static ModelLuminance Of(PointCloud model)
    {
        var luminance = new ModelLuminance(model.Count);
        var cells = new Dictionary<(int, int, int), List<int>>();
        for (var i = 0; i < model.Count; i++)
        {
            var cell = CellOf(model, i);
            if (!cells.TryGetValue(cell, out var members))
                cells[cell] = members = new List<int>(32);
            members.Add(i);
        }
        var own = new float[model.Count];
        for (var i = 0; i < own.Length; i++)
            own[i] = ChannelWeights.Luminance.Of(model.Colors[3 * i], model.Colors[3 * i + 1], model.Colors[3 * i + 2]) / 255;
        Parallel.For(0, model.Count, i => luminance.Fit(model, own, cells, i));
        return luminance;
    }

    private static (int X, int Y, int Z) CellOf(PointCloud model, int i) =>
        ((int)MathF.Floor(model.X[i] / Radius), (int)MathF.Floor(model.Y[i] / Radius), (int)MathF.Floor(model.Z[i] / Radius));

    // L(x) = c + g . (x - p) with g in the tangent plane: three unknowns in the axes (s, t) of that plane.
    private void Fit(PointCloud model, float[] own, Dictionary<(int, int, int), List<int>> cells, int i)
    {
        var normal = new Vector3d(model.NormalX[i], model.NormalY[i], model.NormalZ[i]);
        var s = Vector3d.Cross(normal, Math.Abs(normal.X) < 0.6 ? new Vector3d(1, 0, 0) : new Vector3d(0, 1, 0)).Normalized();
        var t = Vector3d.Cross(normal, s);
        var (n, sumS, sumT, ss, st, tt, l, ls, lt) = (0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        var (cx, cy, cz) = CellOf(model, i);
        for (var z = cz - 1; z <= cz + 1; z++)
        for (var y = cy - 1; y <= cy + 1; y++)
        for (var x = cx - 1; x <= cx + 1; x++)
        {
            if (!cells.TryGetValue((x, y, z), out var members))
                continue;
            foreach (var k in members)
            {
                var offset = new Vector3d(model.X[k] - model.X[i], model.Y[k] - model.Y[i], model.Z[k] - model.Z[i]);
                // Not the far side of a thin part.
                if (offset.LengthSquared > Radius * Radius || normal.X * model.NormalX[k] + normal.Y * model.NormalY[k] + normal.Z * model.NormalZ[k] < 0.5)
                    continue;
                var (a, b) = (Vector3d.Dot(offset, s), Vector3d.Dot(offset, t));
                n++;
                (sumS, sumT, ss, st, tt) = (sumS + a, sumT + b, ss + a * a, st + a * b, tt + b * b);
                (l, ls, lt) = (l + own[k], ls + own[k] * a, lt + own[k] * b);
            }
        }
        Value[i] = float.NaN;
        if (n < LeastNeighbours)
            return;
        // With the means taken out the constant falls away.
        (ss, st, tt) = (ss - sumS * sumS / n, st - sumS * sumT / n, tt - sumT * sumT / n);
        (ls, lt) = (ls - l * sumS / n, lt - l * sumT / n);
        var determinant = ss * tt - st * st;
        if (determinant < 1e-3 * (ss + tt) * (ss + tt))
            return;
        var (gs, gt) = ((tt * ls - st * lt) / determinant, (ss * lt - st * ls) / determinant);
        var gradient = s * gs + t * gt;
        Value[i] = (float)((l - gs * sumS - gt * sumT) / n);
        (GradientX[i], GradientY[i], GradientZ[i]) = ((float)gradient.X, (float)gradient.Y, (float)gradient.Z);
    }
}
