using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// For each brick, the samples whose quadratic B-splines reach a node of it, so that every brick
/// gathers what is its own and no two write to the same node. A brick's own samples come first, those
/// of its neighbours that lie in the layer of cells along its faces after them.
/// </summary>
internal sealed class SampleStencils
{
    private readonly int[] _start;
    private readonly int[] _own;
    // Index in the brick's halo block of the lowest of the 27 nodes that an entry's sample touches.
    private readonly short[] _corner;
    // Where the sample lies from the centre of its cell, each coordinate from -1/2 to 1/2.
    private readonly Vector3[] _offset;

    /// <param name="grid">The level's grid; every sample lies in one of its bricks.</param>
    /// <param name="codes">Ascending Morton codes of the samples' half cells at this level.</param>
    /// <param name="x">x of the samples in cells of this level.</param>
    /// <param name="y">y of the samples in cells of this level.</param>
    /// <param name="z">z of the samples in cells of this level.</param>
    /// <param name="loop">Runs the work.</param>
    public SampleStencils(BrickGrid grid, ulong[] codes, float[] x, float[] y, float[] z, PartitionedLoop loop)
    {
        Grid = grid;
        var ranges = Ranges(grid, codes);
        _own = new int[grid.Count];
        _start = new int[grid.Count + 1];
        loop.Run(grid.Count, 64, (from, to) =>
        {
            for (var brick = from; brick < to; brick++)
                _start[brick + 1] = ForEach(grid, ranges, codes, brick, null);
        });
        for (var brick = 0; brick < grid.Count; brick++)
        {
            _own[brick] = ranges[brick].End - ranges[brick].Start;
            _start[brick + 1] += _start[brick];
        }
        Sample = new int[_start[^1]];
        _corner = new short[_start[^1]];
        _offset = new Vector3[_start[^1]];
        loop.Run(grid.Count, 64, (from, to) =>
        {
            for (var brick = from; brick < to; brick++)
            {
                var entry = _start[brick];
                var origin = grid.Origins[brick];
                ForEach(grid, ranges, codes, brick, (sample, cellX, cellY, cellZ) =>
                {
                    Sample[entry] = sample;
                    _corner[entry] = (short)BrickGrid.HaloIndex(cellX - 8 * origin.X - 1, cellY - 8 * origin.Y - 1, cellZ - 8 * origin.Z - 1);
                    _offset[entry++] = new Vector3(x[sample] - cellX - 0.5f, y[sample] - cellY - 0.5f, z[sample] - cellZ - 0.5f);
                });
            }
        });
    }

    /// <summary>The grid whose bricks these lists are of.</summary>
    public BrickGrid Grid { get; }
    /// <summary>The sample of each entry.</summary>
    public int[] Sample { get; }

    /// <summary>The entries of a brick: [Start, OwnEnd) its own samples, [OwnEnd, End) those that reach over.</summary>
    public (int Start, int OwnEnd, int End) Entries(int brick) => (_start[brick], _start[brick] + _own[brick], _start[brick + 1]);

    /// <summary>The value at an entry's sample of the function whose coefficients are in a halo block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Interpolate(int entry, ReadOnlySpan<float> halo)
    {
        var (x, y, z) = Weights(_offset[entry]);
        ref var row = ref Unsafe.Add(ref MemoryMarshal.GetReference(halo), _corner[entry]);
        var sum = z[0] * Rows(ref row, y) +
            z[1] * Rows(ref Unsafe.Add(ref row, BrickGrid.HaloLayer), y) +
            z[2] * Rows(ref Unsafe.Add(ref row, 2 * BrickGrid.HaloLayer), y);
        return Vector128.Dot(sum, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<float> Rows(ref float row, Vector128<float> y) =>
            y[0] * Vector128.LoadUnsafe(ref row) +
            y[1] * Vector128.LoadUnsafe(ref row, BrickGrid.HaloStride) +
            y[2] * Vector128.LoadUnsafe(ref row, 2 * BrickGrid.HaloStride);
    }

    /// <summary>Adds <paramref name="value"/> times the entry's 27 B-splines to a halo block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Splat(int entry, float value, Span<float> halo)
    {
        var (x, y, z) = Weights(_offset[entry]);
        Splat(value * x, y, z, ref Unsafe.Add(ref MemoryMarshal.GetReference(halo), _corner[entry]));
    }

    /// <summary>Adds <paramref name="value"/> times the squares of the entry's 27 B-splines to a halo block.</summary>
    public void SplatSquares(int entry, float value, Span<float> halo)
    {
        var (x, y, z) = Weights(_offset[entry]);
        Splat(value * x * x, y * y, z * z, ref Unsafe.Add(ref MemoryMarshal.GetReference(halo), _corner[entry]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Splat(Vector128<float> x, Vector128<float> y, Vector128<float> z, ref float corner)
    {
        for (var k = 0; k < 3; k++)
        {
            ref var row = ref Unsafe.Add(ref corner, k * BrickGrid.HaloLayer);
            var xz = x * z[k];
            Add(ref row, y[0] * xz);
            Add(ref Unsafe.Add(ref row, BrickGrid.HaloStride), y[1] * xz);
            Add(ref Unsafe.Add(ref row, 2 * BrickGrid.HaloStride), y[2] * xz);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Add(ref float target, Vector128<float> values) => (Vector128.LoadUnsafe(ref target) + values).StoreUnsafe(ref target);
    }

    /// <summary>The B-splines that are not zero at an offset, along each axis.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> X, Vector128<float> Y, Vector128<float> Z) Weights(Vector3 offset) =>
        (QuadraticSpline.Values(offset.X), QuadraticSpline.Values(offset.Y), QuadraticSpline.Values(offset.Z));

    private static (int Start, int End)[] Ranges(BrickGrid grid, ulong[] codes)
    {
        // A brick is 16 half cells wide: 4 bits a coordinate.
        const int brickShift = 12;
        var ranges = new (int Start, int End)[grid.Count];
        for (var i = 0; i < codes.Length;)
        {
            var code = codes[i] >> brickShift;
            var start = i;
            while (i < codes.Length && codes[i] >> brickShift == code)
                i++;
            var (x, y, z) = MortonCode.Decode(code);
            ranges[grid.Find(x, y, z)] = (start, i);
        }
        return ranges;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ForEach(BrickGrid grid, (int Start, int End)[] ranges, ulong[] codes, int brick, Action<int, int, int, int>? visit)
    {
        var neighbours = grid.Neighbours(brick);
        var count = 0;
        for (var n = 0; n < 27; n++)
        {
            // The brick itself first.
            var place = n == 0 ? 13 : n <= 13 ? n - 1 : n;
            var neighbour = neighbours[place];
            if (neighbour == grid.Count)
                continue;
            var (mask, wanted) = FacingLayer(place);
            var (start, end) = ranges[neighbour];
            for (var i = start; i < end; i++)
            {
                if ((codes[i] & mask) != wanted)
                    continue;
                count++;
                if (visit is null)
                    continue;
                var (x, y, z) = MortonCode.Decode(codes[i] >> 3);
                visit(i, x, y, z);
            }
        }
        return count;
    }

    /// <summary>Which bits of a half cell's code must be what, for its cell to lie in the layer that faces the middle brick of 27.</summary>
    private static (ulong Mask, ulong Wanted) FacingLayer(int place)
    {
        // The three lowest bits of a cell's x, y and z, above the half cell's own three bits.
        ReadOnlySpan<ulong> bits = [0x49UL << 3, 0x92UL << 3, 0x124UL << 3];
        ReadOnlySpan<int> sides = [place % 3, place / 3 % 3, place / 9];
        ulong mask = 0, wanted = 0;
        for (var axis = 0; axis < 3; axis++)
        {
            if (sides[axis] != 1)
                mask |= bits[axis];
            if (sides[axis] == 0)
                wanted |= bits[axis];
        }
        return (mask, wanted);
    }
}
