namespace FaceRecon;

/// <summary>How matches of pairs become tracks.</summary>
public sealed record KeypointTrackOptions
{
    /// <summary>How pairs are matched.</summary>
    public StructuralMatchOptions Matching { get; init; } = new();

    /// <summary>Each frame is matched with this many after it: a keypoint that one frame misses does not end its track.</summary>
    public int Reach { get; init; } = 3;

    /// <summary>Most other frames that each is matched with because they see the same side.</summary>
    public int Loops { get; init; } = 3;

    /// <summary>Largest angle between the views of such a pair, where poses are known, radians. At 25 degrees most patches still look the same on their tangent plane.</summary>
    public double MaximumLoopAngle { get; init; } = 25 * Math.PI / 180;

    /// <summary>Fewest frames of a track, 2 or more. The default is 3: what only two frames show no third one vouches for.</summary>
    public int MinimumLength { get; init; } = 3;

    /// <summary>Pairs matched at a time; 0 for one a core.</summary>
    public int Threads { get; init; }
}
