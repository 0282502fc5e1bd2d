using System.Globalization;

namespace FaceRecon;

/// <summary>
/// Captures with a folder of colour images and one of depth images: this project's own capture folder
/// and Open3D's. A frame is a colour and a depth file of the same name; Open3D's may also be named apart, and
/// are then paired in order.
/// </summary>
internal static class ImageFolders
{
    private const double AssumedFramesPerSecond = 30;
    /// <summary>Open3D's default: millimetres.</summary>
    private const double Open3DDepthScale = 1000;
    private static readonly string[] ColorFolders = ["color", "rgb", "image"];
    private static readonly string[] ColorExtensions = [".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"];
    private static readonly string[] DepthExtensions = [".png", ".tif", ".tiff"];

    /// <summary>Whether the folder looks like one of these.</summary>
    internal static bool Recognises(string path) => Directory.Exists(Path.Combine(path, "depth")) && ColorFolder(path) is not null;

    /// <summary>Lists the frames and reads the intrinsics, no image.</summary>
    /// <exception cref="FaceReconException">No frames, or intrinsics or timestamps that cannot be used.</exception>
    internal static ImagePairSource Open(string path)
    {
        var colorFolder = ColorFolder(path)!;
        var colors = List(colorFolder, ColorExtensions);
        var depths = List(Path.Combine(path, "depth"), DepthExtensions);
        if (colors.Count == 0 || depths.Count == 0)
            throw new FaceReconException(ErrorId.CaptureEmpty, $"{path}: {(colors.Count == 0 ? colorFolder : "depth")} holds no images.", path);
        var intrinsics = IntrinsicsFile.Find(path) ?? throw new FaceReconException(ErrorId.IntrinsicsMissing,
            $"{path} has no {string.Join(", ", IntrinsicsFile.Names)}; write fx, fy, cx, cy, width, height and depth_scale into one of them.", path);
        var camera = IntrinsicsFile.Read(intrinsics, out var isOpen3D);
        var scale = camera.DepthScale ?? (isOpen3D ? Open3DDepthScale : throw new FaceReconException(ErrorId.IntrinsicsMissing,
            $"{intrinsics} states no depth_scale, the units of a depth image per metre (1000 for millimetres).", intrinsics));
        var pairs = Pair(colors, depths, colorFolder, Path.Combine(path, "depth"));
        var timestamps = Path.Combine(path, "timestamps.txt");
        if (File.Exists(timestamps))
            SetTimestamps(pairs, timestamps);
        return new ImagePairSource(isOpen3D ? CaptureLayout.Open3D : CaptureLayout.CaptureFolder, camera, scale, pairs);
    }

    private static string? ColorFolder(string path) =>
        ColorFolders.Select(name => Path.Combine(path, name)).FirstOrDefault(Directory.Exists);

    /// <summary>The images of a folder by name without extension.</summary>
    private static Dictionary<string, string> List(string folder, string[] extensions)
    {
        var files = new Dictionary<string, string>();
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            if (extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                files.TryAdd(Path.GetFileNameWithoutExtension(file), file);
        return files;
    }

    private static ImagePair[] Pair(Dictionary<string, string> colors, Dictionary<string, string> depths, string colorFolder, string depthFolder)
    {
        // A name on one side only is a frame with a file missing, and costs that frame when it is read.
        if (colors.Keys.Any(depths.ContainsKey))
            return [.. InOrder(colors.Keys.Union(depths.Keys)).Select((name, i) => new ImagePair(
                colors.GetValueOrDefault(name, Path.Combine(colorFolder, name + ".png")),
                depths.GetValueOrDefault(name, Path.Combine(depthFolder, name + ".png")), i / AssumedFramesPerSecond))];
        if (colors.Count != depths.Count)
            throw new FaceReconException(ErrorId.FrameMissing,
                $"{colorFolder} has {colors.Count} images and {depthFolder} {depths.Count}, with no name in common; which belong together cannot be told.", depthFolder);
        return [.. InOrder(colors.Keys).Zip(InOrder(depths.Keys)).Select((names, i) =>
            new ImagePair(colors[names.First], depths[names.Second], i / AssumedFramesPerSecond))];
    }

    /// <summary>Numbers come in their own order with or without leading zeros.</summary>
    private static IEnumerable<string> InOrder(IEnumerable<string> names) =>
        names.OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal);

    /// <summary>Lines "NNNNNN seconds", NNNNNN the name of the frame's files.</summary>
    private static void SetTimestamps(ImagePair[] pairs, string path)
    {
        var times = new Dictionary<string, (double Seconds, int Line)>();
        foreach (var (line, words) in CaptureText.ReadIndex(path))
        {
            if (words.Length < 2)
                throw new FaceReconException(ErrorId.TimestampsInvalid, $"{path}, line {line}: a frame and a time in seconds are expected.", path);
            times[FrameName(words[0])] = (CaptureText.ParseSeconds(words[1], path, line), line);
        }
        var previous = double.NegativeInfinity;
        for (var i = 0; i < pairs.Length; i++)
        {
            var name = Path.GetFileNameWithoutExtension(pairs[i].DepthPath);
            if (!times.TryGetValue(FrameName(name), out var time))
                throw new FaceReconException(ErrorId.TimestampsInvalid,
                    $"{path} has no line for frame {name}; complete it, or remove it to assume 30 frames a second.", path, i);
            if (time.Seconds <= previous)
                throw new FaceReconException(ErrorId.TimestampsInvalid, string.Create(CultureInfo.InvariantCulture,
                    $"{path}, line {time.Line}: frame {name} at {time.Seconds} s does not come after the one before it at {previous} s."), path, i);
            previous = time.Seconds;
            pairs[i] = pairs[i] with { Timestamp = time.Seconds };
        }
    }

    private static string FrameName(string name) => name.TrimStart('0');
}
