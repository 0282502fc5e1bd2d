namespace FaceRecon.Tests;

public class RectificationMapTests
{
    private static RectificationMap Shift(double du, double dv) => new(4, 3, (u, v) => (u + du, v + dv), 0.01);

    [Fact]
    public void Identity_changes_nothing()
    {
        var color = TinyCapture.Color(3, 4, 3);
        float[] depth = [0, 1, 2, 3, 0.5f, 0, 0.7f, 0.8f, 9, 8, 7, 6];
        Assert.Equal(color.Pixels, Shift(0, 0).Apply(color).Pixels);
        Assert.Equal(depth, Shift(0, 0).Apply(new DepthImage(4, 3, depth)).Depths);
    }

    [Fact]
    public void Colour_is_bilinear()
    {
        var pixels = new byte[36];
        (pixels[15], pixels[18], pixels[27], pixels[30]) = (100, 200, 40, 60);   // red at (1,1) (2,1) (1,2) (2,2)
        var red = Shift(0.25, 0.5).Apply(new ColorImage(4, 3, pixels)).Pixels[15];
        Assert.Equal(0.5 * (0.75 * 100 + 0.25 * 200) + 0.5 * (0.75 * 40 + 0.25 * 60), red, 0.5);
    }

    [Fact]
    public void Depth_is_interpolated_on_a_surface_and_never_across_an_edge()
    {
        //            surface, then a step of 20 cm, then a hole
        float[] row = [0.500f, 0.504f, 0.700f, 0f];
        var depth = new DepthImage(4, 3, [.. row, .. row, .. row]);
        Assert.Equal([0.501f, 0.504f, 0.7f, 0f], Shift(0.25, 0).Apply(depth).Depths[..4], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0.503f, 0.7f, 0f, 0f], Shift(0.75, 0).Apply(depth).Depths[..4], (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void What_the_source_does_not_show_is_black_and_without_depth()
    {
        var color = Shift(2, 0).Apply(TinyCapture.Color(1, 4, 3));
        var depth = Shift(2, 0).Apply(new DepthImage(4, 3, [.. Enumerable.Repeat(0.5f, 12)]));
        for (var y = 0; y < 3; y++)
        {
            Assert.Equal([0.5f, 0.5f, 0, 0], depth.Depths[(4 * y)..(4 * y + 4)]);
            Assert.All(color.Pixels[(12 * y + 6)..(12 * y + 12)], c => Assert.Equal(0, c));
        }
        var nowhere = new RectificationMap(4, 3, (_, _) => (double.NaN, 1e300), 0.01);
        Assert.All(nowhere.Apply(depth).Depths, z => Assert.Equal(0, z));
    }
}
