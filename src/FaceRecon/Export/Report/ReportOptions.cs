using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaceRecon;

/// <summary>
/// Options as a report has them: every value by its name, those that are whole files in a few words. Read one by one, as a serializer
/// would spend a tenth of a second of every run on preparing to read them often.
/// </summary>
internal static class ReportOptions
{
    // Told elsewhere in the report, or about the run and not about what it makes.
    private static readonly string[] LeftOut = [nameof(ExportOptions.Command), nameof(ExportOptions.Force)];

    /// <summary>The options as JSON.</summary>
    /// <param name="options">A record of options, which may hold others.</param>
    /// <param name="without">Names of those that are not wanted, wherever they stand.</param>
    public static JsonNode Of(object options, params IReadOnlyList<string> without)
    {
        var node = new JsonObject();
        foreach (var property in options.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
            if (!LeftOut.Contains(property.Name) && !without.Contains(property.Name))
                node[JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)] = Value(property.GetValue(options), without);
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
        _ => Of(value, without),
    };
}
