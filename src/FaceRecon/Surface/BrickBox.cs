namespace FaceRecon;

/// <summary>A box of bricks of a grid: from (X, Y, Z), so many along each axis.</summary>
internal readonly record struct BrickBox(int X, int Y, int Z, int Width, int Height, int Depth)
{
    /// <summary>Bricks in the box.</summary>
    public int Count => Width * Height * Depth;

    /// <summary>All bricks of a grid with this many along each axis.</summary>
    public static BrickBox Whole(int bricksPerAxis) => new(0, 0, 0, bricksPerAxis, bricksPerAxis, bricksPerAxis);

    /// <summary>The bricks with a node within <paramref name="radius"/> cells of the cells that hold samples.</summary>
    /// <param name="codes">Morton codes of the samples' half cells.</param>
    /// <param name="radius">Cells around each.</param>
    /// <param name="bricksPerAxis">Bricks of the whole grid along each axis.</param>
    public static BrickBox Around(ulong[] codes, int radius, int bricksPerAxis)
    {
        var (low, high) = ((X: int.MaxValue, Y: int.MaxValue, Z: int.MaxValue), (X: -1, Y: -1, Z: -1));
        foreach (var code in codes)
        {
            var (x, y, z) = MortonCode.Decode(code >> 3);
            low = (Math.Min(low.X, x), Math.Min(low.Y, y), Math.Min(low.Z, z));
            high = (Math.Max(high.X, x), Math.Max(high.Y, y), Math.Max(high.Z, z));
        }
        return OfNodes((low.X - radius, low.Y - radius, low.Z - radius), (high.X + radius, high.Y + radius, high.Z + radius), bricksPerAxis);
    }

    /// <summary>The bricks whose nodes interpolate into all of this box and its halo, on the next coarser grid.</summary>
    /// <param name="bricksPerAxis">Bricks of the coarser grid along each axis.</param>
    public BrickBox Parents(int bricksPerAxis) => OfNodes(
        (4 * X - 2, 4 * Y - 2, 4 * Z - 2),
        (4 * (X + Width) + 1, 4 * (Y + Height) + 1, 4 * (Z + Depth) + 1), bricksPerAxis);

    private static BrickBox OfNodes((int X, int Y, int Z) low, (int X, int Y, int Z) high, int bricksPerAxis)
    {
        var (x, y, z) = (Brick(low.X), Brick(low.Y), Brick(low.Z));
        return new BrickBox(x, y, z, Brick(high.X) - x + 1, Brick(high.Y) - y + 1, Brick(high.Z) - z + 1);

        int Brick(int node) => Math.Clamp(node >> 3, 0, bricksPerAxis - 1);
    }

    /// <summary>Number of a brick in the box, x fastest, or -1 outside.</summary>
    public int IndexOf(int x, int y, int z) =>
        (uint)(x - X) < (uint)Width && (uint)(y - Y) < (uint)Height && (uint)(z - Z) < (uint)Depth
            ? ((z - Z) * Height + y - Y) * Width + x - X
            : -1;

    /// <summary>The brick of that number.</summary>
    public (int X, int Y, int Z) Brick(int index) => (X + index % Width, Y + index / Width % Height, Z + index / Width / Height);
}
