namespace FaceRecon;

/// <summary>
/// Which frames of a capture are read: the first <see cref="Skip"/> are passed over, then each
/// <see cref="Every"/>-th is taken, at most <see cref="First"/> of them.
/// </summary>
/// <param name="Skip">Frames passed over at the start.</param>
/// <param name="First">Most frames to take; null for all.</param>
/// <param name="Every">Take one frame of this many.</param>
public sealed record FrameSelection(int Skip = 0, int? First = null, int Every = 1)
{
    /// <summary>Every frame.</summary>
    public static FrameSelection All { get; } = new();

    /// <summary>How many of <paramref name="frameCount"/> frames are selected.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.InvalidOption"/>: a number makes no sense, or no frame is left.</exception>
    public int Count(int frameCount) => Indices(frameCount).Length;

    /// <summary>The indices selected out of <paramref name="frameCount"/> frames, ascending.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.InvalidOption"/>: a number makes no sense, or no frame is left.</exception>
    internal int[] Indices(int frameCount)
    {
        if (Skip < 0 || First < 1 || Every < 1)
            throw new FaceReconException(ErrorId.InvalidOption, $"Skip {Skip}, First {First}, Every {Every}: skip 0 or more frames, take 1 or more, every 1st or later.");
        if (Skip >= frameCount)
            throw new FaceReconException(ErrorId.InvalidOption, $"Skip {Skip} leaves none of the capture's {frameCount} frames.");
        var available = (frameCount - Skip - 1) / Every + 1;
        var indices = new int[Math.Min(available, First ?? available)];
        for (var i = 0; i < indices.Length; i++)
            indices[i] = Skip + i * Every;
        return indices;
    }
}
