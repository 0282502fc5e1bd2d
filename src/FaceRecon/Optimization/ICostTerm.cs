namespace FaceRecon;

/// <summary>
/// A part of the loss: a sum over groups of residuals that share unknowns of their own (a point, a height), which are
/// eliminated within the group.
/// </summary>
internal interface ICostTerm
{
    /// <summary>What it is called in reports.</summary>
    string Name { get; }
    /// <summary>Number of groups.</summary>
    int GroupCount { get; }
    /// <summary>Number of residuals.</summary>
    int ResidualCount { get; }
    /// <summary>Half the sum of the robust squared residuals of one group at its best own unknowns.</summary>
    double Cost(JointState state, int group);
    /// <summary>Adds one group to the normal equations.</summary>
    void Linearize(JointState state, int group, LinearizationScratch scratch, NormalSystem system);
}

/// <summary>Room that one thread needs to linearise groups.</summary>
internal sealed class LinearizationScratch(ParameterLayout layout)
{
    public PointJacobian Jacobian { get; } = new(layout);
    public EliminatedCoordinate[] Coordinates { get; } = [new(layout.Size), new(layout.Size), new(layout.Size)];
    public SchurComplement Schur { get; } = new(layout.Size);
}
