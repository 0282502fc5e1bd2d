using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Measures how good a merged face is, from the face itself: how well its frames agree, how noisy its points are, how far around the head
/// it was seen, and what the optimisation found. Two ways to merge, or two captures, are compared by it.
/// </summary>
/// <example>
/// <code>Import-RgbdVideo ./capture | ConvertTo-PointCloud | Merge-PointCloud | Measure-FaceCloud | Format-List</code>
/// All figures of a capture's face.
/// </example>
/// <example>
/// <code>
/// $clouds = Import-RgbdVideo ./capture | ConvertTo-PointCloud
/// 'PointToPlane', 'Colored' | ForEach-Object { $clouds | Merge-PointCloud -Method $_ } | Measure-FaceCloud
/// </code>
/// Two registration methods side by side.
/// </example>
[Cmdlet(VerbsDiagnostic.Measure, "FaceCloud")]
[OutputType(typeof(FaceCloudQuality))]
public sealed class MeasureFaceCloudCommand : FaceReconCommand
{
    /// <summary>The face, from Merge-PointCloud or Optimize-FaceCloud.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "A face from Merge-PointCloud or Optimize-FaceCloud.")]
    [Alias("Face")]
    [ValidateNotNull]
    public FaceCloud InputObject { get; set; } = null!;

    private protected override void Process()
    {
        var quality = FaceCloudQuality.Of(InputObject);
        WriteVerbose($"{quality}");
        WriteObject(quality);
    }
}
