using System.Numerics;

namespace FaceRecon.Tests;

public class SensorErrorTests
{
    private static readonly CameraIntrinsics Camera = new(320, 240, 290, 290, 159.5, 119.5);

    [Fact]
    public void Noise_has_the_stated_size_and_grows_with_the_square_of_the_distance()
    {
        var near = ResidualDeviation(NoiseLevel.Light, 0.5f);
        // 0.35 mm of noise; the steps of the disparity add a little.
        Assert.InRange(near, 0.00034, 0.00042);
        Assert.InRange(ResidualDeviation(NoiseLevel.Light, 1) / near, 3.6, 4.4);
        Assert.InRange(ResidualDeviation(NoiseLevel.Heavy, 0.5f), 0.00095, 0.0012);
    }

    [Fact]
    public void Noise_of_neighbouring_pixels_is_correlated_and_of_distant_ones_not()
    {
        var residual = Residual(NoiseLevel.Light, 0.5f);
        Assert.InRange(Correlation(residual, 1), 0.4, 0.8);
        Assert.InRange(Correlation(residual, 12), -0.05, 0.05);
    }

    [Theory]
    [InlineData(NoiseLevel.Light, 0.0011, 0.0020)]
    [InlineData(NoiseLevel.Heavy, 0.0022, 0.0038)]
    public void The_smooth_bias_has_the_stated_size(NoiseLevel level, double low, double high)
    {
        var sum = 0.0;
        for (var seed = 1; seed <= 40; seed++)
        {
            var sensor = new DepthSensor(SensorError.Of(level, 1), Camera, seed);
            var error = sensor.Bias(sensor.BiasOf(3), 140, 100, 0.45) - 0.45;
            sum += error * error;
        }
        Assert.InRange(Math.Sqrt(sum / 40), low, high);
    }

    [Fact]
    public void The_scale_multiplies_the_error()
    {
        var (once, twice) = (SensorError.Of(NoiseLevel.Light, 1), SensorError.Of(NoiseLevel.Light, 2));
        Assert.Equal(2 * once.Noise, twice.Noise, 12);
        Assert.Equal(2 * once.CommonBias, twice.CommonBias, 12);
        Assert.Equal(SensorError.Of(NoiseLevel.None, 1), SensorError.Of(NoiseLevel.Heavy, 0));
    }

    [Fact]
    public void Without_error_the_depth_is_what_it_was()
    {
        var exact = Wall(0.5f);
        Assert.Equal(exact.Depths, new DepthSensor(SensorError.Of(NoiseLevel.None, 1), Camera, 1).Sense(exact, 0));
    }

    [Fact]
    public void An_edge_casts_a_shadow_on_its_right_and_flying_pixels_beside_it()
    {
        var exact = Wall(1);
        for (var v = 60; v < 180; v++)
            exact.Depths.AsSpan(v * 320 + 100, 100).Fill(0.5f);
        var depth = new DepthSensor(SensorError.Of(NoiseLevel.Light, 1), Camera, 1).Sense(exact, 0);
        // Disparity of a baseline of 25 mm: 14.5 pixels at half a metre, half of that at one.
        Assert.All(Enumerable.Range(201, 5), u => Assert.Equal(0, depth[120 * 320 + u]));
        Assert.All(Enumerable.Range(210, 50), u => Assert.True(depth[120 * 320 + u] > 0));
        Assert.All(Enumerable.Range(40, 50), u => Assert.True(depth[120 * 320 + u] > 0));
        var flying = Enumerable.Range(60, 120).Count(v => depth[v * 320 + 100] is > 0.55f and < 0.95f);
        Assert.InRange(flying, 10, 50);
    }

    [Fact]
    public void Depth_is_lost_where_the_surface_is_grazed_and_in_the_dark()
    {
        var exact = Wall(0.5f);
        var (grazed, dark) = (0, 0);
        for (var v = 0; v < 240; v++)
            for (var u = 0; u < 320; u++)
            {
                // On the left a wall seen at 84 degrees, on the right a black one.
                if (u < 100)
                    exact.Depths[v * 320 + u] = 0.5f * MathF.Exp(-9.5f * (100 - u) / 290);
                if (u > 220)
                    exact.Light[v * 320 + u] = Vector3.Zero;
            }
        var depth = new DepthSensor(SensorError.Of(NoiseLevel.Light, 1) with { Baseline = 0 }, Camera, 1).Sense(exact, 0);
        for (var v = 0; v < 240; v++)
        {
            grazed += depth.AsSpan(v * 320 + 2, 90).Count(0f);
            dark += depth.AsSpan(v * 320 + 225, 90).Count(0f);
            Assert.Equal(0, depth.AsSpan(v * 320 + 120, 90).Count(0f));
        }
        Assert.True(grazed > 0.9 * 240 * 90);
        Assert.InRange(dark, 0.1 * 240 * 90, 0.6 * 240 * 90);
    }

    [Fact]
    public void The_bias_field_is_the_spline_that_its_file_describes()
    {
        var field = BiasField.Random(4, 3, 0.001, new SplitMix(5, 5));
        var image = new float[64 * 48];
        field.AddTo(image, 64, 48);
        foreach (var (u, v) in new[] { (0, 0), (63, 47), (17, 30), (40, 5) })
        {
            var (x, y) = (1 + (field.Columns - 3) * u / 63.0, 1 + (field.Rows - 3) * v / 47.0);
            var sum = 0.0;
            for (var j = 0; j < field.Rows; j++)
                for (var i = 0; i < field.Columns; i++)
                    sum += field.Controls[j * field.Columns + i] * CubicSpline(x - i) * CubicSpline(y - j);
            Assert.Equal(sum, field.At(u, v, 64, 48), 8);
            Assert.Equal(sum, image[v * 64 + u], 8);
        }
    }

    [Fact]
    public void Random_numbers_have_the_moments_they_claim()
    {
        var random = new SplitMix(9, 1);
        double sum = 0, squares = 0, uniform = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var x = random.Normal(i);
            sum += x;
            squares += x * x;
            uniform += random.Uniform(i);
        }
        Assert.InRange(sum / 200_000, -0.01, 0.01);
        Assert.InRange(squares / 200_000, 0.99, 1.01);
        Assert.InRange(uniform / 200_000, 0.495, 0.505);
        Assert.NotEqual(new SplitMix(9, 2).Bits(0), random.Bits(0));
    }

    private static double CubicSpline(double x)
    {
        var a = Math.Abs(x);
        return a < 1 ? 2.0 / 3 - a * a + a * a * a / 2 : a < 2 ? (2 - a) * (2 - a) * (2 - a) / 6 : 0;
    }

    private static ExactFrame Wall(float z)
    {
        var frame = new ExactFrame(new float[320 * 240], new Vector3[320 * 240], new bool[320 * 240]);
        frame.Depths.AsSpan().Fill(z);
        frame.Light.AsSpan().Fill(new Vector3(0.5f));
        return frame;
    }

    private static float[] Residual(NoiseLevel level, float z)
    {
        var sensor = new DepthSensor(SensorError.Of(level, 1), Camera, 7);
        var (depth, bias) = (sensor.Sense(Wall(z), 4), sensor.BiasOf(4));
        for (var i = 0; i < depth.Length; i++)
            depth[i] -= (float)sensor.Bias(bias, i % 320, i / 320, z);
        return depth;
    }

    private static double ResidualDeviation(NoiseLevel level, float z) => Math.Sqrt(Residual(level, z).Average(r => (double)r * r));

    private static double Correlation(float[] x, int lag)
    {
        double product = 0, square = 0;
        for (var i = 0; i + lag < x.Length; i++)
        {
            product += (double)x[i] * x[i + lag];
            square += (double)x[i] * x[i];
        }
        return product / square;
    }
}
