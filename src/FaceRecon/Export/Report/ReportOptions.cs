using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FaceRecon;

/// <summary>Options as a report has them: every value by its name, those that are whole files in a few words.</summary>
internal static class ReportOptions
{
    // Told elsewhere in the report, or about the run and not about what it makes.
    private static readonly string[] LeftOut = [Name(nameof(ExportOptions.Command)), Name(nameof(ExportOptions.Force))];

    /// <summary>The options as JSON.</summary>
    /// <param name="options">A record of options, which may hold others.</param>
    /// <param name="without">Names of those that are not wanted, wherever they stand.</param>
    public static JsonNode Of(object options, params IEnumerable<string> without) => Record(options, [.. LeftOut, .. without.Select(Name)]);

    private static JsonObject Record(object options, IReadOnlyList<string> without)
    {
        var type = ReportOptionsJson.Default.GetTypeInfo(options.GetType()) ?? throw new InvalidOperationException($"{options.GetType()} is no type of an option.");
        var node = new JsonObject();
        foreach (var property in type.Properties)
            if (!without.Contains(property.Name))
                node[property.Name] = Value(property.Get!(options), without);
        return node;
    }

    private static JsonNode? Value(object? value, IReadOnlyList<string> without) => value switch
    {
        null => null,
        DepthCorrection correction => $"{correction}",
        IReadOnlyList<FramePose> poses => $"{poses.Count} poses",
        string or Enum => value.ToString(),
        bool flag => flag,
        int number => number,
        // JSON has no infinity.
        double number => double.IsFinite(number) ? number : number.ToString(CultureInfo.InvariantCulture),
        IEnumerable list => new JsonArray([.. list.Cast<object>().Select(item => Value(item, without))]),
        _ => Record(value, without),
    };

    private static string Name(string property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property);
}

/// <summary>The options and all that they hold, listed by the compiler: none can be missing, in a program that is compiled ahead either.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ReconstructionOptions))]
internal sealed partial class ReportOptionsJson : JsonSerializerContext;
