namespace FaceRecon;

/// <summary>The keypoints of one frame. Never changed after it is made.</summary>
public sealed record KeypointSet
{
    /// <summary>Number of the frame in its capture, from 0.</summary>
    public required int FrameIndex { get; init; }
    /// <summary>What the semantic keypoints are.</summary>
    public required KeypointScheme Scheme { get; init; }
    /// <summary>One keypoint for each landmark of the scheme, in its order; empty where no face was found.</summary>
    public IReadOnlyList<SemanticKeypoint> Semantic { get; init; } = [];
    /// <summary>Places where the face's shape turns, the strongest first.</summary>
    public IReadOnlyList<StructuralKeypoint> Structural { get; init; } = [];
    /// <summary>The smallest rectangle around the semantic keypoints.</summary>
    public ImageBox FaceBox { get; init; }
    /// <summary>How sure the model is that this is a face, 0 to 1; 0 where none was found.</summary>
    public double Score { get; init; }
    /// <summary>Where in the image the top of the head points, to a quarter turn.</summary>
    public ImageDirection Up { get; init; }

    /// <summary>Whether a face was found.</summary>
    public bool HasFace => Semantic.Count > 0;
    /// <summary>Number of semantic keypoints that are visible.</summary>
    public int VisibleCount => Semantic.Count(keypoint => keypoint.IsVisible);

    /// <summary>The semantic keypoint of a name; null where there is none.</summary>
    public SemanticKeypoint? this[string name] =>
        HasFace && Scheme.IndexOf(name) is var index and >= 0 ? Semantic[index] : null;

    /// <summary>
    /// The same keypoints in the 68-point scheme of iBUG: of a set in the 468-point scheme each takes the vertex that
    /// <see cref="KeypointScheme.Ibug68"/> names; a set in the 68-point scheme is returned as it is.
    /// </summary>
    /// <exception cref="InvalidOperationException">The set is in some other scheme.</exception>
    public KeypointSet ToIbug68()
    {
        if (Scheme == KeypointScheme.Ibug68)
            return this;
        if (Scheme != KeypointScheme.FaceMesh468)
            throw new InvalidOperationException($"No 68 points can be derived from scheme {Scheme}.");
        var derived = new List<SemanticKeypoint>(KeypointScheme.Ibug68.Count);
        if (HasFace)
            foreach (var vertex in KeypointScheme.FaceMeshVertexOfIbug)
                derived.Add(Semantic[vertex]);
        return this with { Scheme = KeypointScheme.Ibug68, Semantic = derived };
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        List<string> parts = [];
        if (HasFace)
            parts.Add(FormattableString.Invariant($"{VisibleCount} of {Semantic.Count} landmarks visible, score {Score:0.00}"));
        else if (Scheme.Count > 0)
            parts.Add("no face");
        if (Structural.Count > 0 || parts.Count == 0)
            parts.Add($"{Structural.Count} structural");
        return $"frame {FrameIndex}: {string.Join(", ", parts)}";
    }
}
