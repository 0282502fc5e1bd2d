namespace FaceRecon;

/// <summary>
/// Morton codes: the bits of three 21-bit cell coordinates interleaved. Points sorted by code lie in
/// octree order: the points of any aligned cube of cells are one contiguous range.
/// </summary>
internal static class MortonCode
{
    /// <summary>The code of cell (x, y, z), each coordinate in [0, 2^21).</summary>
    public static ulong Encode(int x, int y, int z) => Spread(x) | (Spread(y) << 1) | (Spread(z) << 2);

    /// <summary>The cell of a code.</summary>
    public static (int X, int Y, int Z) Decode(ulong code) => (Gather(code), Gather(code >> 1), Gather(code >> 2));

    private static ulong Spread(int coordinate)
    {
        var v = (ulong)coordinate & 0x1FFFFF;
        v = (v | (v << 32)) & 0x001F00000000FFFF;
        v = (v | (v << 16)) & 0x001F0000FF0000FF;
        v = (v | (v << 8)) & 0x100F00F00F00F00F;
        v = (v | (v << 4)) & 0x10C30C30C30C30C3;
        return (v | (v << 2)) & 0x1249249249249249;
    }

    private static int Gather(ulong code)
    {
        var v = code & 0x1249249249249249;
        v = (v | (v >> 2)) & 0x10C30C30C30C30C3;
        v = (v | (v >> 4)) & 0x100F00F00F00F00F;
        v = (v | (v >> 8)) & 0x001F0000FF0000FF;
        v = (v | (v >> 16)) & 0x001F00000000FFFF;
        return (int)((v | (v >> 32)) & 0x1FFFFF);
    }

    /// <summary>The order that sorts <paramref name="codes"/> (stable), which are sorted in place.</summary>
    public static int[] Sort(ref ulong[] codes)
    {
        var count = codes.Length;
        var order = new int[count];
        for (var i = 0; i < count; i++)
            order[i] = i;
        ulong all = 0;
        foreach (var code in codes)
            all |= code;
        var nextCodes = new ulong[count];
        var nextOrder = new int[count];
        const int digitBits = 11;
        var starts = new int[1 << digitBits];
        for (var shift = 0; shift < 64 && all >> shift != 0; shift += digitBits)
        {
            Array.Clear(starts);
            const ulong mask = (1 << digitBits) - 1;
            foreach (var code in codes)
                starts[(int)((code >> shift) & mask)]++;
            var total = 0;
            for (var digit = 0; digit < starts.Length; digit++)
                (starts[digit], total) = (total, total + starts[digit]);
            for (var i = 0; i < count; i++)
            {
                var to = starts[(int)((codes[i] >> shift) & mask)]++;
                nextCodes[to] = codes[i];
                nextOrder[to] = order[i];
            }
            (codes, nextCodes) = (nextCodes, codes);
            (order, nextOrder) = (nextOrder, order);
        }
        return order;
    }
}
