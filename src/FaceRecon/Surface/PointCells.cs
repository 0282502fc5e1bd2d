using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>Finds the points in a cell. The cells are as large as suits the points' density: the finest grid's, or larger.</summary>
internal sealed class PointCells
{
    private readonly OrientedPoints _points;
    private readonly BrickGrid _grid;
    /// <summary>For each node, 1 + the first point in the cell around it; 0 for an empty cell.</summary>
    private readonly int[] _first;
    /// <summary>Bits of a point's Morton code below those of its cell.</summary>
    private readonly int _shift;

    /// <summary>Cells of <paramref name="coarser"/> levels above the finest.</summary>
    public PointCells(OrientedPoints points, int coarser)
    {
        _points = points;
        _shift = 3 + 3 * coarser;
        Scale = 1f / (1 << coarser);
        CellSize = points.CellSize * (1 << coarser);
        var codes = coarser == 0 ? points.Codes : Array.ConvertAll(points.Codes, code => code >> (3 * coarser));
        var mask = new BrickMask(BrickBox.Around(codes, 0, int.MaxValue));
        mask.AddCells(codes, 0);
        _grid = mask.ToGrid();
        _first = new int[_grid.ValueCount];
        var previous = ulong.MaxValue;
        for (var i = 0; i < points.Count; i++)
        {
            var code = points.Codes[i] >> _shift;
            if (code == previous)
                continue;
            previous = code;
            var (x, y, z) = MortonCode.Decode(code);
            _first[_grid.FindNode(x, y, z)] = i + 1;
        }
    }

    /// <summary>Edge of a cell, metres.</summary>
    public double CellSize { get; }
    /// <summary>Edge of the finest cells in cells of this size.</summary>
    public float Scale { get; }

    /// <summary>The points in cell (x, y, z): the first, and the one after the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (int First, int End) InCell(int x, int y, int z)
    {
        var node = _grid.FindNode(x, y, z);
        if (node < 0 || _first[node] == 0)
            return default;
        var first = _first[node] - 1;
        var code = _points.Codes[first] >> _shift;
        var end = first + 1;
        while (end < _points.Count && _points.Codes[end] >> _shift == code)
            end++;
        return (first, end);
    }
}
