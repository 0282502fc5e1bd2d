namespace FaceRecon.Tests;

public class ColorFillTests
{
    [Fact]
    public void A_point_seen_only_at_an_outline_takes_the_colour_around_it_and_one_without_neighbours_keeps_its_own()
    {
        // A sure grey plate of 3 cm, an unsure green point on it, an unsure red one 10 cm away.
        var cloud = new PointCloud(902);
        var confidence = new float[902];
        for (var i = 0; i < 900; i++)
        {
            (cloud.X[i], cloud.Y[i], confidence[i]) = (0.001f * (i % 30), 0.001f * (i / 30), 1);
            cloud.Colors.AsSpan(3 * i, 3).Fill(120);
        }
        (cloud.X[900], cloud.Y[900], cloud.Colors[3 * 900 + 1]) = (0.015f, 0.015f, 255);
        (cloud.X[901], cloud.Colors[3 * 901], confidence[901]) = (0.13f, 255, 0.1f);
        ColorFill.Fill(cloud, confidence);
        Assert.Equal([120, 120, 120], cloud.Colors[2700..2703]);
        Assert.Equal([255, 0, 0], cloud.Colors[2703..2706]);
        Assert.Equal([120, 120, 120], cloud.Colors[..3]);
    }
}
