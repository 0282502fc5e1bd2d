namespace FaceRecon;

/// <summary>What may be done to a result before it is compared.</summary>
public enum ComparisonAlignment
{
    /// <summary>Nothing: it is compared where it lies.</summary>
    None,
    /// <summary>It is moved and turned.</summary>
    Rigid,
    /// <summary>It is moved, turned and scaled.</summary>
    Similarity,
}

/// <summary>How a result is compared with a reference.</summary>
public sealed record ComparisonOptions
{
    /// <summary>What is done to the result first.</summary>
    public ComparisonAlignment Alignment { get; init; } = ComparisonAlignment.Rigid;

    /// <summary>Distances, metres, for which the shares within them and the F-score are told.</summary>
    public IReadOnlyList<double> Thresholds { get; init; } = [0.0005, 0.001, 0.002];

    /// <summary>
    /// What of the result lies further from the reference than this shows something that the reference does not, and is left out of the
    /// accuracy, metres. Not used with a ground truth, which says itself what was to be seen.
    /// </summary>
    public double Reach { get; init; } = 0.01;

    /// <summary>Unit of the result's file; null for the one that it states, and metres where it states none.</summary>
    public LengthUnit? Unit { get; init; }

    /// <summary>Unit of the reference's file; null for the one that it states, and metres where it states none.</summary>
    public LengthUnit? ReferenceUnit { get; init; }

    /// <summary>Most threads to use; 0 for one a core. The result does not depend on it.</summary>
    public int MaxThreads { get; init; }

    /// <summary>Whether an output folder with contents will do; files of the same names are replaced.</summary>
    public bool Force { get; init; }

    /// <summary>Refuses values that make no sense.</summary>
    /// <exception cref="FaceReconException">InvalidOption.</exception>
    internal void Check()
    {
        if (!Enum.IsDefined(Alignment))
            throw new FaceReconException(ErrorId.InvalidOption, $"Alignment is {Alignment}; None, Rigid and Similarity are known.");
        if (!(Reach > 0 && Reach <= 1))
            throw new FaceReconException(ErrorId.InvalidOption, FormattableString.Invariant($"Reach is {Reach} m; it must be above 0 and at most 1."));
        foreach (var threshold in Thresholds)
            if (!(threshold > 0 && threshold <= 1))
                throw new FaceReconException(ErrorId.InvalidOption, FormattableString.Invariant($"A threshold is {threshold} m; it must be above 0 and at most 1."));
    }
}
