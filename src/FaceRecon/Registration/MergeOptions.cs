namespace FaceRecon;

/// <summary>How frames are merged. Lengths in metres, angles in radians.</summary>
public sealed record MergeOptions
{
    /// <summary>How each frame is registered to the model.</summary>
    public IcpOptions Icp { get; init; } = new();

    /// <summary>Edge of a voxel of the merged result, about the spacing of its points.</summary>
    public double VoxelSize { get; init; } = 0.001;

    /// <summary>Edge of a voxel of the model that frames are registered to. Twice the result's is an eighth of the work, and a pose averages over thousands of points either way.</summary>
    public double RegistrationVoxelSize { get; init; } = 0.002;

    /// <summary>Distance from the surface within which measurements are averaged: several times the sensor's smooth error.</summary>
    public double Truncation { get; init; } = 0.006;

    /// <summary>Frames with fewer of the visible model points matched are left out.</summary>
    public double MinimumInlierRatio { get; init; } = 0.4;

    /// <summary>Frames that fit the model worse than this (root mean square) are left out.</summary>
    public double MaximumResidual { get; init; } = 0.0025;

    /// <summary>A frame whose view turns by less than this from a kept one adds its pose only.</summary>
    public double KeyframeAngle { get; init; } = 1.0 * Math.PI / 180;

    /// <summary>Most frames kept for the refinement: bounds memory, however long the video.</summary>
    public int MaximumKeyframes { get; init; } = 120;

    /// <summary>
    /// Rounds in which every kept frame is registered anew to the model made of all. None by default: what the frames
    /// disagree by is the sensor's smooth error, which re-registration only spreads.
    /// </summary>
    public int RefinementRounds { get; init; }

    /// <summary>Threads to use; 0 for all cores. The result does not depend on it.</summary>
    public int MaxThreads { get; init; }
}
