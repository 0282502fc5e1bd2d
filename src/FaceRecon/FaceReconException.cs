namespace FaceRecon;

/// <summary>
/// What went wrong, in one sentence that names the file, the frame and what to do. The one exception
/// that the library throws on purpose for bad input; anything else is a defect.
/// </summary>
public sealed class FaceReconException : Exception
{
    /// <summary>An error with a stable id.</summary>
    /// <param name="errorId">What kind of error, from <see cref="FaceRecon.ErrorId"/>.</param>
    /// <param name="message">One sentence: what is wrong, where, and what to do.</param>
    /// <param name="path">The file or folder at fault.</param>
    /// <param name="frameIndex">The frame at fault, from 0; -1 where no single frame is.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public FaceReconException(ErrorId errorId, string message, string? path = null, int frameIndex = -1, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        Path = path;
        FrameIndex = frameIndex;
    }

    /// <summary>What kind of error.</summary>
    public ErrorId ErrorId { get; }
    /// <summary>The file or folder at fault; null where there is none.</summary>
    public string? Path { get; }
    /// <summary>The frame at fault, from 0; -1 where no single frame is.</summary>
    public int FrameIndex { get; }
    /// <summary>What the command-line program exits with: 2 bad usage, 3 unreadable capture, 4 not reconstructable, 5 output not written.</summary>
    public int ExitCode => ErrorId == ErrorId.OutputExists ? 2 : (int)ErrorId / 100;
}
