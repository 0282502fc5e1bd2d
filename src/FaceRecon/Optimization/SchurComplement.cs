using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>Takes eliminated coordinates from the normal equations, H -= sum of s s', many at a time.</summary>
/// <remarks>Coordinates of places beside each other hang on the same frames; the tiles that none of them touches are left out.</remarks>
internal sealed class SchurComplement
{
    // Every row more is less to read and write of a matrix that no cache holds, until the rows themselves leave the nearer one.
    private const int Capacity = 64;

    private readonly SymmetricUpdate _update;
    private readonly bool[] _touched;
    private readonly List<int> _active = [];
    private int _count;

    /// <param name="size">Number of unknowns.</param>
    public SchurComplement(int size)
    {
        var stride = NormalSystem.StrideOf(size);
        _update = new SymmetricUpdate(stride, Capacity);
        _touched = new bool[stride / SymmetricUpdate.TileSize];
    }

    /// <summary>Takes s s' scale^2 from the system, now or by the next <see cref="Flush"/>.</summary>
    public void Take(EliminatedCoordinate coordinate, double scale, NormalSystem system)
    {
        if (system.HoldsMatrix)
            return;
        var factor = Vector256.Create(scale);
        for (var tile = 0; tile < coordinate.TileCount; tile++)
        {
            if (!coordinate.Touches(tile))
                continue;
            _touched[tile] = true;
            var from = coordinate.Tile(tile);
            var to = _update[tile, _count];
            (Vector256.Create(from[..4]) * factor).CopyTo(to);
            (Vector256.Create(from[4..]) * factor).CopyTo(to[4..]);
        }
        if (++_count == Capacity)
            Flush(system);
    }

    /// <summary>Takes from the system what waits.</summary>
    public void Flush(NormalSystem system)
    {
        _active.Clear();
        for (var tile = 0; tile < _touched.Length; tile++)
            if (_touched[tile])
                _active.Add(tile);
        for (var i = 0; i < _active.Count; i++)
        for (var j = 0; j <= i; j++)
            _update.TakeFrom(system.Matrix, system.Stride, system.Size, _count, _active[i], _active[j]);
        foreach (var tile in _active)
            _update.Clear(tile);
        Array.Clear(_touched);
        _count = 0;
    }
}
