namespace FaceRecon.Tests;

public sealed class SurfaceTurnTests
{
    private const double Degree = Math.PI / 180;

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(70)]
    public void A_ridge_turns_by_its_angle(double degrees)
    {
        // Two planes that meet in a vertical line before pixel 98; each leans back by half the angle.
        var lean = Math.Tan(degrees / 2 * Degree);
        var cloud = KeypointTestData.Surface((u, _) => 0.4 / (1 - lean * Math.Abs(u - 98) / 300));
        Assert.Equal(degrees, Turn(cloud, 98, 81) / Degree, 0.1 * degrees + 0.5);
    }

    [Fact]
    public void A_ball_turns_a_little_and_a_slanted_plane_not_at_all()
    {
        // Least squares over half a disc of h = k (a^2 + b^2) / 2: 0.61 of 11 mm over 80 mm.
        var ball = KeypointTestData.Surface((u, v) => Ball((u - 98) / 300, (v - 81) / 310, radius: 0.08, center: 0.45));
        Assert.InRange(Turn(ball, 98, 81) / Degree, 4.4, 5.6);
        // As on the ball's side: the disc lies on the surface and not in the image.
        Assert.InRange(Turn(ball, 130, 81) / Degree, 4.2, 5.8);
        var plane = KeypointTestData.Surface((u, v) => 0.4 / (1 + 0.8 * (u - 98) / 300 - 0.4 * (v - 81) / 310));
        Assert.InRange(Turn(plane, 120, 60) / Degree, 0, 0.5);
    }

    private static double Turn(FramePointCloud cloud, double u, double v) =>
        SurfaceTurn.Measure(cloud, KeypointLifter.Surface(cloud, u, v)!.Value, u, v)!.Value.Turn;

    private static double Ball(double x, double y, double radius, double center)
    {
        // |z (x, y, 1) - (0, 0, center)| = radius.
        var a = x * x + y * y + 1;
        var root = center * center - a * (center * center - radius * radius);
        return root > 0 ? (center - Math.Sqrt(root)) / a : 0;
    }
}
