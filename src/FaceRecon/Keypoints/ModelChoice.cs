namespace FaceRecon;

/// <summary>How a user names a model: Default for the bundled one, None for no such keypoints, anything else is the path of a model.</summary>
/// <param name="Wanted">Whether such keypoints are looked for at all.</param>
/// <param name="Path">The model's path; null for the bundled one.</param>
public readonly record struct ModelChoice(bool Wanted, string? Path)
{
    /// <summary>The word for the bundled model.</summary>
    public const string Default = "Default";
    /// <summary>The word for no model.</summary>
    public const string None = "None";

    /// <summary>What a user's word means; a file that is called as one of the two words is ./Default or ./None.</summary>
    public static ModelChoice Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (string.Equals(text, Default, StringComparison.OrdinalIgnoreCase))
            return new ModelChoice(true, null);
        return string.Equals(text, None, StringComparison.OrdinalIgnoreCase) ? new ModelChoice(false, null) : new ModelChoice(true, text);
    }
}
