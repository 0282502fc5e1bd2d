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

    /// <summary>
    /// Poses that are known beforehand, camera-to-world in any world, found by their timestamps: registration starts from them,
    /// and from the frames before where they have none. Null for none.
    /// </summary>
    public IReadOnlyList<FramePose>? InitialPoses { get; init; }

    /// <summary>Frames whose colour is less sharp than this share of the median of the second before are left out as blurred by motion; 0 to keep them.</summary>
    public double MinimumSharpness { get; init; } = 0.4;

    /// <summary>Frames with something in front of more than this share of the model in view are left out: a hand, hair that falls; 1 to keep them.</summary>
    public double MaximumCovered { get; init; } = 0.05;

    /// <summary>
    /// Frames in which an eye or the mouth fits the model so many times worse than the rest of the face are left out: a blink, a
    /// word. It takes semantic keypoints; infinity to keep them.
    /// </summary>
    public double MaximumChange { get; init; } = 3;

    /// <summary>A frame whose view turns by less than this from a kept one adds its pose only.</summary>
    public double KeyframeAngle { get; init; } = 1.0 * Math.PI / 180;

    /// <summary>Most frames kept for the refinement: bounds memory, however long the video.</summary>
    public int MaximumKeyframes { get; init; } = 120;

    /// <summary>
    /// Rounds in which every kept frame is registered anew to the model made of all. None by default: what the frames
    /// disagree by is the sensor's smooth error, which re-registration only spreads.
    /// </summary>
    public int RefinementRounds { get; init; }

    /// <summary>
    /// Whether the kept frames' poses are brought into agreement by a pose graph with loop closures. Off by default: a frame is
    /// registered to the model of all before it, which closes loops by itself, and on the captures measured the graph gains nothing.
    /// </summary>
    public bool PoseGraph { get; init; }

    /// <summary>Threads to use; 0 for all cores. The result does not depend on it.</summary>
    public int MaxThreads { get; init; }
}
