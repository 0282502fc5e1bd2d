namespace FaceRecon.Tests;

public sealed class HeadCoverageTests
{
    // A head of 60 pixels radius, 8 cm at 0.4 m, before a wall: a landmark every few pixels over its half.
    private static double Share(double shift)
    {
        var cloud = KeypointTestData.Surface((u, v) => (u - 98) * (u - 98) + (v - 81) * (v - 81) < 60 * 60 ? 0.4 : 0.7);
        var landmarks = new ImageLandmarks(400);
        var depths = new double[400];
        for (var i = 0; i < 400; i++)
        {
            var (radius, angle) = (57 * Math.Sqrt(i / 400.0), 2.4 * i);
            (landmarks.U[i], landmarks.V[i]) = (98 + shift + radius * Math.Cos(angle), 81 + radius * Math.Sin(angle));
            depths[i] = KeypointLifter.Surface(cloud, landmarks.U[i], landmarks.V[i])?.Position.Z is < 0.5 and var z ? z : 0;
        }
        return HeadCoverage.Share(landmarks, depths, cloud);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    // 4 mm.
    [InlineData(3, 0.99, 1)]
    // 27 mm.
    [InlineData(20, 0.6, 0.95)]
    [InlineData(-20, 0.6, 0.95)]
    public void Landmarks_beside_the_head_are_counted(double shift, double least, double most) => Assert.InRange(Share(shift), least, most);

    [Fact]
    public void Without_depth_and_outside_of_the_image_nothing_is_known()
    {
        var landmarks = new ImageLandmarks(3);
        Assert.Equal(1, HeadCoverage.Share(landmarks, new double[3], KeypointTestData.Surface((_, _) => 0.4)));
        landmarks.U.AsSpan().Fill(-50);
        Assert.Equal(1, HeadCoverage.Share(landmarks, [0.4, 0.4, 0.4], KeypointTestData.Surface((_, _) => 0.4)));
    }
}
