using System.Numerics;

namespace FaceRecon;

/// <summary>Colours between the display's curve (sRGB, IEC 61966-2-1) and linear light.</summary>
internal static class Palette
{
    private static readonly float[] Encoded = MakeEncoded();

    /// <summary>The linear colour of 0xRRGGBB.</summary>
    public static Vector3 FromSrgb(int rgb) =>
        new(Decode((rgb >> 16) / 255f), Decode((rgb >> 8 & 255) / 255f), Decode((rgb & 255) / 255f));

    /// <summary>The sRGB value, 0 to 255, of a linear one in 0 to 1; values outside are cut.</summary>
    public static float Encode(float linear) => Encoded[(int)(Math.Clamp(linear, 0, 1) * (Encoded.Length - 1) + 0.5f)];

    /// <summary>The sRGB byte of a linear value.</summary>
    public static byte EncodeByte(float linear) => (byte)(Encode(linear) + 0.5f);

    private static float Decode(float s) => s <= 0.04045f ? s / 12.92f : MathF.Pow((s + 0.055f) / 1.055f, 2.4f);

    private static float[] MakeEncoded()
    {
        var table = new float[8192];
        for (var i = 0; i < table.Length; i++)
        {
            var x = i / (table.Length - 1.0);
            table[i] = (float)(255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * Math.Pow(x, 1 / 2.4) - 0.055));
        }
        return table;
    }
}
