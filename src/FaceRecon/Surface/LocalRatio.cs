using System.Numerics;

namespace FaceRecon;

/// <summary>The ratio of the local sums of two quantities that are told at places: sums over a grid to which each place adds by a hat, and from which it reads by one.</summary>
internal sealed class LocalRatio
{
    /// <summary>Cells along the longest side at most: bounds memory, whatever is asked for.</summary>
    private const int MostCells = 128;

    private readonly Vector3 _low;
    private readonly float _scale;
    private readonly (int X, int Y, int Z) _nodes;
    private readonly double[] _numerator;
    private readonly double[] _denominator;

    /// <param name="places">All places that will be asked for.</param>
    /// <param name="cellSize">Edge of the grid's cells, in the unit of the places.</param>
    public LocalRatio(Vector3[] places, double cellSize)
    {
        var (low, high) = (new Vector3(float.MaxValue), new Vector3(float.MinValue));
        foreach (var place in places)
            (low, high) = (Vector3.Min(low, place), Vector3.Max(high, place));
        var size = high - low;
        var cell = (float)Math.Max(cellSize, Math.Max(size.X, Math.Max(size.Y, size.Z)) / MostCells);
        (_low, _scale) = (low, 1 / cell);
        _nodes = ((int)(size.X * _scale) + 2, (int)(size.Y * _scale) + 2, (int)(size.Z * _scale) + 2);
        _numerator = new double[_nodes.X * _nodes.Y * _nodes.Z];
        _denominator = new double[_numerator.Length];
    }

    /// <summary>Adds what is told at a place.</summary>
    public void Add(Vector3 place, double numerator, double denominator)
    {
        Span<(int Node, float Weight)> corners = stackalloc (int, float)[8];
        Corners(place, corners);
        foreach (var (node, weight) in corners)
        {
            _numerator[node] += weight * numerator;
            _denominator[node] += weight * denominator;
        }
    }

    /// <summary>The ratio around a place to which something was added.</summary>
    public float At(Vector3 place)
    {
        Span<(int Node, float Weight)> corners = stackalloc (int, float)[8];
        Corners(place, corners);
        var (numerator, denominator) = (0.0, 0.0);
        foreach (var (node, weight) in corners)
        {
            numerator += weight * _numerator[node];
            denominator += weight * _denominator[node];
        }
        return (float)(numerator / denominator);
    }

    private void Corners(Vector3 place, Span<(int Node, float Weight)> corners)
    {
        var at = (place - _low) * _scale;
        var (x, y, z) = ((int)at.X, (int)at.Y, (int)at.Z);
        var share = at - new Vector3(x, y, z);
        for (var corner = 0; corner < 8; corner++)
        {
            var (i, j, k) = (corner & 1, corner >> 1 & 1, corner >> 2);
            corners[corner] = (((z + k) * _nodes.Y + y + j) * _nodes.X + x + i,
                (i == 1 ? share.X : 1 - share.X) * (j == 1 ? share.Y : 1 - share.Y) * (k == 1 ? share.Z : 1 - share.Z));
        }
    }
}
