using System.Numerics;

namespace FaceRecon;

/// <summary>The blocks of texels that a chart touches, and a rim of one block around them, as rows of bits.</summary>
internal sealed class BlockShape
{
    /// <summary>Blocks between the shape's edge and the box around the chart.</summary>
    public const int Rim = 3;
    // A triangle touches a block whose centre is within half the block's diagonal, and is drawn a little beyond its edges.
    private const float Touch = 0.7072f + TextureBaking.Margin / ChartPacking.Block;

    private readonly bool[] _inside;
    private readonly ulong[] _rows;

    /// <param name="chart">The chart.</param>
    /// <param name="scale">Texels a metre.</param>
    public BlockShape(Chart chart, float scale)
    {
        var perMetre = scale / ChartPacking.Block;
        Width = (int)MathF.Ceiling(chart.Size.X * perMetre) + 2 * Rim;
        Height = (int)MathF.Ceiling(chart.Size.Y * perMetre) + 2 * Rim;
        Words = (Width + 63) / 64;
        _inside = new bool[Width * Height];
        Vector2 At(int corner) => (chart.Corners[corner] - chart.Low) * perMetre + new Vector2(Rim);
        for (var i = 0; i < chart.Corners.Length; i += 3)
        {
            foreach (var (x, y, _) in new FlatTriangle(At(i), At(i + 1), At(i + 2), Touch))
                _inside[y * Width + x] = true;
        }
        _rows = new ulong[Words * Height];
        for (var y = 0; y < Height; y++)
        for (var x = 0; x < Width; x++)
        {
            if (IsNear(x, y))
                _rows[y * Words + (x >> 6)] |= 1UL << (x & 63);
        }
    }

    /// <summary>Blocks a row.</summary>
    public int Width { get; }
    /// <summary>Rows of blocks.</summary>
    public int Height { get; }
    /// <summary>Words of 64 blocks a row.</summary>
    public int Words { get; }

    /// <summary>64 blocks of a row: those of the chart and its rim.</summary>
    public ulong Row(int row, int word) => _rows[row * Words + word];

    /// <summary>Whether the chart touches a block.</summary>
    public bool IsInside(int x, int y) => _inside[y * Width + x];

    private bool IsNear(int x, int y)
    {
        for (var row = Math.Max(y - 1, 0); row <= Math.Min(y + 1, Height - 1); row++)
        for (var column = Math.Max(x - 1, 0); column <= Math.Min(x + 1, Width - 1); column++)
        {
            if (IsInside(column, row))
                return true;
        }
        return false;
    }
}
