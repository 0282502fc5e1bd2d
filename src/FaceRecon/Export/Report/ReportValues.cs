using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaceRecon;

/// <summary>
/// The values of report.json as HTML. Every number on the page is taken from there by its path, and says so:
/// <c>data</c> elements carry the path and the value as the file has it beside the rounded one that is read.
/// </summary>
internal sealed class ReportValues(JsonObject report)
{
    /// <summary>The one unit that follows its number without a space.</summary>
    public const string Degree = "\u00b0";
    private const string Unknown = "<span class=\"unknown\">not known</span>";

    /// <summary>The whole.</summary>
    public JsonObject Report => report;

    /// <summary>What stands at a path, as in <c>optimization.terms.0.name</c>; null where nothing does.</summary>
    public JsonNode? At(string path)
    {
        JsonNode? node = report;
        foreach (var part in path.Split('.'))
            node = node switch
            {
                JsonObject parent => parent[part],
                JsonArray list when int.Parse(part, CultureInfo.InvariantCulture) is var i && i < list.Count => list[i],
                _ => null,
            };
        return node;
    }

    /// <summary>The number at a path; null where there is none.</summary>
    public double? Number(string path) => At(path) is { } node && node.GetValueKind() == JsonValueKind.Number ? node.GetValue<double>() : null;

    /// <summary>A number; 0 for what is none, as infinity is in JSON.</summary>
    public static double Real(JsonNode? node) => node is not null && node.GetValueKind() == JsonValueKind.Number ? node.GetValue<double>() : 0;

    /// <summary>The text at a path; empty where there is none.</summary>
    public string Text(string path) => At(path)?.ToString() ?? "";

    /// <summary>The objects of the list at a path.</summary>
    public IReadOnlyList<JsonObject> List(string path) => At(path) is JsonArray list ? [.. list.OfType<JsonObject>()] : [];

    /// <summary>The numbers of the list at a path.</summary>
    public IReadOnlyList<double> Numbers(string path) => At(path) is JsonArray list ? [.. list.Select(Real)] : [];

    /// <summary>The number at a path, as it is read, with its unit.</summary>
    /// <param name="path">The path.</param>
    /// <param name="format">How it is rounded, as in 0.00.</param>
    /// <param name="unit">What follows it.</param>
    /// <param name="factor">What it is multiplied by to have the unit.</param>
    public string Shown(string path, string format = "0", string unit = "", double factor = 1)
    {
        if (Number(path) is not { } number)
            return Unknown;
        var text = (factor * number).ToString(format, CultureInfo.InvariantCulture);
        // Figures in groups, as far as they are whole.
        if (format == "N0")
            text = number.ToString("#,0", CultureInfo.InvariantCulture);
        return $"<data data-of=\"{Escape(path)}\" value=\"{number.ToString("R", CultureInfo.InvariantCulture)}\">{text.Replace('-', '\u2212')}</data>{(unit.Length > 0 && unit != Degree ? "\u00a0" : "")}{unit}";
    }

    /// <summary>The text at a path.</summary>
    public string Escaped(string path) => Text(path) is { Length: > 0 } text ? $"<span data-of=\"{Escape(path)}\">{Escape(text)}</span>" : Unknown;

    /// <summary>Any text as part of a page.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);
}
