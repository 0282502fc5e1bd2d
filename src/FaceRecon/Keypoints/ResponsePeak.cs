using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>A local maximum of a detector's response.</summary>
/// <param name="X">Column between pixels of the response map.</param>
/// <param name="Y">Row.</param>
/// <param name="Strength">The response there.</param>
internal readonly record struct ResponsePeak(float X, float Y, float Strength)
{
    /// <summary>
    /// All pixels that exceed their eight neighbours, the strongest first, each moved to the peak of the quadratic
    /// through the nine.
    /// </summary>
    /// <param name="map">Responses, row-major.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="least">Responses up to this are none.</param>
    /// <param name="peaks">Cleared, then filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Find(ReadOnlySpan<float> map, int width, int height, float least, List<ResponsePeak> peaks)
    {
        peaks.Clear();
        for (var y = 1; y < height - 1; y++)
        {
            var above = map.Slice((y - 1) * width, width);
            var row = map.Slice(y * width, width);
            var below = map.Slice((y + 1) * width, width);
            for (var x = 1; x < width - 1; x++)
            {
                var value = row[x];
                // Of two alike the first counts.
                if (value > least && value > row[x - 1] && value >= row[x + 1] &&
                    value > above[x - 1] && value > above[x] && value > above[x + 1] &&
                    value >= below[x - 1] && value >= below[x] && value >= below[x + 1])
                    peaks.Add(Refine(above, row, below, x, y));
            }
        }
        peaks.Sort((a, b) => a.Strength != b.Strength ? b.Strength.CompareTo(a.Strength) : a.Y != b.Y ? a.Y.CompareTo(b.Y) : a.X.CompareTo(b.X));
    }

    // The least-squares quadratic over 3x3 (facet model; Haralick and Shapiro 1992).
    private static ResponsePeak Refine(ReadOnlySpan<float> above, ReadOnlySpan<float> row, ReadOnlySpan<float> below, int x, int y)
    {
        float a = above[x - 1], b = above[x], c = above[x + 1], d = row[x - 1], e = row[x], f = row[x + 1], g = below[x - 1], h = below[x], i = below[x + 1];
        var gx = (c + f + i - a - d - g) / 6;
        var gy = (g + h + i - a - b - c) / 6;
        var xx = (a + c + d + f + g + i - 2 * (b + e + h)) / 3;
        var yy = (a + b + c + g + h + i - 2 * (d + e + f)) / 3;
        var xy = (a + i - c - g) / 4;
        var determinant = xx * yy - xy * xy;
        if (!(determinant > 0 && xx < 0))
            return new ResponsePeak(x, y, e);
        var dx = Math.Clamp((xy * gy - yy * gx) / determinant, -0.7f, 0.7f);
        var dy = Math.Clamp((xy * gx - xx * gy) / determinant, -0.7f, 0.7f);
        return new ResponsePeak(x + dx, y + dy, e);
    }

    /// <summary>
    /// The peaks that keep the greatest distance to stronger ones (adaptive non-maximal suppression; Brown, Szeliski and
    /// Winder, CVPR 2005): strong where there are many, spread to where there are few, and no threshold.
    /// </summary>
    /// <param name="peaks">Strongest first.</param>
    /// <param name="count">How many to keep.</param>
    /// <returns>Indices into <paramref name="peaks"/>, the strongest first.</returns>
    public static int[] Spread(ReadOnlySpan<ResponsePeak> peaks, int count)
    {
        // A peak is suppressed only by one clearly stronger, so that noise does not decide.
        const float Robustness = 0.9f;
        var kept = new int[peaks.Length];
        var distances = new float[peaks.Length];
        for (var i = 0; i < peaks.Length; i++)
        {
            var nearest = float.MaxValue;
            for (var j = 0; j < i && Robustness * peaks[j].Strength > peaks[i].Strength; j++)
            {
                var (dx, dy) = (peaks[j].X - peaks[i].X, peaks[j].Y - peaks[i].Y);
                nearest = Math.Min(nearest, dx * dx + dy * dy);
            }
            (kept[i], distances[i]) = (i, -nearest);
        }
        Array.Sort(distances, kept);
        if (count < kept.Length)
            kept = kept[..count];
        Array.Sort(kept);
        return kept;
    }
}
