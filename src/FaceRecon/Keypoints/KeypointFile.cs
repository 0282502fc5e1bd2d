using System.Text.Json;

namespace FaceRecon;

/// <summary>
/// Keypoints of a video as JSON, for other programs to read and to write: an object with <c>format</c>, <c>version</c> and
/// <c>frames</c>; a frame has <c>frame</c>, <c>scheme</c>, <c>up</c>, <c>score</c>, <c>box</c> [left, top, width, height] and
/// <c>semantic</c>, whose entries have <c>name</c>, <c>u</c>, <c>v</c> (pixels) and optionally <c>sigma</c> (pixels),
/// <c>visible</c>, <c>position</c> [x, y, z] (metres, camera frame) and <c>covariance</c> [xx, xy, xz, yy, yz, zz] (square metres);
/// and optionally <c>structural</c>, whose entries have <c>u</c>, <c>v</c> and optionally <c>sigma</c>, <c>strength</c>, <c>turn</c>
/// (radians), <c>position</c>, <c>covariance</c> and <c>descriptor</c> (base64 of 16-bit floats, little-endian, as many for
/// every keypoint of the file). Everything else is ignored.
/// </summary>
public static class KeypointFile
{
    private const string Format = "FaceRecon keypoints";
    private const int Version = 1;
    // 3,000 frames of 468 landmarks and 400 structural keypoints have this.
    private const long MaxFileBytes = 1L << 30;

    /// <summary>Writes the keypoints of frames as UTF-8, each when it comes: no more than one frame is held.</summary>
    public static void Write(Stream stream, IEnumerable<KeypointSet> frames)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(frames);
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteStartArray("frames");
        foreach (var frame in frames)
        {
            Write(json, frame);
            json.Flush();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads the keypoints of frames.</summary>
    /// <returns>The frames in the file's order.</returns>
    /// <exception cref="FaceReconException"><see cref="ErrorId.KeypointsInvalid"/>: missing, not JSON, or not as described above.</exception>
    public static IReadOnlyList<KeypointSet> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (new FileInfo(path) is { Length: > MaxFileBytes } large)
                throw Invalid(path, $"has {large.Length} bytes; keypoint files of more than {MaxFileBytes} are not read");
            using var stream = File.OpenRead(path);
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 16 });
            var root = document.RootElement;
            if (Optional(root, "format")?.GetString() != Format || Optional(root, "version")?.GetInt32() != Version)
                throw Invalid(path, $"does not begin as '{Format}' of version {Version}");
            var schemes = new Dictionary<string, KeypointScheme>();
            var structural = new StructuralKeypointJson();
            return [.. root.GetProperty("frames").EnumerateArray().Select(frame => ReadFrame(path, frame, schemes, structural))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid(path, $"cannot be read ({e.Message.TrimEnd('.')})", e);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Invalid(path, $"is not a keypoint file ({e.Message.TrimEnd('.')})", e);
        }
    }

    private static void Write(Utf8JsonWriter json, KeypointSet set)
    {
        json.WriteStartObject();
        json.WriteNumber("frame", set.FrameIndex);
        json.WriteString("scheme", set.Scheme.Name);
        json.WriteString("up", set.Up.ToString());
        json.WriteNumber("score", Math.Round(set.Score, 4));
        WriteNumbers(json, "box", 2, set.FaceBox.Left, set.FaceBox.Top, set.FaceBox.Width, set.FaceBox.Height);
        json.WriteStartArray("semantic");
        foreach (var keypoint in set.Semantic)
        {
            json.WriteStartObject();
            json.WriteString("name", keypoint.Name);
            json.WriteNumber("u", Math.Round(keypoint.U, 4));
            json.WriteNumber("v", Math.Round(keypoint.V, 4));
            json.WriteNumber("sigma", Math.Round(keypoint.Sigma, 4));
            json.WriteBoolean("visible", keypoint.IsVisible);
            WritePosition(json, keypoint.Position, keypoint.Covariance);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("structural");
        foreach (var keypoint in set.Structural)
            StructuralKeypointJson.Write(json, keypoint);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes a position and its uncertainty, where there is one.</summary>
    internal static void WritePosition(Utf8JsonWriter json, Vector3d? position, Covariance3d c)
    {
        if (position is not { } p)
            return;
        WriteNumbers(json, "position", 7, p.X, p.Y, p.Z);
        WriteNumbers(json, "covariance", 14, c.Xx, c.Xy, c.Xz, c.Yy, c.Yz, c.Zz);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, int digits, params ReadOnlySpan<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteNumberValue(Math.Round(value, digits));
        json.WriteEndArray();
    }

    private static KeypointSet ReadFrame(string path, JsonElement frame, Dictionary<string, KeypointScheme> schemes, StructuralKeypointJson structural)
    {
        var index = frame.GetProperty("frame").GetInt32();
        var semantic = frame.GetProperty("semantic").EnumerateArray().Select(entry => ReadKeypoint(path, index, entry)).ToArray();
        var scheme = SchemeOf(Optional(frame, "scheme")?.GetString() ?? "Imported", semantic, schemes)
            ?? throw Invalid(path, "has keypoints of one scheme with different or repeated names", frame: index);
        var up = Enum.TryParse<ImageDirection>(Optional(frame, "up")?.GetString(), ignoreCase: true, out var direction) ? direction : ImageDirection.Up;
        var box = Numbers(frame, "box", 4);
        return new KeypointSet
        {
            FrameIndex = index, Scheme = scheme, Semantic = semantic, Structural = structural.Read(frame, index), Up = up,
            Score = Optional(frame, "score")?.GetDouble() ?? (semantic.Length > 0 ? 1 : 0),
            FaceBox = box is null ? default : new ImageBox(box[0], box[1], box[2], box[3]),
        };
    }

    private static SemanticKeypoint ReadKeypoint(string path, int frame, JsonElement entry)
    {
        var keypoint = new SemanticKeypoint
        {
            Name = entry.GetProperty("name").GetString() ?? "",
            U = entry.GetProperty("u").GetDouble(),
            V = entry.GetProperty("v").GetDouble(),
            Sigma = Optional(entry, "sigma")?.GetDouble() ?? 1,
            IsVisible = Optional(entry, "visible")?.GetBoolean() ?? true,
        };
        if (!double.IsFinite(keypoint.U) || !double.IsFinite(keypoint.V) || !(keypoint.Sigma > 0 && double.IsFinite(keypoint.Sigma)))
            throw Invalid(path, $"places {keypoint.Name} at ({keypoint.U}, {keypoint.V}) with sigma {keypoint.Sigma}; these must be finite, and sigma above 0", frame: frame);
        var (position, covariance) = ReadPosition(entry);
        return keypoint with { Position = position, Covariance = covariance };
    }

    /// <summary>A position and its uncertainty; null where there is none.</summary>
    internal static (Vector3d? Position, Covariance3d Covariance) ReadPosition(JsonElement entry)
    {
        if (Numbers(entry, "position", 3) is not { } p)
            return (null, default);
        return (new Vector3d(p[0], p[1], p[2]), Numbers(entry, "covariance", 6) is { } c ? new Covariance3d(c[0], c[1], c[2], c[3], c[4], c[5]) : default);
    }

    /// <summary>The scheme of that name, from the first frame that has keypoints in it; null where the names do not fit.</summary>
    private static KeypointScheme? SchemeOf(string name, SemanticKeypoint[] semantic, Dictionary<string, KeypointScheme> schemes)
    {
        foreach (var known in (KeypointScheme[])[KeypointScheme.FaceMesh468, KeypointScheme.Ibug68, KeypointScheme.None])
            schemes.TryAdd(known.Name, known);
        var names = Array.ConvertAll(semantic, keypoint => keypoint.Name);
        if (!schemes.TryGetValue(name, out var scheme))
        {
            if (names.Any(string.IsNullOrEmpty) || names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != names.Length)
                return null;
            scheme = new KeypointScheme(name, names);
            if (names.Length > 0)
                schemes[name] = scheme;
        }
        return names.Length == 0 || names.SequenceEqual(scheme.Names) ? scheme : null;
    }

    /// <summary>A property; null where it is absent or null.</summary>
    internal static JsonElement? Optional(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static double[]? Numbers(JsonElement element, string name, int count)
    {
        if (Optional(element, name) is not { } array)
            return null;
        var numbers = array.EnumerateArray().Select(value => value.GetDouble()).ToArray();
        if (!Array.TrueForAll(numbers, double.IsFinite))
            throw new FormatException($"'{name}' holds a number that is not finite");
        return numbers.Length == count ? numbers : throw new FormatException($"'{name}' has {numbers.Length} numbers and not {count}");
    }

    private static FaceReconException Invalid(string path, string what, Exception? cause = null, int frame = -1) =>
        new(ErrorId.KeypointsInvalid, $"{path} {what}{(frame < 0 ? "" : $" in frame {frame}")}.", path, frame, cause);
}
