namespace FaceRecon;

/// <summary>Unit of the coordinates in a file whose format has none of its own.</summary>
public enum LengthUnit
{
    /// <summary>Metres, the unit of everything inside.</summary>
    Metre,
    /// <summary>Millimetres, as printing and CAD programs assume.</summary>
    Millimetre,
}

/// <summary>How a mesh or cloud is written; each writer takes from it what its format has.</summary>
public sealed record MeshFileOptions
{
    /// <summary>Unit of lengths in PLY, OBJ and STL. GLB is always metres, as that format demands.</summary>
    public LengthUnit Unit { get; init; } = LengthUnit.Metre;

    /// <summary>Text instead of binary, for PLY.</summary>
    public bool Ascii { get; init; }

    /// <summary>Where the file comes from: name and value, written as comments or metadata where the format has them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Provenance { get; init; } = [];

    /// <summary>What a metre is in the unit.</summary>
    internal float Scale => Unit == LengthUnit.Millimetre ? 1000 : 1;

    /// <summary>Name of the unit as it is written into comments.</summary>
    internal string UnitName => Unit == LengthUnit.Millimetre ? "millimetre" : "metre";

    /// <summary>The unit of that name; null for another word.</summary>
    internal static LengthUnit? UnitNamed(string name) => name switch { "metre" => LengthUnit.Metre, "millimetre" => LengthUnit.Millimetre, _ => null };

    /// <summary>Unit and provenance, one line each, without characters that would end a line early.</summary>
    internal IEnumerable<string> CommentLines()
    {
        yield return "unit " + UnitName;
        foreach (var (name, value) in Provenance)
            yield return string.Concat($"{name} {value}".Select(c => c is < ' ' or > '~' ? '_' : c));
    }
}
