using System.Globalization;
using System.Text;

namespace FaceRecon;

/// <summary>Writes synthetic RGB-D captures: a capture folder as every tool here reads it, with its truth beside it.</summary>
public static class SyntheticRgbdVideo
{
    /// <summary>Units of the depth files a metre: a step of 0.1 mm, a reach of 6.5 m.</summary>
    private const int DepthScale = 10_000;
    private const int JpegQuality = 95;

    /// <summary>
    /// Writes color/, depth/, intrinsic.json, timestamps.txt and groundtruth/. The folder appears whole or not at all;
    /// the same options give the same bytes.
    /// </summary>
    /// <param name="folder">The capture folder, which must not exist yet or be empty.</param>
    /// <param name="options">What to make.</param>
    /// <param name="force">Whether a synthetic capture that is there already may be replaced; nothing else ever is.</param>
    /// <param name="progress">Told the number of frames done, in no certain order.</param>
    /// <param name="cancellationToken">Ends the work early; nothing is left.</param>
    /// <exception cref="FaceReconException">InvalidOption; OutputExists; OutputNotWritable.</exception>
    public static void Write(string folder, SyntheticCaptureOptions options, bool force = false,
        IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        try
        {
            using var place = CaptureFolder.Create(folder, force);
            var scene = SyntheticScene.Create(options, cancellationToken);
            var tally = new FaceTally(scene);
            Directory.CreateDirectory(Path.Combine(place.Staging, "color"));
            Directory.CreateDirectory(Path.Combine(place.Staging, "depth"));
            var done = 0;
            Parallel.For(0, options.Frames, Threads.Options(0, cancellationToken), frame =>
            {
                WriteFrame(place.Staging, scene, frame, tally);
                progress?.Report(Interlocked.Increment(ref done));
            });
            File.WriteAllText(Path.Combine(place.Staging, "intrinsic.json"), IntrinsicsText(scene.Intrinsics));
            File.WriteAllText(Path.Combine(place.Staging, "timestamps.txt"), TimestampsText(options.Frames));
            var truth = Directory.CreateDirectory(Path.Combine(place.Staging, GroundTruthFiles.Folder)).FullName;
            GroundTruthFiles.Write(truth, scene, tally.SeenCounts(), tally.BiasRms(), tally.MissingShare());
            cancellationToken.ThrowIfCancellationRequested();
            place.Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaceReconException(ErrorId.OutputNotWritable,
                $"The capture cannot be written to '{folder}': {e.Message.TrimEnd('.')}; choose another folder.", folder, innerException: e);
        }
    }

    private static void WriteFrame(string folder, SyntheticScene scene, int frame, FaceTally tally)
    {
        var (rendered, exact, seen) = scene.RenderWithTruth(frame);
        tally.Add(frame, rendered, exact, seen);
        var name = frame.ToString("000000", CultureInfo.InvariantCulture);
        File.WriteAllBytes(Path.Combine(folder, "color", name + ".jpg"), ImageFile.EncodeJpeg(rendered.Color, JpegQuality));
        var depths = rendered.Depth.Depths;
        var samples = new ushort[depths.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            var units = depths[i] * DepthScale + 0.5f;
            samples[i] = units is >= 1 and < ushort.MaxValue ? (ushort)units : (ushort)0;
        }
        File.WriteAllBytes(Path.Combine(folder, "depth", name + ".png"), ImageFile.EncodePng16(rendered.Depth.Width, rendered.Depth.Height, samples));
    }

    private static string IntrinsicsText(CameraIntrinsics camera) => string.Create(CultureInfo.InvariantCulture,
        $"{{\n  \"fx\": {camera.Fx},\n  \"fy\": {camera.Fy},\n  \"cx\": {camera.Cx},\n  \"cy\": {camera.Cy},\n  \"width\": {camera.Width},\n  \"height\": {camera.Height},\n  \"depth_scale\": {DepthScale}\n}}\n");

    private static string TimestampsText(int frames)
    {
        var text = new StringBuilder();
        for (var frame = 0; frame < frames; frame++)
            text.Append(CultureInfo.InvariantCulture, $"{frame:000000} {SyntheticScene.Timestamp(frame):0.000000}\n");
        return text.ToString();
    }
}
