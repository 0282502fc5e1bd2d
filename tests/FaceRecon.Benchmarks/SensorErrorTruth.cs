using System.Text.Json;

namespace FaceRecon;

/// <summary>The smooth depth error that was put into a synthetic capture: a measure, never an input.</summary>
internal sealed class SensorErrorTruth
{
    private const int LargestFile = 64 << 20;
    // Of the archives' fields, which cover the whole image.
    private const int FieldRows = 30, FieldColumns = 40;

    private readonly (double Scale, double Offset, Func<int, int, double> Field)[] _frames;

    private SensorErrorTruth((double, double, Func<int, int, double>)[] frames) => _frames = frames;

    /// <summary>Reads <c>sensor_bias.json</c>, as this project's captures have it, or <c>sensor_bias.npz</c>.</summary>
    /// <returns>Null where the truth has neither.</returns>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ContainerCorrupt"/>.</exception>
    public static SensorErrorTruth? Load(string captureFolder, CameraIntrinsics camera, int frames)
    {
        var folder = Path.Combine(captureFolder, GroundTruthFiles.Folder);
        var (own, archive) = (Path.Combine(folder, GroundTruthFiles.Bias), Path.Combine(folder, "sensor_bias.npz"));
        return File.Exists(own) ? FromJson(own, camera, frames) : File.Exists(archive) ? FromArchive(archive, camera, frames) : null;
    }

    /// <summary>What has to be added to a measured depth to make it the true one, metres.</summary>
    /// <param name="frame">Number of the frame.</param>
    /// <param name="u">Column, pixels.</param>
    /// <param name="v">Row, pixels.</param>
    /// <param name="measured">Metres.</param>
    public double Correction(int frame, int u, int v, double measured)
    {
        var (scale, offset, field) = _frames[frame];
        return (measured - offset - field(u, v)) / (1 + scale) - measured;
    }

    /// <summary>A frame as it would be without its smooth error: what is left are noise, flying pixels and gaps.</summary>
    public RgbdFrame TakenFrom(RgbdFrame frame)
    {
        var depths = (float[])frame.Depth.Depths.Clone();
        for (var i = 0; i < depths.Length; i++)
            if (depths[i] > 0)
                depths[i] += (float)Correction(frame.Index, i % frame.Depth.Width, i / frame.Depth.Width, depths[i]);
        return new RgbdFrame(
            frame.Index, frame.Timestamp, frame.Intrinsics, frame.Color, new DepthImage(frame.Depth.Width, frame.Depth.Height, depths), frame.ColorPath, frame.DepthPath);
    }

    // The formula stands in the file itself, see GroundTruthFiles.WriteBias.
    private static SensorErrorTruth FromJson(string path, CameraIntrinsics camera, int count)
    {
        try
        {
            using var file = BoundedFile.Read(path, LargestFile, ErrorId.CaptureNotFound, ErrorId.ContainerCorrupt, ErrorId.ContainerCorrupt);
            using var document = JsonDocument.Parse(file.Bytes);
            var common = document.RootElement.GetProperty("common");
            var (commonScale, shared) = (common.GetProperty("scale").GetDouble(), ReadField(common));
            var frames = document.RootElement.GetProperty("frames").EnumerateArray().Select(frame =>
            {
                var field = ReadField(frame);
                return ((1 + commonScale) * (1 + frame.GetProperty("scale").GetDouble()) - 1, frame.GetProperty("offset").GetDouble(),
                    (Func<int, int, double>)((u, v) => shared.At(u, v, camera.Width, camera.Height) + field.At(u, v, camera.Width, camera.Height)));
            }).ToArray();
            if (frames.Length != count)
                throw new InvalidDataException($"it is of {frames.Length} frames, the capture has {count}");
            return new SensorErrorTruth(frames);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or InvalidDataException or FormatException)
        {
            throw new FaceReconException(ErrorId.ContainerCorrupt, $"The sensor error '{path}' cannot be used: {error.Message}", path, innerException: error);
        }
    }

    private static BiasField ReadField(JsonElement of)
    {
        var field = of.GetProperty("field");
        var (columns, rows) = (field.GetProperty("columns").GetInt32(), field.GetProperty("rows").GetInt32());
        double[] controls = [.. field.GetProperty("controls").EnumerateArray().Select(control => control.GetDouble())];
        return columns >= 4 && rows >= 4 && (long)columns * rows == controls.Length
            ? new BiasField(columns, rows, controls)
            : throw new InvalidDataException($"{controls.Length} controls are no {columns} x {rows}");
    }

    private static SensorErrorTruth FromArchive(string path, CameraIntrinsics camera, int count)
    {
        var (scale, offset) = (NumpyArchive.Read(path, "scale", count), NumpyArchive.Read(path, "offset", count));
        var shared = NumpyArchive.Read(path, "fixed", FieldRows, FieldColumns);
        var own = NumpyArchive.Read(path, "field", count, FieldRows, FieldColumns);
        var frames = new (double, double, Func<int, int, double>)[count];
        for (var k = 0; k < count; k++)
        {
            var field = own.AsSpan(k * shared.Length, shared.Length).ToArray();
            for (var i = 0; i < field.Length; i++)
                field[i] += shared[i];
            frames[k] = (scale[k], offset[k], (u, v) => Interpolate(field, (u + 0.5) * FieldColumns / camera.Width - 0.5, (v + 0.5) * FieldRows / camera.Height - 0.5));
        }
        return new SensorErrorTruth(frames);
    }

    // Cubic convolution (Keys 1981); beyond the border its values go on.
    private static double Interpolate(double[] field, double x, double y)
    {
        var (column, row) = ((int)Math.Floor(x), (int)Math.Floor(y));
        Span<double> across = stackalloc double[4], down = stackalloc double[4];
        KeysWeights(x - column, across);
        KeysWeights(y - row, down);
        var sum = 0.0;
        for (var r = 0; r < 4; r++)
        for (var c = 0; c < 4; c++)
            sum += down[r] * across[c] * field[Math.Clamp(row + r - 1, 0, FieldRows - 1) * FieldColumns + Math.Clamp(column + c - 1, 0, FieldColumns - 1)];
        return sum;
    }

    private static void KeysWeights(double t, Span<double> weights)
    {
        weights[0] = ((-0.5 * t + 1) * t - 0.5) * t;
        weights[1] = (1.5 * t - 2.5) * t * t + 1;
        weights[2] = ((-1.5 * t + 2) * t + 0.5) * t;
        weights[3] = (0.5 * t - 0.5) * t * t;
    }
}
