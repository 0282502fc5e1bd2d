using System.Globalization;
using System.Text.Json;

namespace FaceRecon.Tests;

/// <summary>Frames for the keypoint tests: captures beside the repository, and surfaces made here.</summary>
internal static class KeypointTestData
{
    internal const string NoCaptures = "The captures of ../shared/data are not beside this checkout.";

    /// <summary>The folder of a capture; null where the captures are not there.</summary>
    internal static string? Capture(string name)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (Path.Combine(folder, "shared", "data", name) is var capture && Directory.Exists(capture))
                return capture;
        return null;
    }

    internal static RgbdFrame Frame(string capture, int index)
    {
        using var intrinsics = JsonDocument.Parse(File.ReadAllText(Directory.GetFiles(capture, "intrinsic*.json")[0]));
        double Number(string name) => intrinsics.RootElement.GetProperty(name).GetDouble();
        var camera = new CameraIntrinsics((int)Number("width"), (int)Number("height"), Number("fx"), Number("fy"), Number("cx"), Number("cy"));
        var (color, depth) = ($"{capture}/color/{index:D6}.png", $"{capture}/depth/{index:D6}.png");
        return new RgbdFrame(index, index / 30.0, camera, ImageFile.ReadColor(color), ImageFile.ReadDepth(depth, Number("depth_scale")), color, depth);
    }

    internal static RigidTransform[] TruePoses(string capture) =>
    [
        .. File.ReadLines($"{capture}/groundtruth/trajectory.txt").Where(line => !line.StartsWith('#')).Select(line =>
        {
            var n = Array.ConvertAll(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), field => double.Parse(field, CultureInfo.InvariantCulture));
            return RigidTransform.FromQuaternion(n[4], n[5], n[6], n[7], new Vector3d(n[1], n[2], n[3]));
        }),
    ];

    /// <summary>A frame of one image without depth.</summary>
    internal static RgbdFrame WithoutDepth(ColorImage color, int index = 0) => new(
        index, index / 30.0, new CameraIntrinsics(color.Width, color.Height, color.Width, color.Width, color.Width / 2.0, color.Height / 2.0),
        color, new DepthImage(color.Width, color.Height, new float[color.Width * color.Height]));

    /// <summary>An image made of another by saying which pixel of it each pixel is; black where that is outside.</summary>
    internal static ColorImage Remap(ColorImage from, int width, int height, Func<int, int, (int U, int V)> source)
    {
        var pixels = new byte[3 * width * height];
        for (var v = 0; v < height; v++)
        for (var u = 0; u < width; u++)
        {
            var (x, y) = source(u, v);
            if ((uint)x < (uint)from.Width && (uint)y < (uint)from.Height)
                from.Pixels.AsSpan(3 * (y * from.Width + x), 3).CopyTo(pixels.AsSpan(3 * (v * width + u)));
        }
        return new ColorImage(width, height, pixels);
    }

    /// <summary>The cloud of a surface z(u, v) in front of a camera of 200x160 pixels, exactly as it is.</summary>
    internal static FramePointCloud Surface(Func<double, double, double> depth)
    {
        var camera = new CameraIntrinsics(200, 160, 300, 310, 98, 81);
        var depths = new float[camera.Width * camera.Height];
        for (var v = 0; v < camera.Height; v++)
        for (var u = 0; u < camera.Width; u++)
            depths[v * camera.Width + u] = (float)depth(u, v);
        var frame = new RgbdFrame(0, 0, camera, new ColorImage(camera.Width, camera.Height, new byte[3 * depths.Length]), new DepthImage(camera.Width, camera.Height, depths));
        return FramePointCloud.FromFrame(frame, new PointCloudOptions { HeadOnly = false });
    }
}
