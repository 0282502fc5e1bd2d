namespace FaceRecon;

/// <summary>How keypoints are found.</summary>
public sealed record FaceKeypointOptions
{
    /// <summary>Whether semantic keypoints are found. Off, no landmark model is loaded, and eyes and lips cannot be told from the rest.</summary>
    public bool Semantic { get; init; } = true;

    /// <summary>
    /// Whether structural keypoints are found. They take a cloud: without depth there is no telling where the face turns,
    /// what is its outline, or where a point is, so that a bare frame gets none.
    /// </summary>
    public bool Structural { get; init; } = true;

    /// <summary>
    /// The landmark model: null for the bundled Face Mesh (468 landmarks), a path to dlib's shape predictor (.dat, 68 landmarks),
    /// or a path to any landmark network (.onnx) that has its scheme beside it in a file of the same name ending in .json.
    /// </summary>
    public string? SemanticModel { get; init; }

    /// <summary>Score below which the model's answer is no face, 0 to 1. A face gets 0.97 to 1, a profile at the limit 0.5, anything else below 0.1.</summary>
    public double MinimumScore { get; init; } = 0.5;

    /// <summary>Largest angle between a keypoint's surface and the ray at which it still counts as visible, radians.</summary>
    public double MaximumIncidence { get; init; } = 75 * Math.PI / 180;

    /// <summary>Largest distance along the ray between the depth under a landmark and the model's shape, metres.</summary>
    public double MaximumDisagreement { get; init; } = 0.015;

    /// <summary>
    /// Whether landmarks are held to the skin by what they look like, which takes depth; off, they are where the model puts
    /// them in each frame, and slide by millimetres as the head turns.
    /// </summary>
    public bool Refine { get; init; } = true;

    /// <summary>
    /// What finds and describes structural keypoints: null for the project's own corners, or a path to a network (.onnx) of the
    /// shape of SuperPoint, XFeat or ALIKE. What either finds passes the same conditions.
    /// </summary>
    public string? StructuralModel { get; init; }

    /// <summary>
    /// Smallest angle at which the planes of the surface on the two sides of a structural keypoint, 8 mm each, must meet, radians.
    /// The default, 12 degrees, is twice that of a head as a whole, a ball of 8 cm radius (6 degrees), and three times what the noise of
    /// a poor sensor makes of a plane (4 degrees): what is rounder than 4 cm passes, as nose, brows, sockets, folds, chin
    /// and ears are; forehead and the flat of the cheeks do not.
    /// </summary>
    public double MinimumAngle { get; init; } = 12 * Math.PI / 180;

    /// <summary>Most structural keypoints in a frame. Half of them are found again in the next one.</summary>
    public int MaximumStructural { get; init; } = 400;

    /// <summary>Threads within one run of a network.</summary>
    public int Threads { get; init; } = 1;
}
