namespace FaceRecon;

/// <summary>What a check of a capture came to.</summary>
public enum PreflightResult
{
    /// <summary>As it should be.</summary>
    Pass,
    /// <summary>A reconstruction will do, and could be better.</summary>
    Warn,
    /// <summary>A reconstruction will fail, or not be worth having.</summary>
    Fail,
}

/// <summary>One thing that was looked at before a reconstruction, and what to do about it.</summary>
/// <param name="Capture">The capture's folder.</param>
/// <param name="Name">What was looked at: Capture, Frames, Timestamps, Intrinsics, DepthScale, Head, Distance, DepthHoles, Exposure, Face or Coverage.</param>
/// <param name="Result">What it came to.</param>
/// <param name="Message">What was found, with its numbers.</param>
/// <param name="Advice">What to do; empty where nothing need be done.</param>
public sealed record PreflightCheck(string Capture, string Name, PreflightResult Result, string Message, string Advice = "")
{
    /// <inheritdoc/>
    public override string ToString() => $"{Result}: {Name}: {Message}";
}
