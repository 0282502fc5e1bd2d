namespace FaceRecon.Tests;

public sealed class KeypointLifterTests
{
    [Fact]
    public void A_slanted_plane_is_met_between_pixels()
    {
        // n.P = d with n = (0.3, -0.2, 1): z = d / (n.ray).
        static double Depth(double u, double v) => 0.4 / (0.3 * (u - 98) / 300 - 0.2 * (v - 81) / 310 + 1);
        var cloud = KeypointTestData.Surface(Depth);
        var lifted = KeypointLifter.Lift(new SemanticKeypoint { Name = "Somewhere", U = 120.37, V = 60.81 }, cloud);
        Assert.NotNull(lifted.Position);
        Assert.Equal(Depth(120.37, 60.81), lifted.Position.Value.Z, 5);
        Assert.Equal((120.37 - 98) / 300 * lifted.Position.Value.Z, lifted.Position.Value.X, 9);
    }

    [Theory]
    [InlineData(99.4, 0.4)]
    [InlineData(99.6, 0.5)]
    public void At_an_edge_of_depth_the_nearer_pixels_surface_is_taken_whole(double u, double expected)
    {
        var cloud = KeypointTestData.Surface((column, _) => column < 99.5 ? 0.4 : 0.5);
        Assert.Equal(expected, KeypointLifter.Surface(cloud, u, 70)!.Value.Position.Z, 4);
    }

    [Fact]
    public void Without_depth_there_is_no_position_and_nothing_is_seen()
    {
        var cloud = KeypointTestData.Surface((u, _) => u < 100 ? 0.4 : 0);
        foreach (var u in (double[])[150, -3, 1e9, double.NaN])
        {
            var lifted = KeypointLifter.Lift(new SemanticKeypoint { Name = "Nowhere", U = u, V = 70, Position = Vector3d.Zero }, cloud);
            Assert.Null(lifted.Position);
            Assert.False(lifted.IsVisible);
        }
    }

    [Fact]
    public void Covariance_is_that_of_the_perturbed_pixel_and_depth()
    {
        static double Depth(double u, double v) => 0.4 / (0.5 * (u - 98) / 300 + 0.1 * (v - 81) / 310 + 1);
        var camera = new CameraIntrinsics(200, 160, 300, 310, 98, 81);
        var (u0, v0, sigma) = (130.0, 50.0, 0.7);
        var surface = new SurfacePoint(camera.BackProject(u0, v0, Depth(u0, v0)), new Vector3d(-0.5, -0.1, -1).Normalized(), 0.001, camera);
        var depthSigma = Math.Sqrt(surface.DepthSigma * surface.DepthSigma + DepthNoise.Systematic * DepthNoise.Systematic);
        double xx = 0, xz = 0, yy = 0, zz = 0;
        // The plus-minus points of an unscented transform of three independent errors.
        foreach (var (du, dv, dz) in ((double, double, double)[])[(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)])
        {
            var (u, v) = (u0 + du * sigma, v0 + dv * sigma);
            var d = camera.BackProject(u, v, Depth(u, v) + dz * depthSigma) - camera.BackProject(u0, v0, Depth(u0, v0));
            (xx, xz, yy, zz) = (xx + d.X * d.X / 2, xz + d.X * d.Z / 2, yy + d.Y * d.Y / 2, zz + d.Z * d.Z / 2);
        }
        var covariance = surface.Covariance(sigma);
        Assert.Equal(1, covariance.Xx / xx, 0.03);
        Assert.Equal(1, covariance.Xz / xz, 0.03);
        Assert.Equal(1, covariance.Yy / yy, 0.03);
        Assert.Equal(1, covariance.Zz / zz, 0.03);
    }
}
