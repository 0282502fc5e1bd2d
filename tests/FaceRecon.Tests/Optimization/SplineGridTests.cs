namespace FaceRecon.Tests;

public class SplineGridTests
{
    private static readonly SplineGrid Grid = new(new ImageBox(10, 20, 200, 120), 5, 3);

    [Fact]
    public void Equal_controls_are_a_constant_everywhere()
    {
        var controls = Enumerable.Repeat(0.7, Grid.Count).ToArray();
        foreach (var (u, v) in new[] { (10.0, 20.0), (77.3, 61.9), (210, 140), (-50, 500) })
            Assert.Equal(0.7, Grid.At(controls, u, v), 1e-6);
    }

    [Fact]
    public void A_ramp_of_controls_is_a_ramp()
    {
        // Control (i, j) stands at column i - 1 of the spans.
        var controls = Enumerable.Range(0, Grid.Count).Select(k => (k % Grid.Columns - 1) * 40.0 + 10).ToArray();
        Assert.Equal(50, Grid.At(controls, 50, 60), 1e-4);
        Assert.Equal(133, Grid.At(controls, 133, 99), 1e-4);
    }

    [Fact]
    public void A_window_has_the_values_of_its_pixels()
    {
        var random = new Random(3);
        var controls = Enumerable.Range(0, Grid.Count).Select(_ => random.NextDouble()).ToArray();
        var window = new float[31 * 17];
        Grid.AddTo(controls, 100, 90, 31, window);
        for (var row = 0; row < 17; row++)
        for (var column = 0; column < 31; column++)
            Assert.Equal(Grid.At(controls, 100 + column, 90 + row), window[row * 31 + column], 1e-5);
    }
}
