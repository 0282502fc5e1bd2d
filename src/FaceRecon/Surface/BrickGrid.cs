using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// The active part of a regular grid of nodes, in bricks of 8x8x8 nodes. Node (i, j, k) is the centre of
/// the cell from (i, j, k) to (i+1, j+1, k+1). Values live in arrays of 512 floats a brick, x fastest,
/// with one brick of zeros at the end, which stands for all that is not active.
/// </summary>
internal sealed class BrickGrid
{
    /// <summary>Nodes along an edge of a brick.</summary>
    public const int Size = 8;
    /// <summary>Nodes of a brick.</summary>
    public const int BrickNodes = Size * Size * Size;
    /// <summary>Nodes on each side of a brick that its halo block holds too.</summary>
    public const int Halo = 2;
    /// <summary>Rows of a halo block along y, and layers along z.</summary>
    public const int HaloRows = Size + 2 * Halo;
    /// <summary>Floats between two rows of a halo block.</summary>
    public const int HaloStride = 16;
    /// <summary>Floats between two layers of a halo block.</summary>
    public const int HaloLayer = HaloRows * HaloStride;
    /// <summary>Floats of a halo block.</summary>
    public const int HaloLength = HaloRows * HaloLayer;

    private readonly BrickBox _box;
    private readonly int[] _table;
    private readonly int[] _neighbours;

    /// <summary>The grid whose active bricks are those of <paramref name="box"/> that are marked in <paramref name="active"/>.</summary>
    public BrickGrid(BrickBox box, bool[] active)
    {
        _box = box;
        _table = new int[active.Length];
        var count = 0;
        for (var i = 0; i < active.Length; i++)
            _table[i] = active[i] ? count++ : -1;
        Count = count;
        Origins = new (int, int, int)[count];
        for (var i = 0; i < active.Length; i++)
        {
            if (active[i])
                Origins[_table[i]] = box.Brick(i);
        }
        _neighbours = new int[27 * count];
        for (var brick = 0; brick < count; brick++)
        {
            var (x, y, z) = Origins[brick];
            for (var n = 0; n < 27; n++)
            {
                var neighbour = Find(x + n % 3 - 1, y + n / 3 % 3 - 1, z + n / 9 - 1);
                _neighbours[27 * brick + n] = neighbour < 0 ? count : neighbour;
            }
        }
    }

    /// <summary>Active bricks.</summary>
    public int Count { get; }
    /// <summary>Length of an array of values: the nodes of the active bricks, and the brick of zeros.</summary>
    public int ValueCount => (Count + 1) * BrickNodes;
    /// <summary>Brick coordinates of each active brick; node coordinates are 8 times those.</summary>
    public (int X, int Y, int Z)[] Origins { get; }

    /// <summary>The active brick at these brick coordinates, or -1.</summary>
    public int Find(int x, int y, int z)
    {
        var index = _box.IndexOf(x, y, z);
        return index < 0 ? -1 : _table[index];
    }

    /// <summary>The 27 bricks around and including <paramref name="brick"/> (index 13), x fastest; <see cref="Count"/>, the brick of zeros, where inactive.</summary>
    public ReadOnlySpan<int> Neighbours(int brick) => _neighbours.AsSpan(27 * brick, 27);

    /// <summary>Index into a values array of node (x, y, z), or -1 where it is not active.</summary>
    public int FindNode(int x, int y, int z)
    {
        var brick = Find(x >> 3, y >> 3, z >> 3);
        return brick < 0 ? -1 : brick * BrickNodes + ((z & 7) * Size + (y & 7)) * Size + (x & 7);
    }

    /// <summary>Index into a halo block of local node (x, y, z), each from -2 to 9.</summary>
    public static int HaloIndex(int x, int y, int z) => (z + Halo) * HaloLayer + (y + Halo) * HaloStride + x + Halo;

    /// <summary>Copies a brick's values and those of the nodes around it into a halo block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void GatherHalo(float[] values, int brick, Span<float> halo)
    {
        ref var source = ref MemoryMarshal.GetArrayDataReference(values);
        ref var target = ref MemoryMarshal.GetReference(halo);
        ref var neighbours = ref _neighbours[27 * brick];
        for (var z = -Halo; z < Size + Halo; z++)
        {
            for (var y = -Halo; y < Size + Halo; y++)
            {
                var n = ((z + Size) >> 3) * 9 + ((y + Size) >> 3) * 3;
                var offset = ((z & 7) * Size + (y & 7)) * Size;
                ref var left = ref Unsafe.Add(ref source, Unsafe.Add(ref neighbours, n) * BrickNodes + offset + Size - Halo);
                ref var inside = ref Unsafe.Add(ref source, Unsafe.Add(ref neighbours, n + 1) * BrickNodes + offset);
                ref var right = ref Unsafe.Add(ref source, Unsafe.Add(ref neighbours, n + 2) * BrickNodes + offset);
                CopyPair(ref left, ref target);
                Vector256.LoadUnsafe(ref inside).StoreUnsafe(ref target, Halo);
                CopyPair(ref right, ref Unsafe.Add(ref target, Halo + Size));
                target = ref Unsafe.Add(ref target, HaloStride);
            }
        }

        static void CopyPair(ref float from, ref float to) =>
            Unsafe.As<float, ulong>(ref to) = Unsafe.As<float, ulong>(ref from);
    }

    /// <summary>Copies the 8x8x8 nodes inside a halo block to a brick's values.</summary>
    public static void StoreInterior(ReadOnlySpan<float> halo, float[] values, int brick)
    {
        ref var source = ref MemoryMarshal.GetReference(halo);
        ref var target = ref MemoryMarshal.GetArrayDataReference(values);
        var to = (nuint)(brick * BrickNodes);
        for (var z = 0; z < Size; z++)
        {
            for (var y = 0; y < Size; y++, to += Size)
                Vector256.LoadUnsafe(ref source, (nuint)HaloIndex(0, y, z)).StoreUnsafe(ref target, to);
        }
    }

    /// <summary>Adds the 8x8x8 nodes inside a halo block to a brick's values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddInterior(ReadOnlySpan<float> halo, float[] values, int brick)
    {
        ref var source = ref MemoryMarshal.GetReference(halo);
        ref var target = ref MemoryMarshal.GetArrayDataReference(values);
        var to = (nuint)(brick * BrickNodes);
        for (var z = 0; z < Size; z++)
        {
            for (var y = 0; y < Size; y++, to += Size)
            {
                (Vector256.LoadUnsafe(ref target, to) + Vector256.LoadUnsafe(ref source, (nuint)HaloIndex(0, y, z)))
                    .StoreUnsafe(ref target, to);
            }
        }
    }
}
