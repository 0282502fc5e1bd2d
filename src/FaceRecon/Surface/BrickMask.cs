namespace FaceRecon;

/// <summary>Which bricks of a grid shall be active.</summary>
internal sealed class BrickMask
{
    private readonly bool[] _active;
    private readonly int _bricksPerAxis;

    /// <summary>No brick of a grid of this many bricks along each axis.</summary>
    public BrickMask(int bricksPerAxis)
    {
        _bricksPerAxis = bricksPerAxis;
        _active = new bool[bricksPerAxis * bricksPerAxis * bricksPerAxis];
    }

    /// <summary>All bricks.</summary>
    public void AddAll() => Array.Fill(_active, true);

    /// <summary>The bricks with a node within <paramref name="radius"/> cells of a cell that holds a sample.</summary>
    /// <param name="codes">Ascending Morton codes of the samples' half cells.</param>
    /// <param name="radius">Cells around each.</param>
    public void AddCells(ulong[] codes, int radius)
    {
        var previous = ulong.MaxValue;
        foreach (var code in codes)
        {
            if (code >> 3 == previous)
                continue;
            previous = code >> 3;
            var (x, y, z) = MortonCode.Decode(previous);
            AddNodes(x - radius, x + radius, y - radius, y + radius, z - radius, z + radius);
        }
    }

    /// <summary>The bricks whose nodes interpolate into the bricks of the next finer grid and their halos.</summary>
    public void AddParents(BrickGrid finer)
    {
        foreach (var (x, y, z) in finer.Origins)
            AddNodes(4 * x - 2, 4 * x + 5, 4 * y - 2, 4 * y + 5, 4 * z - 2, 4 * z + 5);
    }

    /// <summary>The grid of the marked bricks.</summary>
    public BrickGrid ToGrid() => new(_bricksPerAxis, _active);

    private void AddNodes(int x0, int x1, int y0, int y1, int z0, int z1)
    {
        var last = _bricksPerAxis - 1;
        (x0, x1) = (Math.Max(x0 >> 3, 0), Math.Min(x1 >> 3, last));
        (y0, y1) = (Math.Max(y0 >> 3, 0), Math.Min(y1 >> 3, last));
        (z0, z1) = (Math.Max(z0 >> 3, 0), Math.Min(z1 >> 3, last));
        for (var z = z0; z <= z1; z++)
            for (var y = y0; y <= y1; y++)
                for (var x = x0; x <= x1; x++)
                    _active[(z * _bricksPerAxis + y) * _bricksPerAxis + x] = true;
    }
}
