namespace FaceRecon;

/// <summary>
/// Where in a source image each pixel of a target image lies, computed once and applied to every frame
/// of a video. Colour is interpolated; depth only where it is one surface, so that no point is made up
/// between two.
/// </summary>
internal sealed class RectificationMap
{
    private const int WeightBits = 8;
    private const int WeightOne = 1 << WeightBits;

    private readonly int _width, _height;
    // Upper left of the four source pixels around the position, -1 outside the image; and how far the
    // position is from it towards right and down, in 1/256 pixel.
    private readonly int[] _corner;
    private readonly ushort[] _right, _down;
    private readonly float _edge;

    /// <summary>Computes the map; source and target are of one size.</summary>
    /// <param name="width">Columns, at least 2.</param>
    /// <param name="height">Rows, at least 2.</param>
    /// <param name="sourceOf">The source position, pixels, of a target pixel.</param>
    /// <param name="depthEdge">
    /// Difference of depth between neighbouring pixels, relative to the depth, above which they belong to
    /// different surfaces.
    /// </param>
    internal RectificationMap(int width, int height, Func<double, double, (double U, double V)> sourceOf, double depthEdge)
    {
        (_width, _height, _edge) = (width, height, (float)depthEdge);
        _corner = new int[width * height];
        _right = new ushort[width * height];
        _down = new ushort[width * height];
        for (int v = 0, i = 0; v < height; v++)
            for (var u = 0; u < width; u++, i++)
            {
                var (x, y) = sourceOf(u, v);
                // A pixel reaches half a pixel beyond its centre. Comparisons are this way round for NaN.
                if (!(x >= -0.5 && x <= width - 0.5 && y >= -0.5 && y <= height - 0.5))
                {
                    _corner[i] = -1;
                    continue;
                }
                x = Math.Clamp(x, 0, width - 1);
                y = Math.Clamp(y, 0, height - 1);
                var left = Math.Min((int)x, width - 2);
                var top = Math.Min((int)y, height - 2);
                _corner[i] = top * width + left;
                _right[i] = (ushort)Math.Round((x - left) * WeightOne);
                _down[i] = (ushort)Math.Round((y - top) * WeightOne);
            }
    }

    /// <summary>The target image, bilinear; black where the source does not reach.</summary>
    internal ColorImage Apply(ColorImage source)
    {
        var from = source.Pixels;
        var to = new byte[from.Length];
        var row = 3 * _width;
        for (int i = 0, o = 0; i < _corner.Length; i++, o += 3)
        {
            if (_corner[i] < 0)
                continue;
            var a = 3 * _corner[i];
            int right = _right[i], down = _down[i], left = WeightOne - right, up = WeightOne - down;
            int w00 = left * up, w01 = right * up, w10 = left * down, w11 = right * down;
            for (var c = 0; c < 3; c++, a++)
                to[o + c] = (byte)((w00 * from[a] + w01 * from[a + 3] + w10 * from[a + row] + w11 * from[a + row + 3] + (1 << (2 * WeightBits - 1))) >> (2 * WeightBits));
        }
        return new ColorImage(_width, _height, to);
    }

    /// <summary>The target depth: bilinear where the four neighbours lie on one surface, else the nearest of them; 0 where the source does not reach.</summary>
    internal DepthImage Apply(DepthImage source)
    {
        var from = source.Depths;
        var to = new float[from.Length];
        for (var i = 0; i < _corner.Length; i++)
        {
            var a = _corner[i];
            if (a < 0)
                continue;
            float z00 = from[a], z01 = from[a + 1], z10 = from[a + _width], z11 = from[a + _width + 1];
            int right = _right[i], down = _down[i];
            var nearest = Math.Min(Math.Min(z00, z01), Math.Min(z10, z11));
            var farthest = Math.Max(Math.Max(z00, z01), Math.Max(z10, z11));
            if (nearest > 0 && farthest - nearest <= _edge * nearest)
            {
                float x = right * (1f / WeightOne), y = down * (1f / WeightOne);
                var top = z00 + x * (z01 - z00);
                to[i] = top + y * (z10 + x * (z11 - z10) - top);
            }
            else
            {
                var isRight = right > WeightOne / 2;
                to[i] = down > WeightOne / 2 ? (isRight ? z11 : z10) : (isRight ? z01 : z00);
            }
        }
        return new DepthImage(_width, _height, to);
    }
}
