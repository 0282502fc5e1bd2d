using System.Globalization;

namespace FaceRecon.Tests;

/// <summary>A capture folder of the ellipsoid head, small enough to reconstruct in a second.</summary>
internal static class HeadCapture
{
    private const double DepthScale = 10000;

    /// <summary>Writes frames of a turn of 6 degrees each.</summary>
    public static string Write(string folder, int frames, EllipsoidHead? head = null)
    {
        head ??= new EllipsoidHead();
        var camera = EllipsoidHead.Camera;
        Directory.CreateDirectory(Path.Combine(folder, "color"));
        Directory.CreateDirectory(Path.Combine(folder, "depth"));
        File.WriteAllText(Path.Combine(folder, "intrinsic.json"), Intrinsics(camera.Fx));
        var times = new List<string>();
        for (var i = 0; i < frames; i++)
        {
            var frame = head.Render(EllipsoidHead.Orbit(-0.3 + 0.1 * i), i, noise: 0.002, seed: i + 1);
            var samples = Array.ConvertAll(frame.Depth.Depths, z => (ushort)Math.Round(z * DepthScale));
            File.WriteAllBytes(ColorFile(folder, i), ImageFile.EncodePng(frame.Color));
            File.WriteAllBytes(DepthFile(folder, i), ImageFile.EncodePng16(camera.Width, camera.Height, samples));
            times.Add(string.Create(CultureInfo.InvariantCulture, $"{i:000000} {i / 30.0:0.000000}"));
        }
        File.WriteAllLines(Path.Combine(folder, "timestamps.txt"), times);
        return folder;
    }

    public static string Intrinsics(double focalLength) => FormattableString.Invariant(
        $$"""{"fx": {{focalLength}}, "fy": {{focalLength}}, "cx": 159.5, "cy": 119.5, "width": 320, "height": 240, "depth_scale": {{DepthScale}}}""");

    public static string ColorFile(string folder, int frame) => Path.Combine(folder, "color", $"{frame:000000}.png");

    public static string DepthFile(string folder, int frame) => Path.Combine(folder, "depth", $"{frame:000000}.png");
}
