using System.Numerics;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// A z-buffered image of four samples a pixel. Every second sample of every second row lies on a pixel's
/// centre, so one pass gives both the exact depth there and, through a 3x3 binomial filter, a colour
/// without stairs. Meshes arrive as vertices shaded beforehand whose triangles are about as small as a
/// pixel (micropolygons: Cook, Carpenter and Catmull, "The Reyes image rendering architecture", 1987).
/// </summary>
internal sealed class SampleBuffer
{
    /// <summary>Half of the fourth lane's range; mixing may lose a little of it.</summary>
    private const ulong Tag = 1UL << 63, TagTest = 1UL << 62;

    private readonly int _columns, _rows;
    private readonly float[] _inverseDepth;
    private readonly ulong[] _colors;

    public SampleBuffer(CameraIntrinsics camera)
    {
        Camera = camera;
        // One more line on each side than the centres need, for the filter's reach.
        (_columns, _rows) = (2 * camera.Width + 1, 2 * camera.Height + 1);
        _inverseDepth = new float[_columns * _rows];
        _colors = new ulong[_inverseDepth.Length];
    }

    /// <summary>The camera whose pixels these are.</summary>
    public CameraIntrinsics Camera { get; }

    /// <summary>Forgets the last image.</summary>
    public void Clear()
    {
        Array.Clear(_inverseDepth);
        Array.Clear(_colors);
    }

    /// <summary>
    /// Where camera-frame points fall in the buffer: (column, row, 1/z) in samples; z not positive gives 1/z = 0.
    /// </summary>
    public Vector3 Project(Vector3 point)
    {
        if (point.Z <= 0.01f)
            return Vector3.Zero;
        var inverse = 1 / point.Z;
        return new Vector3(
            2 * ((float)Camera.Fx * point.X * inverse + (float)Camera.Cx) + 1,
            2 * ((float)Camera.Fy * point.Y * inverse + (float)Camera.Cy) + 1,
            inverse);
    }

    /// <summary>Draws the triangles that face the camera.</summary>
    /// <param name="projected">Vertices from <see cref="Project"/>.</param>
    /// <param name="colors">Their linear colours from <see cref="PackColor"/>.</param>
    /// <param name="triangles">Three indices each, counter-clockwise seen from outside.</param>
    public void Draw(ReadOnlySpan<Vector3> projected, ReadOnlySpan<ulong> colors, ReadOnlySpan<int> triangles)
    {
        for (var t = 0; t < triangles.Length; t += 3)
        {
            var (ia, ib, ic) = (triangles[t], triangles[t + 1], triangles[t + 2]);
            var (a, b, c) = (projected[ia], projected[ib], projected[ic]);
            // The image's y points down, so a front face is clockwise in it: negative in these terms.
            var area = (b.X - a.X) * (c.Y - a.Y) - (b.Y - a.Y) * (c.X - a.X);
            if (area >= 0 || a.Z <= 0 || b.Z <= 0 || c.Z <= 0)
                continue;
            var low = Vector3.Min(a, Vector3.Min(b, c));
            var high = Vector3.Max(a, Vector3.Max(b, c));
            var (x0, x1) = (Math.Max(0, (int)MathF.Ceiling(low.X)), Math.Min(_columns - 1, (int)MathF.Floor(high.X)));
            var (y0, y1) = (Math.Max(0, (int)MathF.Ceiling(low.Y)), Math.Min(_rows - 1, (int)MathF.Floor(high.Y)));
            if (x0 > x1 || y0 > y1)
                continue;
            var scale = 1 / area;
            // Barycentric weights of a and b, linear over the image.
            var (stepAx, stepAy) = ((b.Y - c.Y) * scale, (c.X - b.X) * scale);
            var (stepBx, stepBy) = ((c.Y - a.Y) * scale, (a.X - c.X) * scale);
            var (colorA, colorB, colorC) = (Unpack(colors[ia]), Unpack(colors[ib]), Unpack(colors[ic]));
            var stepDepth = stepAx * (a.Z - c.Z) + stepBx * (b.Z - c.Z);
            var stepColor = stepAx * (colorA - colorC) + stepBx * (colorB - colorC);
            for (var y = y0; y <= y1; y++)
            {
                // The part of the row where no weight is negative.
                var wa = (x0 - c.X) * stepAx + (y - c.Y) * stepAy;
                var wb = (x0 - c.X) * stepBx + (y - c.Y) * stepBy;
                var (from, to) = (0f, (float)(x1 - x0));
                Clip(wa, stepAx, ref from, ref to);
                Clip(wb, stepBx, ref from, ref to);
                Clip(1 - wa - wb, -stepAx - stepBx, ref from, ref to);
                var first = (int)MathF.Ceiling(from);
                var count = (int)MathF.Floor(to) - first + 1;
                if (count <= 0)
                    continue;
                wa += first * stepAx;
                wb += first * stepBx;
                var inverseDepth = wa * a.Z + wb * b.Z + (1 - wa - wb) * c.Z;
                var color = wa * colorA + wb * colorB + (1 - wa - wb) * colorC;
                var depths = _inverseDepth.AsSpan(y * _columns + x0 + first, count);
                var pixels = _colors.AsSpan(y * _columns + x0 + first, count);
                for (var i = 0; i < depths.Length; i++, inverseDepth += stepDepth, color += stepColor)
                {
                    if (inverseDepth <= depths[i])
                        continue;
                    depths[i] = inverseDepth;
                    pixels[i] = Pack(color);
                }
            }
        }
    }

    /// <summary>Narrows a range of steps to where a weight that changes by <paramref name="step"/> is not negative.</summary>
    private static void Clip(float weight, float step, ref float from, ref float to)
    {
        if (step > 0)
            from = MathF.Max(from, -weight / step);
        else if (step < 0)
            to = MathF.Min(to, -weight / step);
        else if (weight < 0)
            to = -1;
    }

    /// <summary>A linear colour, 1 = white of the display, as 16 bits a channel (brighter than 4 is cut), and a tag.</summary>
    public static ulong PackColor(Vector3 linear, bool tagged = false)
    {
        var c = Vector3.Clamp(linear, Vector3.Zero, new Vector3(3.999f)) * 16384;
        return (ulong)c.X | (ulong)c.Y << 16 | (ulong)c.Z << 32 | (tagged ? Tag : 0);
    }

    /// <summary>The depth z at every pixel's centre, 0 where nothing was drawn, and whether its colour is tagged.</summary>
    public void ResolveDepth(Span<float> depth, Span<bool> tagged)
    {
        var i = 0;
        for (var v = 0; v < Camera.Height; v++)
            for (var u = 0; u < Camera.Width; u++, i++)
            {
                var at = (2 * v + 1) * _columns + 2 * u + 1;
                depth[i] = _inverseDepth[at] > 0 ? 1 / _inverseDepth[at] : 0;
                tagged[i] = _colors[at] >= TagTest;
            }
    }

    /// <summary>Whether nothing drawn lies in front of a projected vertex.</summary>
    public bool Sees(Vector3 projected)
    {
        var (x, y) = ((int)MathF.Round(projected.X), (int)MathF.Round(projected.Y));
        if (projected.Z <= 0 || x < 1 || y < 1 || x >= _columns - 1 || y >= _rows - 1)
            return false;
        // Two millimetres at half a metre cover the slope inside a sample.
        return projected.Z * 1.004f >= _inverseDepth[y * _columns + x];
    }

    /// <summary>The filtered linear colour of every pixel.</summary>
    public void ResolveColor(Span<Vector3> colors)
    {
        var (width, height) = (Camera.Width, Camera.Height);
        const float scale = 1 / (16f * 16384f);
        for (var v = 0; v < height; v++)
            for (var u = 0; u < width; u++)
            {
                var at = (2 * v + 1) * _columns + 2 * u + 1;
                // 1 2 1 in both directions; sums of 16 times 16 bits fit into 21-bit lanes.
                var sum = Spread(_colors[at - _columns - 1]) + 2 * Spread(_colors[at - _columns]) + Spread(_colors[at - _columns + 1])
                    + 2 * Spread(_colors[at - 1]) + 4 * Spread(_colors[at]) + 2 * Spread(_colors[at + 1])
                    + Spread(_colors[at + _columns - 1]) + 2 * Spread(_colors[at + _columns]) + Spread(_colors[at + _columns + 1]);
                colors[v * width + u] = scale * new Vector3(sum & 0x1FFFFF, sum >> 21 & 0x1FFFFF, sum >> 42);
            }
    }

    private static ulong Spread(ulong packed) => packed & 0xFFFF | (packed & 0xFFFF0000) << 5 | (packed & 0xFFFF00000000) << 10;

    private static Vector128<float> Unpack(ulong color) =>
        Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.CreateScalarUnsafe(color).AsUInt16()).AsInt32());

    private static ulong Pack(Vector128<float> lanes)
    {
        var whole = Vector128.ConvertToInt32(lanes).AsUInt32();
        return Vector128.Narrow(whole, whole).AsUInt64().ToScalar();
    }
}
