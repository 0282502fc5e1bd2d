using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Reads keypoints that Export-FaceKeypoint, facerecon or another program wrote, one set a frame; Get-FaceKeypoint -Keypoint
/// attaches them to the frames of their capture.
/// </summary>
[Cmdlet(VerbsData.Import, "FaceKeypoint", DefaultParameterSetName = PathSet)]
[OutputType(typeof(KeypointSet))]
public sealed class ImportFaceKeypointCommand : PathCommand
{
    private protected override void Process(string path)
    {
        var sets = KeypointFile.Read(path);
        WriteVerbose($"{path}: keypoints of {sets.Count} frames");
        WriteObject(sets, enumerateCollection: true);
    }

    private protected override FaceReconException NotFound(string path, Exception? cause) =>
        new(ErrorId.KeypointsInvalid, $"There is no keypoint file at '{path}'.", path, innerException: cause);
}
