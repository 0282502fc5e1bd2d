using System.Text.Json;

namespace FaceRecon;

/// <summary>Reads numbers out of a JSON object of a capture, with errors that name the file and the field.</summary>
internal readonly struct JsonFields(JsonElement element, string source)
{
    /// <summary>Longest array of numbers that is read.</summary>
    private const int MaxArray = 4096;

    /// <summary>Parses a document; <paramref name="source"/> is the file it came from.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.IntrinsicsInvalid"/>: it is not a JSON object.</exception>
    internal static JsonFields Parse(ReadOnlyMemory<byte> json, string source)
    {
        try
        {
            var lenient = new JsonDocumentOptions { MaxDepth = 16, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using var document = JsonDocument.Parse(json, lenient);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new(document.RootElement.Clone(), source)
                : throw new FaceReconException(ErrorId.IntrinsicsInvalid, $"{source} is not a JSON object.", source);
        }
        catch (JsonException e)
        {
            throw new FaceReconException(ErrorId.IntrinsicsInvalid,
                $"{source} is not valid JSON, in which every number is finite and NaN is none: {e.Message}", source, innerException: e);
        }
    }

    /// <summary>The exact text of a field, to compare two of them.</summary>
    internal string Text(string name) => element.TryGetProperty(name, out var value) ? value.GetRawText() : "";

    internal bool Has(string name) => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>The object in a field; null where it is absent.</summary>
    internal JsonFields? Object(string name)
    {
        if (!Has(name))
            return null;
        var value = element.GetProperty(name);
        return value.ValueKind == JsonValueKind.Object ? new JsonFields(value, source) : throw Invalid(name, "an object");
    }

    internal bool IsArray(string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array;

    internal string? String(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal double Number(string name) =>
        Has(name) ? Number(element.GetProperty(name), name) : throw Missing(name);

    internal double Number(string name, double otherwise) => Has(name) ? Number(name) : otherwise;

    internal int Integer(string name)
    {
        var number = Number(name);
        return number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue ? (int)number : throw Invalid(name, "a whole number");
    }

    /// <summary>The numbers in an array of <paramref name="fewest"/> or more.</summary>
    internal double[] Numbers(string name, int fewest)
    {
        if (!Has(name))
            throw Missing(name);
        var array = element.GetProperty(name);
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() < fewest || array.GetArrayLength() > MaxArray)
            throw Invalid(name, $"an array of {fewest} to {MaxArray} numbers");
        var numbers = new double[array.GetArrayLength()];
        var count = 0;
        foreach (var item in array.EnumerateArray())
            numbers[count++] = Number(item, name);
        return numbers;
    }

    private double Number(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Invalid(name, "a finite number");

    private FaceReconException Missing(string name) => new(ErrorId.IntrinsicsMissing, $"{source} states no {name}.", source);

    private FaceReconException Invalid(string name, string wanted) => new(ErrorId.IntrinsicsInvalid, $"{source}: {name} is not {wanted}.", source);
}
