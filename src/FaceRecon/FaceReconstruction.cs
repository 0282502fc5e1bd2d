using System.Diagnostics;

namespace FaceRecon;

/// <summary>
/// The pipeline: from an RGB-D video to a face mesh. Invoke-FaceReconstruction and the command-line
/// program are doors to this class.
/// </summary>
public static class FaceReconstruction
{
    /// <summary>Reconstructs the face that a capture shows and, if asked, writes it.</summary>
    /// <param name="capture">A capture in any layout that is read.</param>
    /// <param name="outputFolder">Where to write; null to write nothing.</param>
    /// <param name="options">Options of the stages; null for the defaults.</param>
    /// <param name="progress">Told after every frame and stage.</param>
    /// <param name="cancellation">Stops the run within a frame, leaving nothing half-written.</param>
    /// <exception cref="FaceReconException">The capture cannot be read or reconstructed, or the output not written.</exception>
    public static ReconstructionResult Run(
        string capture, string? outputFolder = null, ReconstructionOptions? options = null,
        IProgress<ReconstructionProgress>? progress = null, CancellationToken cancellation = default)
    {
        options = WithThreads(options ?? new ReconstructionOptions());
        // Refused now, and not when all frames are merged.
        options.Export.Check();
        using var output = outputFolder is null ? null : OutputFolder.Create(outputFolder, options.Export.Force);
        var clock = new StageClock();

        // The models load while the first frames are read.
        using var detector = options.Keypoints is { } wanted ? new Background<FaceKeypointDetector>(() => new FaceKeypointDetector(wanted)) : null;
        var video = RgbdVideo.Open(capture, new RgbdVideoOptions(options.MaxThreads));
        // For the report.
        using var source = new Background<ReconstructionSource>(() => ReconstructionSource.Of(video, options, withFingerprint: output is not null, cancellation));
        var total = options.Frames.Count(video.FrameCount);
        var merger = new CloudMerger(options.Merge);
        IEnumerable<KeypointSet> Merge()
        {
            var clouds = FrameClouds.RunAhead(video, options.Frames, options.Cloud, cancellation);
            foreach (var frame in detector is null ? clouds : Prefetch.RunAhead(stop => Detect(clouds, detector, stop), 2, cancellation))
            {
                if (frame.Cloud is { } cloud)
                    merger.Add(cloud, cancellation);
                else
                    merger.Reject(frame.Error!, frame.Timestamp);
                progress?.Report(new ReconstructionProgress("Merging frames", merger.FrameCount, total));
                if (frame.Cloud?.Keypoints is { } keypoints)
                    yield return keypoints;
            }
        }
        // Written as the frames pass, so that no more of them are held than the merger keeps.
        if (output is not null && detector is not null)
            output.Write(KeypointExtraction.FileName, stream => KeypointFile.Write(stream, Merge()));
        else
            _ = Merge().Count();
        clock.Stage("frames");

        progress?.Report(new ReconstructionProgress("Refining poses", total, total));
        var face = merger.Complete(cancellation);
        clock.Stage("refine");

        if (options.Optimize is { } optimize && face.Keyframes.Count >= 2)
        {
            progress?.Report(new ReconstructionProgress("Optimizing poses and depth", total, total));
            // What is merged anew is merged as before.
            face = FaceOptimizer.Optimize(face, optimize with { VoxelSize = options.Merge.VoxelSize }, cancellation);
            clock.Stage("optimize");
        }

        progress?.Report(new ReconstructionProgress("Making the surface", total, total));
        var mesh = FaceExport.MakeMesh(face, options.Export, cancellation);
        clock.Stage("surface");

        progress?.Report(new ReconstructionProgress("Writing", total, total));
        using var report = new Background<ReconstructionReport>(() => new ReconstructionReport(face, mesh)
        {
            Capture = video.Path,
            Layout = video.Layout.ToString(),
            Intrinsics = video.Intrinsics,
            Fingerprint = source.Value.Fingerprint,
            Seconds = clock.Seconds,
            Command = options.Export.Command,
            Options = source.Value.Options,
            Models = source.Value.Models,
        });
        var files = output is null ? [] : FaceExport.Write(output, face, mesh, report, options.Export, cancellation);
        return new ReconstructionResult(face, mesh, report.Value, files);
    }

    private static IEnumerable<FrameCloud> Detect(IEnumerable<FrameCloud> clouds, Background<FaceKeypointDetector> detector, CancellationToken cancellation)
    {
        foreach (var frame in clouds)
            yield return frame.Cloud is { } cloud ? frame with { Cloud = detector.Value.Detect(cloud, cancellation) } : frame;
    }

    private static ReconstructionOptions WithThreads(ReconstructionOptions options) => options.MaxThreads == 0 ? options : options with
    {
        Merge = options.Merge with { MaxThreads = options.MaxThreads },
        Optimize = options.Optimize is null ? null : options.Optimize with { MaxThreads = options.MaxThreads },
        Export = options.Export with { Surface = options.Export.Surface with { MaxThreads = options.MaxThreads } },
    };

    private sealed class StageClock
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private double _last;

        public Dictionary<string, double> Seconds { get; } = [];

        public void Stage(string name)
        {
            var now = _watch.Elapsed.TotalSeconds;
            Seconds[name] = Math.Round(now - _last, 3);
            _last = now;
        }
    }
}
