namespace FaceRecon;

/// <summary>
/// A capture as the TUM RGB-D benchmark has it (Sturm et al. 2012): rgb.txt and depth.txt list
/// "seconds file"; a colour and a depth image belong together when each is the other's nearest in time
/// and they are no more than 20 ms apart. The frame's time is that of its depth.
/// </summary>
/// <remarks>
/// Depth is stored at 5000 units per metre. The benchmark keeps no intrinsics beside its images: an intrinsics
/// file in the folder wins, then the calibration that the benchmark publishes for the freiburg1, freiburg2
/// or freiburg3 in the folder's name, then ROS's default for such a sensor.
/// </remarks>
internal static class TumFolder
{
    private const double MaxSecondsApart = 0.020;
    /// <summary>Seconds since 1970 leave a double no better than this.</summary>
    private const double ClockResolution = 1e-6;
    private const double DefaultDepthScale = 5000;

    /// <summary>Whether the folder is one of these.</summary>
    internal static bool Recognises(string path) => File.Exists(Path.Combine(path, "rgb.txt")) && File.Exists(Path.Combine(path, "depth.txt"));

    /// <summary>Reads the lists and the intrinsics, no image.</summary>
    /// <exception cref="FaceReconException">No frames, or lists or intrinsics that cannot be used.</exception>
    internal static ImagePairSource Open(string path)
    {
        var colors = ReadList(path, "rgb.txt");
        var depths = ReadList(path, "depth.txt");
        var pairs = Associate(colors, depths);
        if (pairs.Length == 0)
            throw new FaceReconException(ErrorId.CaptureEmpty,
                $"{path}: of {colors.Count} colour and {depths.Count} depth images no two are within 20 ms of each other.", path);
        var camera = IntrinsicsFile.Find(path) is { } file ? IntrinsicsFile.Read(file, out _) : PublishedCamera(path);
        return new ImagePairSource(CaptureLayout.Tum, camera, camera.DepthScale ?? DefaultDepthScale, pairs);
    }

    private static List<(double Seconds, string File)> ReadList(string folder, string name)
    {
        var list = Path.Combine(folder, name);
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        var images = new List<(double Seconds, string File)>();
        foreach (var (line, words) in CaptureText.ReadIndex(list))
        {
            if (words.Length < 2)
                throw new FaceReconException(ErrorId.TimestampsInvalid, $"{list}, line {line}: a time in seconds and a file are expected.", list);
            var seconds = CaptureText.ParseSeconds(words[0], list, line);
            if (images.Count > 0 && seconds <= images[^1].Seconds)
                throw new FaceReconException(ErrorId.TimestampsInvalid,
                    $"{list}, line {line}: {words[0]} s does not come after the line before it.", list, images.Count);
            var file = Path.GetFullPath(words[1], root);
            if (!file.StartsWith(root, StringComparison.Ordinal))
                throw new FaceReconException(ErrorId.FrameMissing, $"{list}, line {line}: {words[1]} leads out of the capture, where nothing is read.", list, images.Count);
            images.Add((seconds, file));
        }
        return images;
    }

    /// <summary>Pairs of which each is the other's nearest; both lists ascend.</summary>
    private static ImagePair[] Associate(List<(double Seconds, string File)> colors, List<(double Seconds, string File)> depths)
    {
        var pairs = new List<ImagePair>();
        for (int d = 0, c = 0; d < depths.Count && colors.Count > 0; d++)
        {
            c = Nearest(colors, depths[d].Seconds, c);
            var apart = Math.Abs(colors[c].Seconds - depths[d].Seconds);
            var isMutual = Nearest(depths, colors[c].Seconds, Math.Max(d - 1, 0)) == d;
            if (isMutual && apart <= MaxSecondsApart + ClockResolution)
                pairs.Add(new ImagePair(colors[c].File, depths[d].File, depths[d].Seconds));
        }
        return [.. pairs];
    }

    /// <summary>The entry nearest in time, the earlier of two equally near, at <paramref name="start"/> or later.</summary>
    private static int Nearest(List<(double Seconds, string File)> images, double seconds, int start)
    {
        var i = start;
        while (i + 1 < images.Count && Math.Abs(images[i + 1].Seconds - seconds) < Math.Abs(images[i].Seconds - seconds))
            i++;
        return i;
    }

    /// <summary>Calibrations of the colour cameras, from the benchmark's "File Formats" page.</summary>
    private static StatedCamera PublishedCamera(string path)
    {
        CameraIntrinsics camera;
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        bool Is(string robot) => name.Contains(robot, StringComparison.OrdinalIgnoreCase);
        if (Is("freiburg1"))
        {
            camera = new(640, 480, 517.3, 516.5, 318.6, 255.3);
            return new(path, camera, Coefficients: new BrownDistortion(camera, 0.2624, -0.9531, -0.0054, 0.0026, 1.1633));
        }
        if (Is("freiburg2"))
        {
            camera = new(640, 480, 520.9, 521.0, 325.1, 249.7);
            return new(path, camera, Coefficients: new BrownDistortion(camera, 0.2312, -0.7849, -0.0033, -0.0001, 0.9172));
        }
        // freiburg3's images are published without distortion.
        return new(path, Is("freiburg3") ? new(640, 480, 535.4, 539.2, 320.1, 247.6) : new(640, 480, 525, 525, 319.5, 239.5));
    }
}
