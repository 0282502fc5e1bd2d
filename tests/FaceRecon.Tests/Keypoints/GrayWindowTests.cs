namespace FaceRecon.Tests;

public class GrayWindowTests
{
    private const int Width = 64, Height = 48;

    // Bilinear sampling and smoothing both leave a ramp what it is.
    private static double Ramp(double u, double v) => 2 * u + v;

    private static GrayWindow Window()
    {
        var pixels = new byte[3 * Width * Height];
        for (var i = 0; i < Width * Height; i++)
            pixels.AsSpan(3 * i, 3).Fill((byte)Ramp(i % Width, i / Width));
        var window = new GrayWindow();
        window.Load(new ColorImage(Width, Height, pixels), new ImageBox(0, 0, Width, Height), 0);
        return window;
    }

    [Theory]
    [InlineData(9)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(23)]
    public void A_grid_of_any_size_and_slant_has_the_values_of_its_places(int side)
    {
        var values = new float[side * side];
        var half = side / 2;
        Assert.True(Window().TrySample(31.3, 22.6, new GridSteps(0.9f, 0.2f, -0.3f, 0.8f), side, values));
        for (var i = 0; i < values.Length; i++)
        {
            var (column, row) = (i % side - half, i / side - half);
            Assert.Equal(Ramp(31.3 + 0.9 * column - 0.3 * row, 22.6 + 0.2 * column + 0.8 * row), values[i], 0.001);
        }
    }

    [Fact]
    public void A_grid_that_leaves_the_window_is_refused() =>
        Assert.False(Window().TrySample(Width - 5, 20, new GridSteps(1.2f, 0, 0, 1.2f), 9, new float[81]));

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(19)]
    public void Any_number_of_places_has_their_values_and_one_outside_is_refused(int count)
    {
        var (x, y, values) = (new float[count], new float[count], new float[count]);
        for (var i = 0; i < count; i++)
            (x[i], y[i]) = (3.1f + 2.3f * i, 40.7f - 1.9f * i);
        Assert.True(Window().TrySample(x, y, 0.25f, -0.5f, values));
        for (var i = 0; i < count; i++)
            Assert.Equal(Ramp(x[i] + 0.25, y[i] - 0.5), values[i], 0.001);
        for (var i = 0; i < count; i++)
        {
            var inside = x[i];
            x[i] = Width;
            Assert.False(Window().TrySample(x, y, 0.25f, -0.5f, values));
            x[i] = inside;
        }
    }

    // Skin of usual colour: pigment takes green and blue, and little of red; light changes all three by the same share.
    [Fact]
    public void Skin_detail_keeps_more_of_the_pigment_and_less_of_the_light_than_luminance()
    {
        double Contrast(ChannelWeights weights, Func<double, (double Red, double Green, double Blue)> skin)
        {
            var pixels = new byte[3 * Width * Height];
            for (var i = 0; i < Width * Height; i++)
            {
                var (red, green, blue) = skin(Math.Sin(0.9 * (i % Width)) * Math.Cos(0.7 * (i / Width)));
                (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = ((byte)Math.Round(red), (byte)Math.Round(green), (byte)Math.Round(blue));
            }
            var window = new GrayWindow();
            window.Load(pixels, 0, 0, Width, Height, weights);
            window.RemoveShading();
            var sum = 0.0;
            foreach (var value in window.Values)
                sum += value * value;
            return Math.Sqrt(sum / window.Values.Length);
        }
        (double, double, double) Pigment(double t) => (200 * (1 + 0.05 * t), 150 * (1 + 0.085 * t), 130 * (1 + 0.09 * t));
        (double, double, double) Light(double t) => (200 * (1 + 0.08 * t), 150 * (1 + 0.08 * t), 130 * (1 + 0.08 * t));
        (double, double, double) Gray(double t) => (150 + 12 * t, 150 + 12 * t, 150 + 12 * t);

        Assert.InRange(Contrast(ChannelWeights.SkinDetail, Pigment) / Contrast(ChannelWeights.Luminance, Pigment), 1.05, 1.2);
        Assert.InRange(Contrast(ChannelWeights.SkinDetail, Light) / Contrast(ChannelWeights.Luminance, Light), 0.7, 0.85);
        Assert.Equal(1, Contrast(ChannelWeights.SkinDetail, Gray) / Contrast(ChannelWeights.Luminance, Gray), 0.001);
    }
}
