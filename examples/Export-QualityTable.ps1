#Requires -Version 7.6

<#
.SYNOPSIS
    A folder of captures to a CSV file of quality figures, one line a capture.
.DESCRIPTION
    Reconstructs what is not there yet, and takes the figures from each report.json, so that a second run only writes the table anew.
    A capture that failed has a line with the reason.
.EXAMPLE
    ./examples/Export-QualityTable.ps1 ./captures ./faces ./quality.csv -ThrottleLimit 2
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # A folder with a folder for each capture.
    [Parameter(Mandatory, Position = 0)][string] $CaptureFolder,
    # Where each capture's face goes, into a folder of its name.
    [Parameter(Mandatory, Position = 1)][string] $OutputFolder,
    # The table to write.
    [Parameter(Mandatory, Position = 2)][string] $Path,
    # Captures at a time.
    [ValidateRange(1, 64)][int] $ThrottleLimit = 1,
    # More parameters of Invoke-FaceReconstruction, such as @{ Every = 2 }.
    [hashtable] $Option = @{}
)
# What a report lacks is an empty cell.
Set-StrictMode -Off
Import-Module (Join-Path $PSScriptRoot '../FaceRecon.psd1')

$faces = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($OutputFolder)
$lines = Get-ChildItem -LiteralPath $CaptureFolder -Directory | Sort-Object Name |
    Invoke-FaceReconstruction -OutputFolder { Join-Path $faces $_.Name } -Resume -ThrottleLimit $ThrottleLimit @Option -ErrorAction SilentlyContinue -WarningAction SilentlyContinue |
    ForEach-Object {
        $report = if ($_.Status -ne 'Failed') { Get-Content (Join-Path $_.OutputFolder 'report.json') -Raw | ConvertFrom-Json }
        [pscustomobject]@{
            Capture         = Split-Path $_.Capture -Leaf
            Status          = $_.Status
            Accepted        = $report.accepted
            Rejected        = $report.rejected
            FitMm           = $report.quality.residual_median_millimetre
            NoiseMm         = $report.quality.noise_median_millimetre
            CoverageDegrees = $report.quality.coverage_degrees
            DepthErrorMm    = $report.optimization.depth_error_millimetre
            AreaCm2         = $report.surface_area_cm2
            Reason          = $_.Reason
        }
    }
$lines | Sort-Object Capture | Export-Csv -LiteralPath $Path
