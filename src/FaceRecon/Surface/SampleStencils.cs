using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FaceRecon;

/// <summary>
/// For each brick, the samples whose trilinear hat functions reach a node of it, so that every brick
/// gathers what is its own and no two write to the same node. A brick's own samples come first,
/// those of the lower neighbours that reach over its faces after them.
/// </summary>
internal sealed class SampleStencils
{
    private readonly int[] _start;
    private readonly int[] _own;

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
        Corner = new short[_start[^1]];
        Fractions = new Fraction[_start[^1]];
        loop.Run(grid.Count, 64, (from, to) =>
        {
            for (var brick = from; brick < to; brick++)
            {
                var entry = _start[brick];
                var origin = grid.Origins[brick];
                ForEach(grid, ranges, codes, brick, (sample, cellX, cellY, cellZ) =>
                {
                    Sample[entry] = sample;
                    Corner[entry] = (short)BrickGrid.HaloIndex(cellX - 8 * origin.X, cellY - 8 * origin.Y, cellZ - 8 * origin.Z);
                    Fractions[entry++] = new Fraction(x[sample] - cellX, y[sample] - cellY, z[sample] - cellZ);
                });
            }
        });
    }

    /// <summary>Where in its cell a sample lies, each coordinate from 0 to 1.</summary>
    public readonly record struct Fraction(float X, float Y, float Z);

    /// <summary>The grid whose bricks these lists are of.</summary>
    public BrickGrid Grid { get; }
    /// <summary>The sample of each entry.</summary>
    public int[] Sample { get; }
    /// <summary>Index in the brick's halo block of the low corner of the sample's cell.</summary>
    public short[] Corner { get; }
    /// <summary>Where in its cell the sample lies.</summary>
    public Fraction[] Fractions { get; }

    /// <summary>The entries of a brick: [Start, OwnEnd) its own samples, [OwnEnd, End) those that reach over.</summary>
    public (int Start, int OwnEnd, int End) Entries(int brick) => (_start[brick], _start[brick] + _own[brick], _start[brick + 1]);

    /// <summary>The value of a halo block at an entry's sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Interpolate(int entry, ReadOnlySpan<float> halo)
    {
        var f = Fractions[entry];
        ref readonly var v = ref Unsafe.Add(ref MemoryMarshal.GetReference(halo), Corner[entry]);
        ref var corner = ref Unsafe.AsRef(in v);
        const int dy = BrickGrid.HaloStride, dz = BrickGrid.HaloStride * BrickGrid.HaloRows;
        var v00 = Along(ref corner, 0, f.X);
        var v10 = Along(ref corner, dy, f.X);
        var v01 = Along(ref corner, dz, f.X);
        var v11 = Along(ref corner, dy + dz, f.X);
        var v0 = v00 + f.Y * (v10 - v00);
        var v1 = v01 + f.Y * (v11 - v01);
        return v0 + f.Z * (v1 - v0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static float Along(ref float corner, int offset, float fraction)
        {
            var low = Unsafe.Add(ref corner, offset);
            return low + fraction * (Unsafe.Add(ref corner, offset + 1) - low);
        }
    }

    /// <summary>Adds <paramref name="value"/> times the entry's eight hat functions to a halo block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Splat(int entry, float value, Span<float> halo)
    {
        var f = Fractions[entry];
        ref var corner = ref Unsafe.Add(ref MemoryMarshal.GetReference(halo), Corner[entry]);
        const int dy = BrickGrid.HaloStride, dz = BrickGrid.HaloStride * BrickGrid.HaloRows;
        var z1 = value * f.Z;
        var z0 = value - z1;
        Along(ref corner, 0, z0 * (1 - f.Y), f.X);
        Along(ref corner, dy, z0 * f.Y, f.X);
        Along(ref corner, dz, z1 * (1 - f.Y), f.X);
        Along(ref corner, dy + dz, z1 * f.Y, f.X);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Along(ref float corner, int offset, float value, float fraction)
        {
            Unsafe.Add(ref corner, offset) += value * (1 - fraction);
            Unsafe.Add(ref corner, offset + 1) += value * fraction;
        }
    }

    /// <summary>Adds <paramref name="value"/> times the squares of the entry's eight hat functions to a halo block.</summary>
    public void SplatSquares(int entry, float value, Span<float> halo)
    {
        var f = Fractions[entry];
        for (var corner = 0; corner < 8; corner++)
        {
            var weight = ((corner & 1) == 0 ? 1 - f.X : f.X) * ((corner & 2) == 0 ? 1 - f.Y : f.Y) * ((corner & 4) == 0 ? 1 - f.Z : f.Z);
            halo[Corner[entry] + (corner & 1) + BrickGrid.HaloStride * ((corner >> 1 & 1) + BrickGrid.HaloRows * (corner >> 2))] += value * weight * weight;
        }
    }

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

    private static int ForEach(BrickGrid grid, (int Start, int End)[] ranges, ulong[] codes, int brick, Action<int, int, int, int>? visit)
    {
        var neighbours = grid.Neighbours(brick);
        var count = 0;
        for (var reach = 0; reach < 8; reach++)
        {
            // Bit 0, 1, 2 of reach: the neighbour one brick lower in x, y, z, of which only the last layer of cells matters.
            var neighbour = neighbours[13 - (reach & 1) - 3 * (reach >> 1 & 1) - 9 * (reach >> 2)];
            if (neighbour < 0)
                continue;
            var (start, end) = ranges[neighbour];
            for (var i = start; i < end; i++)
            {
                var (x, y, z) = MortonCode.Decode(codes[i] >> 3);
                if (((reach & 1) != 0 && (x & 7) != 7) || ((reach & 2) != 0 && (y & 7) != 7) || ((reach & 4) != 0 && (z & 7) != 7))
                    continue;
                visit?.Invoke(i, x, y, z);
                count++;
            }
        }
        return count;
    }
}
