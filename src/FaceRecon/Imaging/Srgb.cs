namespace FaceRecon;

/// <summary>The transfer function of sRGB (IEC 61966-2-1), between 8-bit codes and linear light from 0 to 1.</summary>
internal static class Srgb
{
    private const int Steps = 1 << 14;
    private static readonly byte[] ByteOfLinear = [.. Enumerable.Range(0, Steps + 1).Select(i => (byte)(255 * Encode((float)i / Steps) + 0.5f))];

    /// <summary>The light of each code.</summary>
    public static float[] LinearOfByte { get; } = [.. Enumerable.Range(0, 256).Select(code => Decode(code / 255f))];

    /// <summary>The nearest code of a light, which is cut to 0 to 1; of <see cref="LinearOfByte"/> the code itself.</summary>
    public static byte ToByte(float linear) => ByteOfLinear[(int)(Math.Clamp(linear, 0, 1) * Steps + 0.5f)];

    private static float Decode(float code) => code <= 0.04045f ? code / 12.92f : MathF.Pow((code + 0.055f) / 1.055f, 2.4f);

    private static float Encode(float linear) => linear <= 0.0031308f ? 12.92f * linear : 1.055f * MathF.Pow(linear, 1 / 2.4f) - 0.055f;
}
