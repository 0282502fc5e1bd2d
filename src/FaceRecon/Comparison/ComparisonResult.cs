namespace FaceRecon;

/// <summary>How a result differs from a reference.</summary>
public sealed record ComparisonResult
{
    /// <summary>What was compared.</summary>
    public string Result { get; init; } = "";
    /// <summary>What it was compared with.</summary>
    public string Reference { get; init; } = "";
    /// <summary>Whether the reference is a ground truth, of which only the face, and of that only what was seen, counts.</summary>
    public bool IsFace { get; init; }
    /// <summary>From the result to the reference.</summary>
    public DistanceSummary Accuracy { get; init; } = new();
    /// <summary>From the reference to the result; what lies further away than 20 mm counts as 20 mm in the mean and the rms.</summary>
    public DistanceSummary Completeness { get; init; } = new();
    /// <summary>How much of both lies within some distances of the other.</summary>
    public IReadOnlyList<ThresholdScore> Thresholds { get; init; } = [];
    /// <summary>That for the middle one of the distances; null where none was given.</summary>
    public ThresholdScore? Middle => Thresholds.Count == 0 ? null : Thresholds[Thresholds.Count / 2];
    /// <summary>Mean of how far the result lies outside of the reference, millimetres; negative for inside.</summary>
    public double BiasMillimetre { get; init; }
    /// <summary>Mean angle between both surfaces where they are nearer to each other than 3 mm, degrees; NaN where one has no directions.</summary>
    public double NormalMeanDegrees { get; init; }
    /// <summary>Median of that angle, degrees.</summary>
    public double NormalMedianDegrees { get; init; }
    /// <summary>From the result's coordinates to the reference's, after <see cref="Scale"/>.</summary>
    public RigidTransform Alignment { get; init; } = RigidTransform.Identity;
    /// <summary>What the result was scaled by first; 1 unless that was asked for.</summary>
    public double Scale { get; init; } = 1;
    /// <summary>The scale that a fit with one finds, whether it was used or not: 1.01 for a result that is 1 % too small. NaN without alignment.</summary>
    public double FittedScale { get; init; }
    /// <summary>How far the alignment moved the middle of the reference (the tip of a face's nose) from where the result was expected, millimetres.</summary>
    public double AlignmentShiftMillimetre { get; init; }
    /// <summary>How far the alignment turned the result, degrees.</summary>
    public double AlignmentDegrees { get; init; }
    /// <summary>The result in its own coordinates; of a cloud a small disc for each point.</summary>
    public TriangleMesh? Mesh { get; init; }
    /// <summary>For each vertex of the mesh how far outside (positive) or inside of the reference it lies, metres; NaN where it does not count.</summary>
    public float[] VertexError { get; init; } = [];
    /// <summary>Which way is up and forward in the result.</summary>
    internal UprightFrame Upright { get; init; } = UprightFrame.Camera;
    /// <summary>The files that were written.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Accuracy}; {Middle}");
}
