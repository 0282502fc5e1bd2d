namespace FaceRecon.Tests;

public class BoxFilterTests
{
    [Theory]
    [InlineData(1, 1, 2, 1)]
    [InlineData(17, 3, 2, 1)]
    [InlineData(9, 14, 2, 2)]
    [InlineData(8, 8, 4, 1)]
    public void Is_the_mean_of_the_square_around(int width, int height, int radius, int passes)
    {
        var random = new Random(width);
        var values = Enumerable.Range(0, width * height).Select(_ => 255 * random.NextSingle()).ToArray();
        var expected = values;
        for (var pass = 0; pass < passes; pass++)
            expected = Mean(expected, width, height, radius);
        BoxFilter.Blur(values, width, radius, passes);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    private static float[] Mean(float[] values, int width, int height, int radius)
    {
        var means = new float[values.Length];
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            var sum = 0.0;
            for (var dy = -radius; dy <= radius; dy++)
            for (var dx = -radius; dx <= radius; dx++)
                sum += values[Math.Clamp(y + dy, 0, height - 1) * width + Math.Clamp(x + dx, 0, width - 1)];
            means[y * width + x] = (float)(sum / ((2 * radius + 1) * (2 * radius + 1)));
        }
        return means;
    }
}
