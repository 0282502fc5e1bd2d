using System.CommandLine;

namespace FaceRecon.Cli;

/// <summary>What the commands that find keypoints have in common: by which models.</summary>
internal static class KeypointModelOptions
{
    private static readonly FaceKeypointOptions Default = new();

    public static readonly Option<string> SemanticModel = new("--semantic-model")
    {
        Description = "Named landmarks: default (Face Mesh, 468), none, or a model's path: dlib's shape predictor (.dat), or a network (.onnx) with its scheme in a .json beside it.",
        DefaultValueFactory = _ => "default",
    };
    public static readonly Option<string> StructuralModel = new("--structural-model")
    {
        Description = "Places where the shape turns: default (our own detector), none, or the path of a SuperPoint, XFeat or ALIKE network (.onnx).",
        DefaultValueFactory = _ => "default",
    };
    public static readonly Option<double> MinimumAngle = new("--minimum-angle")
    {
        Description = "Smallest turn of the surface at a structural keypoint, degrees.",
        DefaultValueFactory = _ => Math.Round(Default.MinimumAngle * 180 / Math.PI, 9),
    };

    public static FaceKeypointOptions KeypointsFrom(ParseResult arguments)
    {
        var semantic = ModelFrom(arguments, SemanticModel);
        var structural = ModelFrom(arguments, StructuralModel);
        if (!semantic.Wanted && !structural.Wanted)
            throw new FaceReconException(ErrorId.InvalidOption, "With --semantic-model none and --structural-model none there is nothing to find.");
        var angle = arguments.GetValue(MinimumAngle);
        if (angle is not (>= 0 and <= 180))
            throw new FaceReconException(ErrorId.InvalidOption, FormattableString.Invariant($"--minimum-angle is {angle}; it must be from 0 to 180 degrees."));
        return Default with
        {
            Semantic = semantic.Wanted,
            SemanticModel = semantic.Path,
            Structural = structural.Wanted,
            StructuralModel = structural.Path,
            MinimumAngle = angle * Math.PI / 180,
        };
    }

    private static ModelChoice ModelFrom(ParseResult arguments, Option<string> option) => arguments.GetValue(option) is { Length: > 0 } text
        ? ModelChoice.Parse(text)
        : throw new FaceReconException(ErrorId.InvalidOption, $"{option.Name} is empty; give default, none, or the path of a model.");
}
