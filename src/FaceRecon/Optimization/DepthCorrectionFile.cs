using System.Text.Json;

namespace FaceRecon;

/// <summary>
/// Depth corrections as JSON: <c>format</c>, <c>version</c>, <c>image</c> [columns, rows], <c>focal_scale</c>, <c>area</c> [left, top,
/// width, height] (pixels), <c>columns</c>, <c>rows</c> and <c>controls</c> (metres, row by row) of a uniform bicubic B-spline over
/// the area, and <c>frames</c>, each with <c>frame</c>, <c>offset</c>, <c>scale</c>, <c>distance</c> and, where it has one, <c>own</c>, a
/// spline like the shared one.
/// </summary>
public static class DepthCorrectionFile
{
    private const string Format = "FaceRecon depth correction";
    private const int Version = 1;
    private const int MaxFileBytes = 64 << 20;
    private const int MaxControls = 4096;
    // No sensor that sees a face at all is wrong by more; a file in millimetres would be.
    private const double MaxControl = 0.1;

    /// <summary>Writes a correction as UTF-8.</summary>
    public static void Write(Stream stream, DepthCorrection correction)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(correction);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        WriteNumbers(json, "image", correction.Width, correction.Height);
        json.WriteNumber("focal_scale", correction.FocalScale);
        WriteSpline(json, correction.Grid, correction.Controls);
        json.WriteStartArray("frames");
        foreach (var frame in correction.Frames)
        {
            json.WriteStartObject();
            json.WriteNumber("frame", frame.FrameIndex);
            json.WriteNumber("offset", frame.Offset);
            json.WriteNumber("scale", frame.Scale);
            json.WriteNumber("distance", frame.Distance);
            if (frame.Own is { } own)
            {
                json.WriteStartObject("own");
                WriteSpline(json, own.Grid, own.Controls);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads a correction.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.DepthCorrectionInvalid"/>: missing, not JSON, or not as described above.</exception>
    public static DepthCorrection Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = BoundedFile.Read(path, MaxFileBytes, ErrorId.DepthCorrectionInvalid, ErrorId.DepthCorrectionInvalid, ErrorId.DepthCorrectionInvalid);
            using var document = JsonDocument.Parse(file.Bytes, new JsonDocumentOptions { MaxDepth = 16 });
            var root = document.RootElement;
            if (root.GetProperty("format").GetString() != Format || root.GetProperty("version").GetInt32() != Version)
                throw Invalid(path, $"does not begin as '{Format}' of version {Version}");
            var image = Numbers(root.GetProperty("image"), 2);
            var (width, height) = ((int)image[0], (int)image[1]);
            if (width is < 1 or > 16384 || height is < 1 or > 16384)
                throw Invalid(path, $"is for an image of {width}x{height}");
            var focal = Number(root.GetProperty("focal_scale"));
            if (focal is < 0.1 or > 10)
                throw Invalid(path, "has a focal_scale that no camera has");
            var shared = ReadSpline(root);
            var frames = root.GetProperty("frames").EnumerateArray().Select(ReadFrame).ToArray();
            if (frames.Select(frame => frame.FrameIndex).Distinct().Count() != frames.Length)
                throw Invalid(path, "names a frame twice");
            return new DepthCorrection(width, height, shared.Grid, shared.Controls, focal, frames);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Invalid(path, $"is not a depth correction ({e.Message.TrimEnd('.')})", e);
        }
    }

    private static void WriteSpline(Utf8JsonWriter json, SplineGrid grid, double[] controls)
    {
        WriteNumbers(json, "area", grid.Area.Left, grid.Area.Top, grid.Area.Width, grid.Area.Height);
        json.WriteNumber("columns", grid.Columns);
        json.WriteNumber("rows", grid.Rows);
        WriteNumbers(json, "controls", controls);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static FrameDepthCorrection ReadFrame(JsonElement frame) => new(
        frame.GetProperty("frame").GetInt32(), Number(frame.GetProperty("offset")), Number(frame.GetProperty("scale")), Number(frame.GetProperty("distance")))
    {
        Own = frame.TryGetProperty("own", out var own) ? ReadSpline(own) : null,
    };

    private static OwnSpline ReadSpline(JsonElement element)
    {
        var area = Numbers(element.GetProperty("area"), 4);
        var (columns, rows) = (element.GetProperty("columns").GetInt32(), element.GetProperty("rows").GetInt32());
        if (columns < 4 || rows < 4 || (long)columns * rows > MaxControls || !(area[2] > 0 && area[3] > 0))
            throw new FormatException($"a spline of {columns}x{rows} controls over {area[2]}x{area[3]} pixels");
        var controls = Numbers(element.GetProperty("controls"), columns * rows);
        if (controls.Max(Math.Abs) > MaxControl)
            throw new FormatException($"a correction of {controls.Max(Math.Abs)} m; controls are metres");
        return new OwnSpline(new SplineGrid(new ImageBox(area[0], area[1], area[2], area[3]), columns - 3, rows - 3), controls);
    }

    private static double[] Numbers(JsonElement element, int count)
    {
        if (element.GetArrayLength() != count)
            throw new FormatException($"{element.GetArrayLength()} numbers instead of {count}");
        return [.. element.EnumerateArray().Select(Number)];
    }

    private static double Number(JsonElement element) =>
        element.GetDouble() is var number && double.IsFinite(number) ? number : throw new FormatException("a number that is not finite");

    private static FaceReconException Invalid(string path, string reason, Exception? cause = null) =>
        new(ErrorId.DepthCorrectionInvalid, $"The depth correction '{path}' {reason}.", path, innerException: cause);
}
