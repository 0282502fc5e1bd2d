namespace FaceRecon;

/// <summary>How much of each colour goes into one grey value.</summary>
/// <param name="Red">Weight of red.</param>
/// <param name="Green">Weight of green.</param>
/// <param name="Blue">Weight of blue.</param>
internal readonly record struct ChannelWeights(float Red, float Green, float Blue)
{
    /// <summary>What the eye sees as bright (ITU-R BT.601).</summary>
    public static ChannelWeights Luminance { get; } = new(0.299f, 0.587f, 0.114f);

    /// <summary>
    /// What belongs to the skin. Blood and melanin take green and blue and leave red nearly alone; the light on pores and folds
    /// changes all colours by the same share, and wanders over the skin when the head turns. So red, which shows most of the
    /// light and least of the skin, is taken away in part; all of it would leave too much noise. What is grey keeps its contrast.
    /// </summary>
    public static ChannelWeights SkinDetail { get; } = new(-0.3f, 0.8f, 0.5f);

    /// <summary>The grey value of a colour, in the unit of its parts.</summary>
    public float Of(float red, float green, float blue) => Red * red + Green * green + Blue * blue;
}
