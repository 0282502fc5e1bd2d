using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Finds a place in a square texture for every chart, at the largest scale at which all have one. Charts lie on a grid of blocks and
/// keep a block between them, so that the smaller copies of a texture that renderers make (mip maps) mix no two charts until a texel
/// is a block.
/// </summary>
internal sealed class ChartPacking
{
    /// <summary>Texels along a block.</summary>
    public const int Block = 8;
    // How much smaller charts are made if they find no place.
    private const float Shrink = 0.97f;
    // Of the texture that charts may be hoped to cover at first.
    private const float BestCover = 0.85f;

    private readonly int _side;
    private readonly ulong[] _taken;
    private readonly int _words;

    private ChartPacking(int side)
    {
        _side = side;
        _words = (side + 63) / 64;
        _taken = new ulong[side * _words];
    }

    /// <summary>Places charts.</summary>
    /// <param name="charts">The charts, large ones first.</param>
    /// <param name="size">Texels along the texture's sides, a multiple of <see cref="Block"/>.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>Texels a metre, and for each chart where the top left corner of its box lies, texels.</returns>
    /// <exception cref="FaceReconException">InvalidOption: the texture is too small for so many charts.</exception>
    public static (float Scale, Vector2[] Places) Place(IReadOnlyList<Chart> charts, int size, CancellationToken cancellation)
    {
        var area = charts.Sum(chart => (double)FlatArea(chart));
        var scale = (float)(size * Math.Sqrt(BestCover / area));
        for (; scale * Math.Sqrt(area) > size / 100.0; scale *= Shrink)
        {
            cancellation.ThrowIfCancellationRequested();
            if (new ChartPacking(size / Block).TryPlace(charts, scale) is { } places)
                return (scale, places);
        }
        throw new FaceReconException(ErrorId.InvalidOption,
            $"The {charts.Count} charts of this mesh find no place in a texture of {size}x{size}; ask for a larger one, or for fewer triangles.");
    }

    private static float FlatArea(Chart chart)
    {
        var area = 0f;
        for (var i = 0; i < chart.Corners.Length; i += 3)
        {
            var (u, v) = (chart.Corners[i + 1] - chart.Corners[i], chart.Corners[i + 2] - chart.Corners[i]);
            area += 0.5f * MathF.Abs(u.X * v.Y - u.Y * v.X);
        }
        return area;
    }

    private Vector2[]? TryPlace(IReadOnlyList<Chart> charts, float scale)
    {
        var places = new Vector2[charts.Count];
        for (var i = 0; i < places.Length; i++)
        {
            var shape = new BlockShape(charts[i], scale);
            if (FirstFit(shape) is not { } place)
                return null;
            Take(shape, place.X, place.Y);
            places[i] = new Vector2((place.X + BlockShape.Rim) * Block, (place.Y + BlockShape.Rim) * Block);
        }
        return places;
    }

    /// <summary>The topmost place, and of those the leftmost, where a shape lies on nothing.</summary>
    private (int X, int Y)? FirstFit(BlockShape shape)
    {
        for (var y = 0; y + shape.Height <= _side; y++)
        {
            for (var x = 0; x + shape.Width <= _side; x++)
            {
                if (IsFree(shape, x, y))
                    return (x, y);
            }
        }
        return null;
    }

    private bool IsFree(BlockShape shape, int x, int y)
    {
        for (var row = 0; row < shape.Height; row++)
        {
            for (var word = 0; word < shape.Words; word++)
            {
                var blocks = shape.Row(row, word);
                if (blocks != 0 && (blocks & Taken(x + 64 * word, y + row)) != 0)
                    return false;
            }
        }
        return true;
    }

    // 64 blocks from (x, y) on.
    private ulong Taken(int x, int y)
    {
        var (word, shift) = (x >> 6, x & 63);
        if (word >= _words)
            return 0;
        var low = _taken[y * _words + word] >> shift;
        return shift == 0 || word + 1 >= _words ? low : low | _taken[y * _words + word + 1] << (64 - shift);
    }

    private void Take(BlockShape shape, int x, int y)
    {
        for (var row = 0; row < shape.Height; row++)
        {
            for (var column = 0; column < shape.Width; column++)
            {
                // The rim of others may lie on this one's.
                if (shape.IsInside(column, row))
                    _taken[(y + row) * _words + ((x + column) >> 6)] |= 1UL << ((x + column) & 63);
            }
        }
    }
}
