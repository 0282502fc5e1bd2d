namespace FaceRecon;

/// <summary>A frame as its files have it: the lens still in it, sizes unchecked.</summary>
/// <param name="Color">Colour.</param>
/// <param name="Depth">Depth, metres.</param>
/// <param name="Timestamp">Seconds on the capture's clock.</param>
/// <param name="Camera">The camera that took it.</param>
/// <param name="ColorPath">The file of the colour.</param>
/// <param name="DepthPath">The file of the depth.</param>
internal readonly record struct RawFrame(ColorImage Color, DepthImage Depth, double Timestamp, StatedCamera Camera, string ColorPath, string DepthPath);

/// <summary>The frames of a capture, whatever its layout. Any thread may read any frame at any time.</summary>
internal abstract class FrameSource
{
    /// <summary>Which layout this is.</summary>
    internal abstract CaptureLayout Layout { get; }
    /// <summary>The camera of the first frame.</summary>
    internal abstract StatedCamera Camera { get; }
    /// <summary>Stored units of depth per metre.</summary>
    internal abstract double DepthScale { get; }
    /// <summary>Number of frames.</summary>
    internal abstract int Count { get; }
    /// <summary>The files of a frame, whether they are there or not.</summary>
    internal abstract IEnumerable<string> FilesOf(int index);
    /// <summary>When a frame was taken, seconds; null where only the frame's own files tell.</summary>
    internal abstract double? TimestampOf(int index);
    /// <summary>Reads one frame.</summary>
    /// <exception cref="FaceReconException">It cannot be read; the message names the file.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two files.</exception>
    internal abstract RawFrame Read(int index, CancellationToken cancellation);
}
