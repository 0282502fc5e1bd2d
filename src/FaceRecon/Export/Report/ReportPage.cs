using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaceRecon;

/// <summary>The pictures of a report.</summary>
/// <param name="Preview">The face, JPEG.</param>
/// <param name="DepthCorrection">The map of the depth correction, PNG; null where there is none.</param>
internal sealed record ReportPictures(byte[] Preview, byte[]? DepthCorrection);

/// <summary>
/// report.html: what report.json says, for people; one page that needs nothing else, to be kept and printed. Every number on it
/// comes from the JSON of the same report.
/// </summary>
internal sealed class ReportPage
{
    /// <summary>What the map of the depth correction shows in full colour, metres.</summary>
    public const double MapRange = 0.003;
    // More rows than this no one reads.
    private const int MostRows = 600;

    private readonly ReportValues _values;
    private readonly ReportPictures _pictures;
    private readonly StringBuilder _body = new();

    private ReportPage(JsonObject report, ReportPictures pictures) => (_values, _pictures) = (new ReportValues(report), pictures);

    /// <summary>Writes the page as UTF-8.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="report">The report as <see cref="ReconstructionReport.ToJson"/> has it.</param>
    /// <param name="pictures">Its pictures.</param>
    public static void Write(Stream stream, JsonObject report, ReportPictures pictures)
    {
        var page = new ReportPage(report, pictures);
        page.Compose();
        var style = PageTemplate.Resource("report.css");
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        PageTemplate.Write(writer, PageTemplate.Resource("report.html"), name => name switch
        {
            "csp" => PageTemplate.ContentPolicy(style, null),
            "title" => ReportValues.Escape(page.Title),
            "style" => style,
            "body" => page._body.ToString(),
            _ => throw new InvalidOperationException($"The page has no {name}."),
        });
    }

    private string Title => _values.Text("capture") is { Length: > 0 } capture ? capture.TrimEnd('/', '\\').Split('/', '\\')[^1] : "Face";

    private void Compose()
    {
        Add($"<header><p>Face reconstruction &#183; FaceRecon {_values.Escaped("version")} &#183; {_values.Escaped("created")}</p><h1>{ReportValues.Escape(Title)}</h1></header>");
        AddSummary();
        AddPreview();
        AddFrames();
        AddCoverage();
        if (_values.At("optimization") is not null)
            AddOptimization();
        AddTime();
        AddProvenance();
    }

    private void Add(string html) => _body.Append(html).Append('\n');

    private void AddSummary()
    {
        Add("<dl class=\"tiles\">");
        Tile("Frames used", $"{_values.Shown("accepted")} of {_values.Number("accepted") + _values.Number("rejected")}", $"{_values.Numbers("keyframes").Count} with their depth");
        Tile("Face covered", _values.Shown("coverage.face_share", "0.0", "%", 100), $"seen from {_values.Shown("coverage.yaw_from_degrees", "0", ReportValues.Degree)} to {_values.Shown("coverage.yaw_to_degrees", "0", ReportValues.Degree)}");
        Tile("Frames agree within", _values.Shown("residual_median_millimetre", "0.00", "mm"), "median of their rms to the model");
        Tile("Noise of the face", _values.Shown(_values.Number("uncertainty.face_median_millimetre") is null ? "uncertainty.median_millimetre" : "uncertainty.face_median_millimetre", "0.00", "mm"),
            $"median sigma; 95 % below {_values.Shown(_values.Number("uncertainty.face_p95_millimetre") is null ? "uncertainty.p95_millimetre" : "uncertainty.face_p95_millimetre", "0.00", "mm")}");
        Tile("Depth error corrected", _values.Shown("optimization.depth_error_millimetre", "0.00", "mm"), $"rms, of it {_values.Shown("optimization.shared_depth_error_millimetre", "0.00", "mm")} the camera's own");
        Tile("Mesh", _values.Shown("vertices", "N0"), $"vertices; {_values.Shown("triangles", "N0")} triangles");
        Tile("Area", _values.Shown("surface_area_cm2", "0", "cm\u00b2"), $"from {_values.Shown("points", "N0")} points");
        Tile("Time", $"{_values.Report["seconds"]!.AsObject().Sum(stage => ReportValues.Real(stage.Value)).ToString("0.0", CultureInfo.InvariantCulture)}\u00a0s", $"on {_values.Shown("runtime.processors")} cores");
        Add("</dl>");
        if (_values.At("warnings") is JsonArray { Count: > 0 } warnings)
            Add($"<ul class=\"warnings\">{string.Concat(warnings.Select((_, i) => $"<li>{_values.Escaped($"warnings.{i}")}</li>"))}</ul>");
        else
            Add("<p class=\"clear\">No warnings: nothing is beyond the limits that are checked.</p>");
    }

    private void Tile(string name, string value, string more) => Add($"<div><dt>{name}</dt><dd>{value}<small>{more}</small></dd></div>");

    private void AddPreview()
    {
        Add("<h2>The face</h2>");
        Add($"<figure><img alt=\"The face from both sides and the front, in colour, in clay, and by its uncertainty\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(_pictures.Preview)}\">");
        Add("<figcaption>From the subject's right profile to the left one: in colour, in clay, and by sigma, the standard deviation along the surface's normal that the noise of the depth leaves. What all frames have wrong in common is not in sigma.</figcaption></figure>");
    }

    private void AddFrames()
    {
        Add("<h2>Frames</h2>");
        Add($"<figure>{ReportFigures.Frames(_values)}<figcaption>Every frame of the capture in its order. The first accepted frame has nothing to differ from. Red: left out.</figcaption></figure>");
        var frames = _values.List("frames");
        var rejected = Enumerable.Range(0, frames.Count).Where(i => !(bool)frames[i]["accepted"]!).ToArray();
        if (rejected.Length > 0)
        {
            Add("<h3>Left out</h3><table><thead><tr><th class=\"number\">frames</th><th>why</th><th>which</th></tr></thead><tbody>");
            foreach (var reason in rejected.GroupBy(i => Reason(frames[i])).OrderByDescending(group => group.Count()))
                Add($"<tr><td class=\"number\">{reason.Count()}</td><td>{_values.Escaped($"frames.{reason.First()}.rejection")}</td><td>{string.Join(", ", reason.Take(40).Select(i => _values.Shown($"frames.{i}.index")))}{(reason.Count() > 40 ? ", &#8230;" : "")}</td></tr>");
            Add("</tbody></table>");
        }
        Add("<details><summary>All frames as a table</summary><table><thead><tr><th class=\"number\">frame</th><th class=\"number\">time, s</th><th class=\"number\">residual, mm</th><th class=\"number\">inliers, %</th><th class=\"number\">observability</th><th class=\"number\">yaw</th><th class=\"number\">pitch</th><th></th></tr></thead><tbody>");
        for (var i = 0; i < Math.Min(frames.Count, MostRows); i++)
        {
            var accepted = (bool)frames[i]["accepted"]!;
            string Cell(string name, string format, double factor = 1) => $"<td class=\"number\">{_values.Shown($"frames.{i}.{name}", format, "", factor)}</td>";
            Add($"<tr{(accepted ? "" : " class=\"rejected\"")}>{Cell("index", "0")}{Cell("timestamp", "0.000")}" + (accepted
                ? $"{Cell("residual_rms_millimetre", "0.00")}{Cell("inlier_ratio", "0", 100)}{Cell("observability", "0.00")}{Cell("yaw_degrees", "0")}{Cell("pitch_degrees", "0")}<td></td></tr>"
                : $"<td colspan=\"5\"></td><td>{_values.Escaped($"frames.{i}.rejection")}</td></tr>"));
        }
        Add($"</tbody></table>{(frames.Count > MostRows ? "<p class=\"note\">The rest is in report.json.</p>" : "")}</details>");
    }

    // Reasons differ in their numbers and are one for all that.
    private static string Reason(JsonObject frame) => string.Concat(((string?)frame["rejection"] ?? "").Where(c => !char.IsDigit(c) && c != '.'));

    private void AddCoverage()
    {
        Add("<h2>Coverage and uncertainty</h2><div class=\"columns\">");
        Add($"<figure>{ReportFigures.Views(_values)}<figcaption>Places of the camera around the face, turn and height, as someone who faces the subject sees them; green: the first frame. Seen from {_values.Shown("coverage.yaw_from_degrees", "0", ReportValues.Degree)} to {_values.Shown("coverage.yaw_to_degrees", "0", ReportValues.Degree)} around and {_values.Shown("coverage.pitch_from_degrees", "0", ReportValues.Degree)} to {_values.Shown("coverage.pitch_to_degrees", "0", ReportValues.Degree)} in height. {_values.Shown("coverage.landmarks")} landmarks were seen; between them, from forehead to chin and ear to ear, {_values.Shown("coverage.face_share", "0.0", "%", 100)} has surface.</figcaption></figure>");
        if (_values.At("uncertainty") is not null)
            Add($"<figure>{ReportFigures.Sigma(_values)}<figcaption>Vertices of the whole mesh by sigma: median {_values.Shown("uncertainty.median_millimetre", "0.000", "mm")}, 95 % below {_values.Shown("uncertainty.p95_millimetre", "0.000", "mm")}. Of the face alone: {_values.Shown("uncertainty.face_median_millimetre", "0.000", "mm")} and {_values.Shown("uncertainty.face_p95_millimetre", "0.000", "mm")}.</figcaption></figure>");
        Add("</div>");
    }

    private void AddOptimization()
    {
        Add("<h2>Poses and depth, optimised together</h2>");
        Add($"<p>{(_values.Text("optimization.converged") == "true" ? "Converged" : "Not converged")} after {_values.Shown("optimization.iterations")} steps; poses moved the head by {_values.Shown("optimization.pose_change_millimetre", "0.00", "mm")} (rms). Estimated error of the depth: {_values.Shown("optimization.depth_error_millimetre", "0.00", "mm")} rms, of it {_values.Shown("optimization.shared_depth_error_millimetre", "0.00", "mm")} the same in all frames. Factor on the focal length: {_values.Shown("optimization.focal_scale", "0.0000")}.</p>");
        var terms = _values.List("optimization.terms");
        var most = terms.Select(term => Math.Max(ReportValues.Real(term["cost_before"]), ReportValues.Real(term["cost_after"]))).DefaultIfEmpty(1).Max();
        var hasInliers = terms.Any(term => term.ContainsKey("inliers"));
        Add($"<table><thead><tr><th>term of the loss</th><th class=\"number\">tracks</th><th class=\"number\">residuals</th>{(hasInliers ? "<th class=\"number\">inliers</th>" : "")}<th class=\"number\">before</th><th class=\"number\">after</th><th>before (faint) and after</th></tr></thead><tbody>");
        for (var i = 0; i < terms.Count; i++)
        {
            string Cell(string name, string format = "N0") => $"<td class=\"number\">{_values.Shown($"optimization.terms.{i}.{name}", format)}</td>";
            string Bar(string name, string style) => ReportFigures.InlineBar(ReportValues.Real(terms[i][name]) / most, style);
            Add($"<tr><td>{_values.Escaped($"optimization.terms.{i}.name")}</td>{Cell("tracks")}{Cell("residuals")}{(hasInliers ? Cell("inliers") : "")}{Cell("cost_before")}{Cell("cost_after")}<td>{Bar("cost_before", "faint")}{Bar("cost_after", "bar")}</td></tr>");
        }
        Add("</tbody></table>");
        Add("<div class=\"columns\"><div><h3>What the capture could tell</h3><p class=\"note\">Parts of the correction that could be mistaken for pose or size: 100 % where the capture alone decides, 0 % where it says nothing and what was believed beforehand stays.</p>");
        Add("<table><thead><tr><th>part</th><th class=\"number\">estimate</th><th class=\"number\">sigma</th><th class=\"number\">told by the capture</th><th></th></tr></thead><tbody>");
        var modes = _values.List("optimization.observability");
        for (var i = 0; i < modes.Count; i++)
        {
            // A ratio is read in parts per thousand, a length in millimetres: both are thousandths.
            var unit = (string?)modes[i]["name"] == "scale" ? "\u2030" : "mm";
            string Cell(string name) => $"<td class=\"number\">{_values.Shown($"optimization.observability.{i}.{name}", "0.00", unit, 1000)}</td>";
            Add($"<tr><td>{_values.Escaped($"optimization.observability.{i}.name")}</td>{Cell("estimate")}{Cell("sigma")}<td class=\"number\">{_values.Shown($"optimization.observability.{i}.observed", "0", "%", 100)}</td><td>{ReportFigures.InlineBar(ReportValues.Real(modes[i]["observed"]), "bar")}</td></tr>");
        }
        Add("</tbody></table></div>");
        if (_pictures.DepthCorrection is { } map)
        {
            Add($"<figure><h3>Depth correction of the camera</h3><img class=\"map\" alt=\"Map of the depth correction over the image\" src=\"data:image/png;base64,{Convert.ToBase64String(map)}\">");
            Add(string.Create(CultureInfo.InvariantCulture, $"<figcaption>Added to the depth of every frame, over the image: red is moved away, blue nearer, full colour at {1000 * MapRange:0.#} mm. Where no head was, it is only continued.</figcaption></figure>"));
        }
        Add("</div>");
    }

    private void AddTime()
    {
        var seconds = _values.Report["seconds"]!.AsObject();
        if (seconds.Count == 0)
            return;
        Add("<h2>Time</h2><table><thead><tr><th>stage</th><th class=\"number\">seconds</th><th></th></tr></thead><tbody>");
        var most = seconds.Max(stage => ReportValues.Real(stage.Value));
        foreach (var (stage, time) in seconds)
            Add($"<tr><td>{ReportValues.Escape(stage)}</td><td class=\"number\">{_values.Shown($"seconds.{stage}", "0.00")}</td><td>{ReportFigures.InlineBar(ReportValues.Real(time) / Math.Max(most, 1e-9), "bar")}</td></tr>");
        Add("</tbody></table><p class=\"note\">Stages one after the other. Reading, clouds, keypoints and merging overlap and are one, frames.</p>");
    }

    private void AddProvenance()
    {
        Add("<h2>How it was made</h2>");
        if (_values.Text("command").Length > 0)
            Add($"<p>The command:</p><pre><code>{_values.Escaped("command")}</code></pre>");
        Add("<table><tbody>");
        void Row(string name, string value) => Add($"<tr><td>{name}</td><td>{value}</td></tr>");
        Row("capture", $"{_values.Escaped("capture")}{(_values.Text("layout").Length > 0 ? $" ({_values.Escaped("layout")})" : "")}");
        if (_values.At("intrinsics") is not null)
            Row("camera", $"{_values.Shown("intrinsics.width")} &#215; {_values.Shown("intrinsics.height")} pixels, focal length {_values.Shown("intrinsics.fx", "0.00")} and {_values.Shown("intrinsics.fy", "0.00")}, principal point {_values.Shown("intrinsics.cx", "0.00")}, {_values.Shown("intrinsics.cy", "0.00")}");
        Row("FaceRecon", _values.Escaped("version"));
        Row("ran on", $"{_values.Escaped("runtime.framework")}, {_values.Escaped("runtime.operating_system")}, {_values.Escaped("runtime.architecture")}, {_values.Shown("runtime.processors")} cores");
        if (_values.Text("fingerprint").Length > 0)
            Row("fingerprint", $"<code>{_values.Escaped("fingerprint")}</code><br><span class=\"note\">of the capture's contents, the options and the version: the same again is the same result</span>");
        for (var i = 0; i < _values.List("models").Count; i++)
            Row("model", $"{_values.Escaped($"models.{i}.name")}<br><code>SHA-256 {_values.Escaped($"models.{i}.sha256")}</code>");
        Add("</tbody></table>");
        if (_values.At("options") is JsonObject options)
            AddOptions(options);
    }

    private void AddOptions(JsonObject options)
    {
        var defaults = Flat("", ReportOptions.Of(new ReconstructionOptions())).ToDictionary();
        var rows = Flat("", options).ToArray();
        bool IsChanged(KeyValuePair<string, string> row) => defaults.TryGetValue(row.Key, out var value) ? value != row.Value : row.Value != "null";
        void Table(IEnumerable<KeyValuePair<string, string>> which)
        {
            Add("<table><thead><tr><th>option</th><th>value</th><th>default</th></tr></thead><tbody>");
            foreach (var row in which)
                Add($"<tr{(IsChanged(row) ? " class=\"changed\"" : "")}><td>{ReportValues.Escape(row.Key)}</td><td><span data-of=\"options.{ReportValues.Escape(row.Key)}\">{ReportValues.Escape(row.Value)}</span></td><td>{ReportValues.Escape(defaults.GetValueOrDefault(row.Key, ""))}</td></tr>");
            Add("</tbody></table>");
        }
        if (rows.Any(IsChanged))
        {
            Add("<h3>Options that are not the default</h3>");
            Table(rows.Where(IsChanged));
        }
        else
        {
            Add("<p>All options are the defaults of this version.</p>");
        }
        Add("<details><summary>All options</summary><p class=\"note\">Lengths in metres, angles in radians.</p>");
        Table(rows);
        Add("</details>");
    }

    /// <summary>Every value with its path.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Flat(string path, JsonNode? node)
    {
        if (node is not JsonObject parent)
            return [new(path, node is null ? "null" : node.GetValueKind() == JsonValueKind.String ? (string)node! : node.ToJsonString())];
        return parent.SelectMany(child => Flat(path.Length == 0 ? child.Key : $"{path}.{child.Key}", child.Value));
    }
}
