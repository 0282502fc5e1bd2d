namespace FaceRecon.Tests;

public class ProcrustesTests
{
    private static readonly RigidTransform Motion =
        RigidTransform.FromRotationVector(new Vector3d(0.4, -2.1, 0.3), new Vector3d(0.1, -0.2, 0.7));

    private static PointPair[] Pairs(int count, double noise = 0, int wrong = 0)
    {
        var random = new Random(7);
        double Uniform() => 2 * random.NextDouble() - 1;
        Vector3d Draw(double size) => new Vector3d(Uniform(), Uniform(), Uniform()) * size;
        var pairs = new PointPair[count];
        for (var i = 0; i < count; i++)
        {
            var from = Draw(0.08);
            pairs[i] = new PointPair(from, Motion.TransformPoint(from) + (i < wrong ? Draw(0.1) : Draw(noise)), 1e-6);
        }
        return pairs;
    }

    private static double WorstError(RigidTransform found, PointPair[] pairs) =>
        pairs.Max(pair => (found.TransformPoint(pair.From) - Motion.TransformPoint(pair.From)).Length);

    [Fact]
    public void Exact_points_give_the_exact_motion()
    {
        var pairs = Pairs(5);
        Assert.True(WorstError(Procrustes.Align(pairs)!.Value, pairs) < 1e-12);
        Assert.True(WorstError(Procrustes.Align(pairs.AsSpan(0, 3))!.Value, pairs) < 1e-9);
    }

    [Fact]
    public void A_point_of_large_variance_hardly_counts()
    {
        var pairs = Pairs(10);
        pairs[4] = new PointPair(pairs[4].From, pairs[4].To + new Vector3d(0.05, 0, 0), 1);
        Assert.True(WorstError(Procrustes.Align(pairs)!.Value, pairs) < 1e-6);
        pairs[4] = pairs[4] with { Variance = 1e-6 };
        Assert.True(WorstError(Procrustes.Align(pairs)!.Value, pairs) > 1e-3);
    }

    [Fact]
    public void Points_on_a_line_or_fewer_than_three_have_no_motion()
    {
        var line = Enumerable.Range(0, 8).Select(i => new PointPair(new Vector3d(0.01 * i, 0, 0), new Vector3d(0, 0.01 * i, 0), 1e-6)).ToArray();
        Assert.Null(Procrustes.Align(line));
        Assert.Null(Procrustes.Align(Pairs(2)));
        Assert.Null(Procrustes.AlignRobustly(line, 0.005, 4));
    }

    [Fact]
    public void Four_in_ten_wrong_pairs_are_told_from_the_right_ones()
    {
        var pairs = Pairs(60, noise: 0.001, wrong: 24);
        var found = Procrustes.AlignRobustly(pairs, 0.005, 20)!.Value;
        Assert.InRange(found.Inliers, 36, 38);
        Assert.True(WorstError(found.Motion, pairs) < 0.001, $"off by {WorstError(found.Motion, pairs) * 1000:0.00} mm");
        Assert.True(WorstError(Procrustes.Align(pairs)!.Value, pairs) > 0.003);
        Assert.Equal(found, Procrustes.AlignRobustly(pairs, 0.005, 20)!.Value);
    }

    [Fact]
    public void Too_few_agreeing_pairs_are_no_motion() => Assert.Null(Procrustes.AlignRobustly(Pairs(30, wrong: 28), 0.003, 10));

    [Fact]
    public void What_a_shape_does_not_hold_has_no_observability()
    {
        var (ball, box) = (new ResidualColumns(2000), new ResidualColumns(2000));
        var random = new Random(3);
        for (var i = 0; i < 2000; i++)
        {
            var n = new Vector3d(random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5).Normalized();
            ball.Add(0.1f * (float)n.X, 0.1f * (float)n.Y, 0.1f * (float)n.Z, (float)n.X, (float)n.Y, (float)n.Z, 0, 1);
            Span<float> p = [(float)n.X, (float)n.Y, (float)n.Z], face = [0, 0, 0];
            face[i % 3] = 1;
            p[i % 3] = 1;
            box.Add(0.1f * p[0], 0.1f * p[1], 0.1f * p[2], face[0], face[1], face[2], 0, 1);
        }
        Assert.True(NormalEquations.FromColumns(ball).Observability(0.1) < 1e-3);
        Assert.True(NormalEquations.FromColumns(box).Observability(0.1) > 0.3);
    }
}
