using System.Globalization;

namespace FaceRecon;

/// <summary>The legend of a heat map: its caption, a bar of its colours, and millimetres below the bar.</summary>
internal static class HeatLegend
{
    /// <summary>Rows that it takes.</summary>
    public const int Height = 56;
    private const int BarWidth = 420, BarHeight = 14, BarTop = 10, TickLength = 4;
    private const double TextHeight = 11;
    private static readonly (byte, byte, byte) Ink = (45, 48, 54), Paper = (226, 226, 226);

    /// <summary>Draws it over rows <paramref name="top"/> to <paramref name="top"/> + <see cref="Height"/> of the image, in their middle.</summary>
    public static void Draw(ColorImage image, int top, HeatMap heat)
    {
        for (var y = top; y < top + Height; y++)
        for (var x = 0; x < image.Width; x++)
            Set(image, x, y, Paper);
        var left = (image.Width - BarWidth) / 2;
        for (var x = 0; x < BarWidth; x++)
        {
            var color = heat.Scale.ColorOf(heat.Scale.Low + (heat.Scale.High - heat.Scale.Low) * x / (BarWidth - 1));
            for (var y = 0; y < BarHeight; y++)
                Set(image, left + x, top + BarTop + y, color);
        }
        var below = top + BarTop + BarHeight;
        StrokeFont.Draw(image, heat.Caption, left - 14 - StrokeFont.Width(heat.Caption, TextHeight), top + BarTop + 2, TextHeight, Ink);
        StrokeFont.Draw(image, "mm", left + BarWidth + 14, top + BarTop + 2, TextHeight, Ink);
        foreach (var tick in heat.Scale.Ticks())
        {
            var x = left + (tick - heat.Scale.Low) / (heat.Scale.High - heat.Scale.Low) * (BarWidth - 1);
            for (var y = 0; y < TickLength; y++)
                Set(image, (int)Math.Round(x), below + y, Ink);
            var text = Millimetres(tick);
            StrokeFont.Draw(image, text, x - StrokeFont.Width(text, TextHeight) / 2, below + TickLength + 4, TextHeight, Ink);
        }
    }

    /// <summary>A length as a legend has it.</summary>
    public static string Millimetres(double length) => (1000 * length).ToString("0.#####", CultureInfo.InvariantCulture);

    private static void Set(ColorImage image, int x, int y, (byte Red, byte Green, byte Blue) color)
    {
        var i = 3 * (y * image.Width + x);
        (image.Pixels[i], image.Pixels[i + 1], image.Pixels[i + 2]) = color;
    }
}
