using System.Globalization;

namespace FaceRecon;

/// <summary>The drawings of a report, as SVG within the page; what they draw is what report.json says.</summary>
internal static class ReportFigures
{
    private const int Width = 980;
    // Of more frames than there is room for, several share a bar and every n-th has a dot.
    private const int MostMarks = 490;

    /// <summary>How well each frame fits, and which were left out, from the first to the last.</summary>
    public static string Frames(ReportValues values)
    {
        const int left = 46, top = 14, residualHeight = 110, gap = 30, inlierHeight = 60, bottom = top + residualHeight + gap + inlierHeight;
        var frames = values.List("frames");
        var keyframes = values.Numbers("keyframes").ToHashSet();
        var entries = frames.Select(frame => (
            Index: (int)frame["index"]!, Accepted: (bool)frame["accepted"]!, Residual: Math.Max(0, ReportValues.Real(frame["residual_rms_millimetre"])),
            Inliers: ReportValues.Real(frame["inlier_ratio"]), Rejection: (string?)frame["rejection"])).ToArray();
        var share = (entries.Length + MostMarks - 1) / MostMarks;
        var bars = entries.Chunk(Math.Max(1, share)).ToArray();
        var most = NiceCeiling(entries.Where(entry => entry.Accepted).Select(entry => entry.Residual).DefaultIfEmpty(1).Max());
        var step = (Width - left) / (double)bars.Length;
        var svg = new SvgDrawing(Width, bottom + 22);
        svg.Text(left, 9, "residual, rms in mm (faint: pose used, and not its depth)");
        svg.Axis(left, Width, top, top + residualHeight, [(0, "0"), (0.5, Plain(most / 2)), (1, Plain(most))]);
        svg.Text(left, top + residualHeight + gap - 6, "share of points that found their partner");
        svg.Axis(left, Width, bottom - inlierHeight, bottom, [(0, "0 %"), (1, "100 %")]);
        for (var b = 0; b < bars.Length; b++)
        {
            var (bar, x) = (bars[b], left + b * step);
            var accepted = bar.Where(entry => entry.Accepted).ToArray();
            var name = bar.Length == 1 ? $"frame {bar[0].Index}" : $"frames {bar[0].Index} to {bar[^1].Index}";
            if (accepted.Length < bar.Length)
                svg.Bar(x, top, Math.Max(step - 1, 1), residualHeight + gap + inlierHeight, "bad", $"{name}: {bar.First(entry => !entry.Accepted).Rejection}", opacity: 0.8 - 0.6 * accepted.Length / bar.Length);
            if (accepted.Length == 0)
                continue;
            var residual = accepted.Max(entry => entry.Residual);
            var height = residualHeight * Math.Min(1, residual / most);
            svg.Bar(x, top + residualHeight - Math.Max(height, 1.5), Math.Max(step - 1, 0.8), Math.Max(height, 1.5), accepted.Any(entry => keyframes.Contains(entry.Index)) ? "bar" : "faint",
                $"{name}: residual {Plain(residual)} mm, inliers {Plain(100 * accepted.Min(entry => entry.Inliers))} %");
        }
        svg.Line(bars.Select((bar, b) => (X: left + (b + 0.5) * step, Accepted: bar.Where(entry => entry.Accepted).ToArray())).Where(bar => bar.Accepted.Length > 0)
            .Select(bar => (bar.X, bottom - inlierHeight * bar.Accepted.Min(entry => entry.Inliers))), "line");
        foreach (var b in Ticks(bars.Length))
            svg.Text(left + (b + 0.5) * step, bottom + 15, $"{bars[b][0].Index}", "middle");
        return svg.ToString();
    }

    /// <summary>From where the face was seen, as someone who faces it sees the places of the camera.</summary>
    public static string Views(ReportValues values)
    {
        const int width = 470, height = 250, reachX = 100, reachY = 50;
        double X(double yaw) => width / 2.0 * (1 + Math.Clamp(yaw, -reachX, reachX) / reachX);
        double Y(double pitch) => height / 2.0 * (1 - Math.Clamp(pitch, -reachY, reachY) / reachY);
        var svg = new SvgDrawing(width, height + 20);
        for (var yaw = -90; yaw <= 90; yaw += 30)
        {
            svg.Segment(X(yaw), 0, X(yaw), height, yaw == 0 ? "zero" : "axis");
            svg.Text(X(yaw), height + 14, Degrees(yaw), "middle");
        }
        for (var pitch = -30; pitch <= 30; pitch += 30)
        {
            svg.Segment(0, Y(pitch), width, Y(pitch), pitch == 0 ? "zero" : "axis");
            svg.Text(3, Y(pitch) - 3, Degrees(pitch));
        }
        svg.Text(width - 4, 11, "subject's left", "end");
        svg.Text(4, 11, "subject's right");
        var all = values.List("frames").Where(frame => frame["yaw_degrees"] is not null).ToArray();
        var every = Math.Max(1, (all.Length + MostMarks - 1) / MostMarks);
        var seen = all.Where((_, i) => i % every == 0).ToArray();
        svg.Line(seen.Select(frame => (X(ReportValues.Real(frame["yaw_degrees"])), Y(ReportValues.Real(frame["pitch_degrees"])))), "axis");
        for (var i = 0; i < seen.Length; i++)
            svg.Dot(X(ReportValues.Real(seen[i]["yaw_degrees"])), Y(ReportValues.Real(seen[i]["pitch_degrees"])), i == 0 ? 4.5 : 3, i == 0 ? "first" : "dot", $"frame {seen[i]["index"]}: {seen[i]["yaw_degrees"]}\u00b0, {seen[i]["pitch_degrees"]}\u00b0");
        return svg.ToString();
    }

    /// <summary>Vertices by their standard deviation, with the median and what 95 % do not exceed.</summary>
    public static string Sigma(ReportValues values)
    {
        const int left = 46, width = 470, top = 16, height = 170;
        var histogram = values.Numbers("uncertainty.histogram");
        var bin = values.Number("uncertainty.bin_millimetre") ?? 1;
        var most = histogram.Max();
        var step = (width - left) / (double)histogram.Count;
        var svg = new SvgDrawing(width, top + height + 34);
        svg.Axis(left, width, top, top + height, [(0, "0"), (1, most.ToString("#,0", CultureInfo.InvariantCulture))]);
        for (var b = 0; b < histogram.Count; b++)
        {
            var size = most > 0 ? height * histogram[b] / most : 0;
            var range = b < histogram.Count - 1 ? $"{Plain(b * bin)} to {Plain((b + 1) * bin)} mm" : $"more than {Plain(b * bin)} mm";
            svg.Bar(left + b * step, top + height - size, Math.Max(step - 1, 0.8), size, b < histogram.Count - 1 ? "bar" : "bad", $"{range}: {histogram[b]:#,0} vertices");
        }
        var end = (histogram.Count - 1) * bin;
        for (var tick = 0; tick <= 4; tick++)
            svg.Text(left + tick / 4.0 * (histogram.Count - 1) * step, top + height + 15, Plain(tick / 4.0 * end), "middle");
        svg.Text(width, top + height + 30, "standard deviation, mm; the last bar: more", "end");
        foreach (var (path, name) in (ReadOnlySpan<(string, string)>)[("uncertainty.median_millimetre", "median"), ("uncertainty.p95_millimetre", "95 %")])
        {
            var x = left + Math.Min(values.Number(path) ?? 0, end + bin) / bin * step;
            svg.Segment(x, top - 4, x, top + height, "badline");
            var isFarRight = x > width - 40;
            svg.Text(isFarRight ? x - 3 : x + 3, top + 4, name, isFarRight ? "end" : "start");
        }
        return svg.ToString();
    }

    /// <summary>A number beside others as a bar, in the cell of a table.</summary>
    public static string InlineBar(double share, string style)
    {
        var svg = new SvgDrawing(100, 1, "inline");
        svg.Bar(0, 0, 100, 1, "ground", "");
        svg.Bar(0, 0, 100 * Math.Clamp(share, 0, 1), 1, style, "");
        return svg.ToString();
    }

    private static string Plain(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Degrees(int angle) => $"{angle.ToString(CultureInfo.InvariantCulture).Replace('-', '\u2212')}\u00b0";

    private static IEnumerable<int> Ticks(int count)
    {
        var step = Math.Max(1, (int)NiceCeiling(count / 12.0));
        for (var i = 0; i < count; i += step)
            yield return i;
    }

    /// <summary>The least of 1, 2, 5 times a power of ten that is not less.</summary>
    private static double NiceCeiling(double number)
    {
        if (!(number > 0 && double.IsFinite(number)))
            return 1;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(number)));
        return unit * (number <= unit ? 1 : number <= 2 * unit ? 2 : number <= 5 * unit ? 5 : 10);
    }
}
