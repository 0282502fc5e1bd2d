using System.Numerics;

namespace FaceRecon;

/// <summary>
/// What makes one synthetic person differ from the next: colours, and how the average head of
/// <see cref="HeadShape"/> is bent. Drawn from a seed; seed 1 is the shipped sample's person.
/// </summary>
internal sealed class HeadIdentity
{
    private readonly SplitMix _random;
    private readonly GradientNoise _asymmetry;
    private int _drawn;

    public HeadIdentity(int seed)
    {
        Seed = seed;
        _random = new SplitMix(seed, purpose: 1);
        _asymmetry = new GradientNoise(seed * 31 + 7);
        Melanin = Draw(0.04f, 0.42f);
        Blood = Draw(0.8f, 1.25f);
        Stubble = Draw(0.15f, 0.8f);
        var freckles = Draw(0, 1);
        Freckles = freckles > 0.6f ? freckles : 0.25f * freckles;
        BrowThickness = Draw(0.8f, 1.2f);
        HairLength = Draw(2.5f, 6.5f);
        HairColor = Pick(0x1D1714, 0x2A1F18, 0x3B2A1D, 0x4F3A27, 0x241C1A);
        IrisColor = Pick(0x4A3320, 0x5B7383, 0x6B6A45, 0x39271A, 0x67808C);
        ShirtColor = Pick(0x3C4A5E, 0x56604A, 0x6B4444, 0x4A4A50, 0x71685A);
        Bends = [
            // Nose: size about its root.
            new(new(0, -10, 104), 40, new(0, 0, 86), Vector3.Zero, new(Draw(-0.08f, 0.1f), Draw(-0.05f, 0.06f), Draw(-0.1f, 0.1f))),
            // Jaw: wider or narrower, longer or shorter.
            new(new(46, -62, 30), 55, new(0, -62, 30), Vector3.Zero, new(Draw(-0.07f, 0.06f), 0, 0)),
            new(new(0, -92, 80), 46, Vector3.Zero, new(0, Draw(-4, 2.5f), Draw(-3, 3)), Vector3.Zero),
            // Eyes: distance and opening.
            new(new(31, 14, 78), 30, new(31, 14, 78), new(Draw(-1.2f, 1.2f), 0, 0), new(Draw(-0.03f, 0.04f), Draw(-0.05f, 0.08f), 0)),
            // Brows: height and weight.
            new(new(30, 35, 88), 30, Vector3.Zero, new(0, Draw(-1.2f, 1.8f), Draw(-1.5f, 1.5f)), Vector3.Zero),
            // Mouth: width and fullness.
            new(new(0, -53, 96), 34, new(0, -53, 96), Vector3.Zero, new(Draw(-0.07f, 0.09f), Draw(-0.06f, 0.14f), 0)),
            // Cheeks: bone and flesh.
            new(new(52, -6, 56), 36, Vector3.Zero, new(Draw(-2, 2), 0, Draw(-1.5f, 1.5f)), Vector3.Zero),
            new(new(42, -42, 66), 36, Vector3.Zero, new(Draw(-2.5f, 2.5f), 0, Draw(-1.5f, 1.5f)), Vector3.Zero),
            // Forehead: slope.
            new(new(0, 70, 90), 60, Vector3.Zero, new(0, 0, Draw(-3, 2)), Vector3.Zero),
            // Ears: size and how far they stand out.
            new(new(80, 3, -15), 42, new(74, 3, -12), new(Draw(-1, 1.5f), 0, 0), new(0, Draw(-0.08f, 0.08f), Draw(-0.08f, 0.08f))),
        ];
        Scale = Draw(0.97f, 1.03f);
    }

    /// <summary>The seed that all was drawn from.</summary>
    public int Seed { get; }
    /// <summary>Share of dark pigment in the skin, 0 pale to 1 dark.</summary>
    public float Melanin { get; }
    /// <summary>Strength of the red of cheeks, nose, ears and lips; 1 is average.</summary>
    public float Blood { get; }
    /// <summary>Darkness of the shaved beard, 0 to 1.</summary>
    public float Stubble { get; }
    /// <summary>Density of freckles, 0 to 1.</summary>
    public float Freckles { get; }
    /// <summary>Thickness of the brows; 1 is average.</summary>
    public float BrowThickness { get; }
    /// <summary>How far the hair stands off the scalp, mm.</summary>
    public float HairLength { get; }
    /// <summary>Colour of hair and brows, linear.</summary>
    public Vector3 HairColor { get; }
    /// <summary>Colour of the iris, linear.</summary>
    public Vector3 IrisColor { get; }
    /// <summary>Colour of the shirt, linear.</summary>
    public Vector3 ShirtColor { get; }
    /// <summary>Size of the whole head; 1 is average.</summary>
    public float Scale { get; }

    private Bend[] Bends { get; }

    /// <summary>Where a point of the average head lies on this one, mm in both.</summary>
    public Vector3 Shape(Vector3 p)
    {
        var mirror = p.X < 0 ? -1 : 1;
        var q = p with { X = p.X * mirror };
        var moved = q;
        foreach (var bend in Bends)
            moved += bend.At(q);
        moved.X *= mirror;
        // No face is symmetric: a fraction of a millimetre, slowly varying.
        var at = p / 55;
        var uneven = new Vector3(_asymmetry.At(at), _asymmetry.At(at + new Vector3(40)), _asymmetry.At(at + new Vector3(80)));
        return (moved + 0.9f * uneven) * Scale;
    }

    private float Draw(float from, float to) => _random.Uniform(_drawn++, from, to);

    private Vector3 Pick(params ReadOnlySpan<int> colors) => Palette.FromSrgb(colors[(int)(Draw(0, 1) * colors.Length)]);

    /// <summary>A shift and a stretch about a point, strongest at a centre and gone at a radius from it.</summary>
    private readonly record struct Bend(Vector3 Center, float Radius, Vector3 About, Vector3 Shift, Vector3 Stretch)
    {
        public Vector3 At(Vector3 q) => SignedDistance.Dab(q, Center, Radius) * (Shift + Stretch * (q - About));
    }
}
