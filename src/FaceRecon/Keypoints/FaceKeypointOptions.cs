namespace FaceRecon;

/// <summary>How keypoints are found.</summary>
public sealed record FaceKeypointOptions
{
    /// <summary>Whether semantic keypoints are looked for.</summary>
    public bool Semantic { get; init; } = true;

    /// <summary>Whether structural keypoints are looked for.</summary>
    public bool Structural { get; init; } = true;

    /// <summary>
    /// The landmark model: null for the bundled Face Mesh (468 landmarks), a path to dlib's shape predictor (.dat, 68 landmarks),
    /// or a path to any landmark network (.onnx) that has its scheme beside it in a file of the same name ending in .json.
    /// </summary>
    public string? SemanticModel { get; init; }

    /// <summary>The structural detector: null for the project's own, or a path to a network (.onnx) of the shape of SuperPoint, XFeat or ALIKE.</summary>
    public string? StructuralModel { get; init; }

    /// <summary>Smallest angle at which the planes on the two sides of a structural keypoint meet, radians.</summary>
    public double MinimumAngle { get; init; } = 10 * Math.PI / 180;

    /// <summary>Most structural keypoints of a frame.</summary>
    public int MaximumStructural { get; init; } = 400;

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
