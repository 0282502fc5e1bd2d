using System.Globalization;
using System.Text;

namespace FaceRecon;

/// <summary>A drawing within a page. Its colours are the page's: everything has a class and no style of its own.</summary>
internal sealed class SvgDrawing
{
    private readonly StringBuilder _svg = new();

    /// <summary>An empty drawing of this size, which the page scales: as a whole, or, with a style, as the style wants it.</summary>
    public SvgDrawing(double width, double height, string? style = null) => _svg.Append(CultureInfo.InvariantCulture,
        $"<svg{(style is null ? "" : $" class=\"{style}\" preserveAspectRatio=\"none\"")} viewBox=\"0 0 {width:0.##} {height:0.##}\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">");

    /// <summary>A filled rectangle; what it is shows where the pointer rests on it.</summary>
    public void Bar(double x, double y, double width, double height, string style, string title, double opacity = 1)
    {
        _svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"{style}\" x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\"");
        if (opacity < 1)
            _svg.Append(CultureInfo.InvariantCulture, $" opacity=\"{opacity:0.##}\"");
        Close("rect", title);
    }

    /// <summary>A disc.</summary>
    public void Dot(double x, double y, double radius, string style, string title)
    {
        _svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"{style}\" cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.##}\"");
        Close("circle", title);
    }

    /// <summary>A straight line.</summary>
    public void Segment(double x1, double y1, double x2, double y2, string style) =>
        _svg.Append(CultureInfo.InvariantCulture, $"<line class=\"{style}\" x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\"/>");

    /// <summary>A line through points.</summary>
    public void Line(IEnumerable<(double X, double Y)> points, string style) =>
        _svg.Append($"<polyline class=\"{style}\" fill=\"none\" points=\"{string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}")))}\"/>");

    /// <summary>Text at a place: its start, middle or end.</summary>
    public void Text(double x, double y, string text, string anchor = "start") =>
        _svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\">{ReportValues.Escape(text)}</text>");

    /// <summary>Horizontal lines of a diagram between two heights, each with its label to the left.</summary>
    public void Axis(double left, double right, double top, double bottom, IEnumerable<(double Share, string Label)> ticks)
    {
        foreach (var (share, label) in ticks)
        {
            var y = bottom - share * (bottom - top);
            Segment(left, y, right, y, share == 0 ? "zero" : "axis");
            Text(left - 5, y + 4, label, "end");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _svg.ToString() + "</svg>";

    private void Close(string element, string title) =>
        _svg.Append(title.Length == 0 ? "/>" : $"><title>{ReportValues.Escape(title)}</title></{element}>");
}
