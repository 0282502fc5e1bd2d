using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Random numbers by counting: value n of a stream is a hash of n (SplitMix64: Steele, Lea and Flood,
/// OOPSLA 2014). Any value can be had without those before it, so neither threads nor their order change a result.
/// </summary>
internal readonly struct SplitMix
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private readonly ulong _start;

    /// <summary>The stream of a seed and a purpose; streams of different purposes do not resemble each other.</summary>
    public SplitMix(long seed, int purpose) => _start = Hash(unchecked((ulong)seed * Step + Hash((ulong)purpose + 1)));

    /// <summary>64 fair bits.</summary>
    public ulong Bits(int n) => Hash(unchecked(_start + (ulong)n * Step));

    /// <summary>Uniform in [0, 1).</summary>
    public float Uniform(int n) => (Bits(n) >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [from, to).</summary>
    public float Uniform(int n, float from, float to) => from + (to - from) * Uniform(n);

    /// <summary>
    /// Of mean 0 and variance 1, nearly normal: 64 coins thrown (steps of a quarter), plus a uniform of the
    /// steps' width so that values are continuous.
    /// </summary>
    public float Normal(int n)
    {
        var bits = Bits(n);
        var fraction = (Hash(bits) >> 40) * (1f / (1 << 24));
        // Variances: 16 of the coins and 1/12 of the fraction.
        return (BitOperations.PopCount(bits) - 32.5f + fraction) * (1 / 4.010403f);
    }

    private static ulong Hash(ulong x)
    {
        x = unchecked((x ^ x >> 30) * 0xBF58476D1CE4E5B9);
        x = unchecked((x ^ x >> 27) * 0x94D049BB133111EB);
        return x ^ x >> 31;
    }
}
