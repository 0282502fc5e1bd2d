using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Reads keypoints that Export-FaceKeypoint, facerecon or another program wrote, one set a frame; Get-FaceKeypoint -Keypoint
/// attaches them to the frames of their capture.
/// </summary>
/// <example>
/// <code>Import-FaceKeypoint ./keypoints.json</code>
/// One set of keypoints for each frame of the file.
/// </example>
/// <example>
/// <code>(Import-FaceKeypoint ./keypoints.json)[0].Semantic | Where-Object Name -like '*Eye*' | Select-Object -First 5</code>
/// Some landmarks of the eyes in the first frame.
/// </example>
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
