namespace FaceRecon.Tests;

/// <summary>
/// That the detector's positions between pixels are right on average: a bias towards pixel centres would be the same in
/// every frame, and so would look like a motion wherever the head moves by part of a pixel.
/// </summary>
public sealed class SubPixelBiasTests
{
    private const int Width = 320, Height = 240, Spacing = 24, Oversampling = 4;
    private static readonly CameraIntrinsics Camera = new(Width, Height, 440, 440, 159.5, 119.5);

    public static TheoryData<double, double> Shifts()
    {
        var shifts = new TheoryData<double, double>();
        foreach (var u in (double[])[-0.45, -0.3, -0.15, 0, 0.2, 0.35, 0.5])
            shifts.Add(u, 0.5 - Math.Abs(u));
        return shifts;
    }

    [Theory]
    [MemberData(nameof(Shifts))]
    public void Spots_are_found_where_they_are_on_average(double shiftU, double shiftV)
    {
        var errors = new List<(double U, double V)>();
        // Three sizes: a pore, a mole, and between. Noise, so that no error is all rounding.
        foreach (var radius in (double[])[1.0, 1.6, 2.2])
            errors.AddRange(ErrorsOfSpots(radius, shiftU, shiftV));
        Assert.InRange(errors.Count, 150, 10000);
        Assert.InRange(errors.Average(error => error.U), -0.05, 0.05);
        Assert.InRange(errors.Average(error => error.V), -0.05, 0.05);
    }

    private static IEnumerable<(double U, double V)> ErrorsOfSpots(double radius, double shiftU, double shiftV)
    {
        var random = new Random(11);
        // A Gaussian spot on every corner of a grid, as a sensor integrates it over the pixel.
        double Brightness(double u, double v)
        {
            var (du, dv) = (Offset(u - shiftU), Offset(v - shiftV));
            return 170 - 110 * Math.Exp(-(du * du + dv * dv) / (2 * radius * radius));
        }
        var pixels = new byte[3 * Width * Height];
        for (var v = 0; v < Height; v++)
        for (var u = 0; u < Width; u++)
        {
            var sum = 0.0;
            for (var k = 0; k < Oversampling * Oversampling; k++)
                sum += Brightness(u + (k % Oversampling + 0.5) / Oversampling - 0.5, v + (k / Oversampling + 0.5) / Oversampling - 0.5);
            var noise = 2 * (random.NextDouble() + random.NextDouble() - 1);
            pixels.AsSpan(3 * (v * Width + u), 3).Fill((byte)Math.Round(sum / (Oversampling * Oversampling) + noise));
        }
        // Folds over the whole image, so that the depth lets every spot through.
        var depths = new float[Width * Height];
        for (var i = 0; i < depths.Length; i++)
            depths[i] = (float)(0.4 + 0.003 * Math.Cos(2 * Math.PI * (i % Width - shiftU) / Spacing));
        var frame = new RgbdFrame(0, 0, Camera, new ColorImage(Width, Height, pixels), new DepthImage(Width, Height, depths));
        using var detector = new FaceKeypointDetector(new FaceKeypointOptions { Semantic = false });
        foreach (var keypoint in detector.Detect(FramePointCloud.FromFrame(frame, new PointCloudOptions { HeadOnly = false })).Keypoints!.Structural)
            if ((Offset(keypoint.U - shiftU), Offset(keypoint.V - shiftV)) is var (du, dv) && du * du + dv * dv < 1)
                yield return (du, dv);
    }

    // Distance to the nearest line of the grid.
    private static double Offset(double position) => position - Spacing * Math.Round(position / Spacing);
}
