namespace FaceRecon;

/// <summary>Which bricks of a box shall be active.</summary>
internal sealed class BrickMask(BrickBox box)
{
    private readonly bool[] _active = new bool[box.Count];

    /// <summary>All bricks that the mask can hold.</summary>
    public BrickBox Box { get; } = box;

    /// <summary>All bricks.</summary>
    public void AddAll() => Array.Fill(_active, true);

    /// <summary>A brick, if it is in the box.</summary>
    public void Add(int x, int y, int z)
    {
        var index = Box.IndexOf(x, y, z);
        if (index >= 0)
            _active[index] = true;
    }

    /// <summary>Whether a brick is marked.</summary>
    public bool Contains(int x, int y, int z)
    {
        var index = Box.IndexOf(x, y, z);
        return index >= 0 && _active[index];
    }

    /// <summary>The bricks with a node within <paramref name="radius"/> cells of a cell that holds a sample.</summary>
    /// <param name="codes">Ascending Morton codes of the samples' half cells.</param>
    /// <param name="radius">Cells around each.</param>
    public void AddCells(ulong[] codes, int radius)
    {
        // Whole bricks of the radius are added to all bricks at once.
        var rest = radius % BrickGrid.Size;
        var previous = ulong.MaxValue;
        foreach (var code in codes)
        {
            if (code >> 3 == previous)
                continue;
            previous = code >> 3;
            var (x, y, z) = MortonCode.Decode(previous);
            AddNodes(x - rest, x + rest, y - rest, y + rest, z - rest, z + rest);
        }
        Grow(radius / BrickGrid.Size);
    }

    /// <summary>The bricks within so many of a marked one, along all axes.</summary>
    private void Grow(int bricks)
    {
        if (bricks == 0)
            return;
        Grow(bricks, Box.Width, 1);
        Grow(bricks, Box.Height, Box.Width);
        Grow(bricks, Box.Depth, Box.Width * Box.Height);
    }

    /// <summary>Marks what is within so many bricks of a marked one along the axis that has <paramref name="length"/> bricks, so many apart.</summary>
    private void Grow(int bricks, int length, int stride)
    {
        Span<bool> line = new bool[length];
        for (var start = 0; start < _active.Length; start++)
        {
            if (start / stride % length != 0)
                continue;
            for (var i = 0; i < length; i++)
                line[i] = _active[start + i * stride];
            for (var i = 0; i < length; i++)
            {
                if (line[i])
                    for (var near = Math.Max(0, i - bricks); near <= Math.Min(length - 1, i + bricks); near++)
                        _active[start + near * stride] = true;
            }
        }
    }

    /// <summary>The bricks whose nodes interpolate into the marked bricks of the next finer grid and their halos.</summary>
    public void AddParents(BrickMask finer)
    {
        for (var i = 0; i < finer._active.Length; i++)
        {
            if (!finer._active[i])
                continue;
            var (x, y, z) = finer.Box.Brick(i);
            AddNodes(4 * x - 2, 4 * x + 5, 4 * y - 2, 4 * y + 5, 4 * z - 2, 4 * z + 5);
        }
    }

    /// <summary>The grid of the marked bricks.</summary>
    public BrickGrid ToGrid() => new(Box, _active);

    private void AddNodes(int x0, int x1, int y0, int y1, int z0, int z1)
    {
        for (var z = z0 >> 3; z <= z1 >> 3; z++)
            for (var y = y0 >> 3; y <= y1 >> 3; y++)
                for (var x = x0 >> 3; x <= x1 >> 3; x++)
                    Add(x, y, z);
    }
}
