using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>Reads a depth correction that Export-DepthCorrection or Export-FaceMesh wrote, for ConvertTo-PointCloud -DepthCorrection.</summary>
/// <example>
/// <code>Import-DepthCorrection ./camera.json | Format-List</code>
/// What a file says of its camera.
/// </example>
/// <example>
/// <code>Import-RgbdVideo ./capture | ConvertTo-PointCloud -DepthCorrection (Import-DepthCorrection ./camera.json) | Merge-PointCloud</code>
/// Corrects a capture of the same camera before anything is made of it.
/// </example>
[Cmdlet(VerbsData.Import, "DepthCorrection", DefaultParameterSetName = PathSet)]
[OutputType(typeof(DepthCorrection))]
public sealed class ImportDepthCorrectionCommand : PathCommand
{
    private protected override void Process(string path)
    {
        var correction = DepthCorrectionFile.Read(path);
        WriteVerbose($"{path}: {correction}");
        WriteObject(correction);
    }

    private protected override FaceReconException NotFound(string path, Exception? cause) =>
        new(ErrorId.DepthCorrectionInvalid, $"There is no depth correction at '{path}'.", path, innerException: cause);
}
