namespace FaceRecon;

/// <summary>
/// Plain text in pictures: letters of straight strokes, drawn smooth at any size, so that a legend needs no font of the
/// machine and looks the same on all of them.
/// </summary>
internal static class StrokeFont
{
    // On a grid 6 high, with descenders to 8: points "xy", y down; bars part the strokes.
    private static readonly Dictionary<char, (int Width, string Strokes)> Glyphs = new()
    {
        ['0'] = (4, "10 30 41 45 36 16 05 01 10"), ['1'] = (2, "02 20 26"), ['2'] = (4, "01 10 30 41 42 06 46"), ['3'] = (4, "01 10 30 41 42 33 13|33 44 45 36 16 05"),
        ['4'] = (4, "36 30 04 44"), ['5'] = (4, "40 00 03 33 44 45 36 16 05"), ['6'] = (4, "41 30 10 01 05 16 36 45 44 33 13 04"), ['7'] = (4, "00 40 16"),
        ['8'] = (4, "13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33"), ['9'] = (4, "42 33 13 02 01 10 30 41 45 36 16 05"),
        ['.'] = (1, "05 06"), ['-'] = (3, "03 33"), ['+'] = (4, "03 43|21 25"), ['%'] = (4, "40 06|00 01|45 46"), ['/'] = (3, "30 06"), [' '] = (2, ""),
        ['a'] = (4, "12 32 43 46|44 14 05 16 36 45"), ['b'] = (4, "00 06|03 12 32 43 45 36 16 05"), ['c'] = (4, "43 32 12 03 05 16 36 45"), ['d'] = (4, "40 46|43 32 12 03 05 16 36 45"),
        ['e'] = (4, "04 44 43 32 12 03 05 16 36 45"), ['f'] = (3, "30 20 11 16|02 32"), ['g'] = (4, "42 47 38 18 07|43 32 12 03 05 16 36 45"), ['h'] = (4, "00 06|03 12 32 43 46"),
        ['i'] = (1, "02 06|00 00"), ['j'] = (2, "12 17 08|10 10"), ['k'] = (4, "00 06|42 04|14 46"), ['l'] = (1, "00 06"), ['m'] = (6, "02 06|03 12 22 33 36|33 42 52 63 66"),
        ['n'] = (4, "02 06|03 12 32 43 46"), ['o'] = (4, "12 32 43 45 36 16 05 03 12"), ['p'] = (4, "02 08|05 16 36 45 43 32 12 03"), ['q'] = (4, "42 48|45 36 16 05 03 12 32 43"),
        ['r'] = (3, "02 06|03 12 32"), ['s'] = (4, "43 32 12 03 14 34 45 36 16 05"), ['t'] = (3, "10 15 26 36|02 32"), ['u'] = (4, "02 05 16 36 45|42 46"), ['v'] = (4, "02 26 42"),
        ['w'] = (6, "02 16 33 56 62"), ['x'] = (4, "02 46|42 06"), ['y'] = (4, "02 26|42 18 08"), ['z'] = (4, "02 42 06 46"),
    };

    private const int GridHeight = 6, GridDepth = 8;
    private const double Gap = 1.6;

    /// <summary>Pixels that a text takes.</summary>
    public static double Width(string text, double height) =>
        height / GridHeight * (text.Sum(letter => GlyphOf(letter).Width + Gap) - (text.Length > 0 ? Gap : 0));

    /// <summary>Draws a text with the top of its tall letters at (left, top), in lower case; what the font lacks is left blank.</summary>
    /// <param name="image">Drawn upon.</param>
    /// <param name="text">The text.</param>
    /// <param name="left">Pixels.</param>
    /// <param name="top">Pixels.</param>
    /// <param name="height">Of a tall letter, pixels.</param>
    /// <param name="color">Red, green, blue.</param>
    public static void Draw(ColorImage image, string text, double left, double top, double height, (byte Red, byte Green, byte Blue) color)
    {
        var unit = height / GridHeight;
        foreach (var letter in text)
        {
            var (width, strokes) = GlyphOf(letter);
            DrawGlyph(image, strokes, left, top, width, unit, color);
            left += unit * (width + Gap);
        }
    }

    private static (int Width, string Strokes) GlyphOf(char letter) => Glyphs.GetValueOrDefault(char.ToLowerInvariant(letter), Glyphs[' ']);

    private static void DrawGlyph(ColorImage image, string strokes, double left, double top, int width, double unit, (byte Red, byte Green, byte Blue) color)
    {
        var halfWidth = Math.Max(0.6, 0.38 * unit);
        var margin = halfWidth + 1;
        var segments = Segments(strokes).ToArray();
        for (var y = Math.Max(0, (int)(top - margin)); y <= Math.Min(image.Height - 1, top + GridDepth * unit + margin); y++)
        for (var x = Math.Max(0, (int)(left - margin)); x <= Math.Min(image.Width - 1, left + width * unit + margin); x++)
        {
            var distance = double.MaxValue;
            foreach (var (from, to) in segments)
                distance = Math.Min(distance, DistanceToSegment((x - left) / unit, (y - top) / unit, from, to));
            Blend(image, x, y, Math.Clamp(halfWidth + 0.5 - distance * unit, 0, 1), color);
        }
    }

    private static IEnumerable<((int X, int Y) From, (int X, int Y) To)> Segments(string strokes)
    {
        foreach (var stroke in strokes.Split('|'))
        {
            var points = Array.ConvertAll(stroke.Split(' ', StringSplitOptions.RemoveEmptyEntries), point => (point[0] - '0', point[1] - '0'));
            for (var i = 1; i < points.Length; i++)
                yield return (points[i - 1], points[i]);
        }
    }

    private static double DistanceToSegment(double x, double y, (int X, int Y) from, (int X, int Y) to)
    {
        double dx = to.X - from.X, dy = to.Y - from.Y;
        var length = dx * dx + dy * dy;
        var along = length == 0 ? 0 : Math.Clamp(((x - from.X) * dx + (y - from.Y) * dy) / length, 0, 1);
        var (offX, offY) = (x - from.X - along * dx, y - from.Y - along * dy);
        return Math.Sqrt(offX * offX + offY * offY);
    }

    private static void Blend(ColorImage image, int x, int y, double share, (byte Red, byte Green, byte Blue) color)
    {
        if (share == 0)
            return;
        var i = 3 * (y * image.Width + x);
        image.Pixels[i] = Mixed(image.Pixels[i], color.Red);
        image.Pixels[i + 1] = Mixed(image.Pixels[i + 1], color.Green);
        image.Pixels[i + 2] = Mixed(image.Pixels[i + 2], color.Blue);

        byte Mixed(byte below, byte above) => (byte)Math.Round(below + share * (above - below));
    }
}
