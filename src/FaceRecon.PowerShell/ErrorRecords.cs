using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>How the library's errors look in the shell: the one place where ids get their categories.</summary>
internal static class ErrorRecords
{
    /// <summary>The record of an error: its id first in FullyQualifiedErrorId, the file at fault as the target.</summary>
    public static ErrorRecord ToErrorRecord(this FaceReconException error) =>
        new(error, error.ErrorId.ToString(), CategoryOf(error.ErrorId), error.Path);

    private static ErrorCategory CategoryOf(ErrorId id) => id switch
    {
        ErrorId.InvalidOption => ErrorCategory.InvalidArgument,
        ErrorId.CaptureNotFound or ErrorId.CaptureEmpty or ErrorId.FrameMissing or ErrorId.IntrinsicsMissing or ErrorId.ModelNotFound or ErrorId.MeshNotFound => ErrorCategory.ObjectNotFound,
        ErrorId.TooFewFrames or ErrorId.HeadNotFound or ErrorId.RegistrationFailed or ErrorId.SurfaceFailed or ErrorId.OrientationUnknown or ErrorId.ComparisonFailed => ErrorCategory.InvalidResult,
        ErrorId.OutputExists => ErrorCategory.ResourceExists,
        ErrorId.OutputNotWritable => ErrorCategory.WriteError,
        _ => ErrorCategory.InvalidData,
    };
}
