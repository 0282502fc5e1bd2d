namespace FaceRecon.Tests;

public class DistanceFieldSurfaceTests
{
    private const double Truncation = 0.006;
    private static readonly Vector3d Normal = new Vector3d(0.3, -0.2, 1).Normalized();
    private static readonly Vector3d Center = new(0.01, 0.02, 0.5);

    // The distances from a slanted plane, in the bricks around it.
    private static DistanceField Plane()
    {
        var field = new DistanceField(Center, 0.04, 0.002, Truncation);
        var right = Vector3d.Cross(Normal, new Vector3d(0, 1, 0)).Normalized();
        var down = Vector3d.Cross(Normal, right);
        for (var a = -0.03; a <= 0.03; a += 0.003)
        for (var b = -0.03; b <= 0.03; b += 0.003)
        for (var h = -Truncation; h <= Truncation; h += Truncation / 2)
            field.Touch(Center + right * a + down * b + Normal * h);
        foreach (var brick in field.Bricks)
            for (var i = 0; i < DistanceField.BrickVoxels; i++)
            {
                var distance = Vector3d.Dot(Normal, field.VoxelCenter(brick.X * 8 + (i & 7), brick.Y * 8 + ((i >> 3) & 7), brick.Z * 8 + (i >> 6)) - Center);
                if (Math.Abs(distance) <= Truncation)
                    (brick.Distance[i], brick.Weight[i]) = ((float)distance, 4);
            }
        return field;
    }

    [Fact]
    public void Every_edge_that_a_plane_crosses_has_one_point_also_between_bricks()
    {
        var field = Plane();
        var known = new Dictionary<(int, int, int), float>();
        foreach (var brick in field.Bricks)
            for (var i = 0; i < DistanceField.BrickVoxels; i++)
                if (brick.Weight[i] > 0)
                    known[(brick.X * 8 + (i & 7), brick.Y * 8 + ((i >> 3) & 7), brick.Z * 8 + (i >> 6))] = brick.Distance[i];
        var crossed = 0;
        foreach (var ((x, y, z), here) in known)
            foreach (var next in new[] { (x + 1, y, z), (x, y + 1, z), (x, y, z + 1) })
                if (known.TryGetValue(next, out var there) && (here > 0) != (there > 0))
                    crossed++;

        var points = field.ExtractPoints(0.2f, 1, default);

        Assert.InRange(crossed, 1000, 20000);
        Assert.Equal(crossed, points.Count);
        for (var i = 0; i < points.Count; i++)
        {
            Assert.Equal(0, Vector3d.Dot(Normal, new Vector3d(points.X[i], points.Y[i], points.Z[i]) - Center), 1e-6);
            Assert.Equal(1, Vector3d.Dot(Normal, new Vector3d(points.NormalX[i], points.NormalY[i], points.NormalZ[i])), 1e-5);
            Assert.Equal(0.0005f, points.Sigma[i], 1e-8f);
        }
    }

    [Fact]
    public void Threads_do_not_change_the_points()
    {
        var (one, two) = (Plane().ExtractPoints(0.2f, 1, default), Plane().ExtractPoints(0.2f, 2, default));
        Assert.Equal(one.X, two.X);
        Assert.Equal(one.NormalZ, two.NormalZ);
    }

    [Fact]
    public void Voxels_of_too_little_weight_have_no_points() => Assert.Equal(0, Plane().ExtractPoints(5, 1, default).Count);
}
