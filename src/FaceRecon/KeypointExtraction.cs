using System.Diagnostics;

namespace FaceRecon;

/// <summary>
/// From an RGB-D video to the keypoints of its frames in a file, and if asked to pictures of them: what facerecon keypoints
/// does. Frames stream through; none is kept.
/// </summary>
public static class KeypointExtraction
{
    /// <summary>The file with the keypoints of all frames, as <see cref="KeypointFile"/> writes it.</summary>
    public const string FileName = "keypoints.json";
    /// <summary>The folder with a picture of every frame, NNNNNN.png.</summary>
    public const string OverlayFolder = "overlay";

    /// <summary>Finds the keypoints in the frames of a capture and writes them; all files appear, or none.</summary>
    /// <param name="capture">A capture in any layout that is read.</param>
    /// <param name="outputFolder">Where to write.</param>
    /// <param name="options">Options of the stages; null for the defaults.</param>
    /// <param name="progress">Told after every frame.</param>
    /// <param name="cancellation">Stops the run within a frame, leaving nothing.</param>
    /// <exception cref="FaceReconException">The capture or a model cannot be read, no frame has a head, or the output cannot be written.</exception>
    public static KeypointExtractionResult Run(
        string capture, string outputFolder, KeypointExtractionOptions? options = null,
        IProgress<ReconstructionProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new KeypointExtractionOptions();
        var watch = Stopwatch.StartNew();
        using var output = OutputFolder.Create(outputFolder, options.Force);
        using var detector = new FaceKeypointDetector(options.Keypoints);
        var video = RgbdVideo.Open(capture, new RgbdVideoOptions(options.MaxThreads));
        var total = options.Frames.Count(video.FrameCount);
        List<FaceReconException> unusable = [];
        List<int> visible = [], structural = [];

        IEnumerable<KeypointSet> Detect()
        {
            foreach (var frame in FrameClouds.RunAhead(video, options.Frames, options.Cloud, cancellation))
            {
                if (frame.Cloud is not { } cloud)
                {
                    unusable.Add(frame.Error!);
                    continue;
                }
                var keypoints = detector.Detect(cloud.Frame, cloud, cancellation);
                if (keypoints.HasFace)
                    visible.Add(keypoints.VisibleCount);
                structural.Add(keypoints.Structural.Count);
                if (options.Overlay)
                    output.Write(FormattableString.Invariant($"{OverlayFolder}/{cloud.Index:000000}.png"),
                        stream => stream.Write(ImageFile.EncodePng(KeypointOverlay.Draw(cloud.Frame.Color, keypoints))));
                progress?.Report(new ReconstructionProgress("Finding keypoints", structural.Count + unusable.Count, total));
                yield return keypoints;
            }
        }

        output.Write(FileName, stream => KeypointFile.Write(stream, Detect()));
        if (structural.Count == 0 && unusable.Count > 0)
            throw unusable[0];
        return new KeypointExtractionResult
        {
            Scheme = detector.Scheme,
            FrameCount = structural.Count,
            FaceCount = visible.Count,
            Unusable = unusable,
            MedianVisible = Median(visible),
            MedianStructural = Median(structural),
            Files = output.Commit(),
            Seconds = watch.Elapsed.TotalSeconds,
        };
    }

    private static int Median(List<int> values)
    {
        values.Sort();
        return values.Count > 0 ? values[values.Count / 2] : 0;
    }
}

/// <summary>Everything that can be set of a <see cref="KeypointExtraction"/>.</summary>
public sealed record KeypointExtractionOptions
{
    /// <summary>Which frames are used.</summary>
    public FrameSelection Frames { get; init; } = new();
    /// <summary>How a frame becomes a cloud.</summary>
    public PointCloudOptions Cloud { get; init; } = new();
    /// <summary>How keypoints are found.</summary>
    public FaceKeypointOptions Keypoints { get; init; } = new();
    /// <summary>Whether pictures of the frames with their keypoints are written too.</summary>
    public bool Overlay { get; init; }
    /// <summary>Whether an output folder with contents will do; files of the same names are replaced.</summary>
    public bool Force { get; init; }
    /// <summary>Threads to decode with; 0 for all cores. The result does not depend on it.</summary>
    public int MaxThreads { get; init; }
}

/// <summary>What a <see cref="KeypointExtraction"/> found.</summary>
public sealed record KeypointExtractionResult
{
    /// <summary>What the semantic keypoints are.</summary>
    public required KeypointScheme Scheme { get; init; }
    /// <summary>Frames that were looked at.</summary>
    public required int FrameCount { get; init; }
    /// <summary>Frames in which a face was found.</summary>
    public required int FaceCount { get; init; }
    /// <summary>Frames that could not be read or show no head; they are not in the file.</summary>
    public required IReadOnlyList<FaceReconException> Unusable { get; init; }
    /// <summary>Visible semantic keypoints, median over the frames with a face.</summary>
    public required int MedianVisible { get; init; }
    /// <summary>Structural keypoints, median over all frames.</summary>
    public required int MedianStructural { get; init; }
    /// <summary>What was written, full paths: the pictures, then the keypoints.</summary>
    public required IReadOnlyList<string> Files { get; init; }
    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }
}
