namespace FaceRecon;

/// <summary>How keypoints are found.</summary>
public sealed record FaceKeypointOptions
{
    /// <summary>
    /// The landmark model: null for the bundled Face Mesh (468 landmarks), a path to dlib's shape predictor (.dat, 68 landmarks),
    /// or a path to any landmark network (.onnx) that has its scheme beside it in a file of the same name ending in .json.
    /// </summary>
    public string? SemanticModel { get; init; }

    /// <summary>Score below which the model's answer is no face, 0 to 1. A face gets 0.97 to 1, a profile at the limit 0.5, anything else below 0.1.</summary>
    public double MinimumScore { get; init; } = 0.5;

    /// <summary>Largest angle between a landmark's surface and the ray at which it still counts as visible, radians.</summary>
    public double MaximumIncidence { get; init; } = 75 * Math.PI / 180;

    /// <summary>Largest distance along the ray between the depth under a landmark and the model's shape, metres.</summary>
    public double MaximumDisagreement { get; init; } = 0.015;

    /// <summary>
    /// Whether landmarks are held to the skin by what they look like, which takes depth; off, they are where the model puts
    /// them in each frame, and slide by millimetres as the head turns.
    /// </summary>
    public bool Refine { get; init; } = true;

    /// <summary>Threads within one run of a network.</summary>
    public int Threads { get; init; } = 1;
}
