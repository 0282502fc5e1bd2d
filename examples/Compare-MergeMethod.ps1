#Requires -Version 7.6

<#
.SYNOPSIS
    Compares ways to merge the frames of a capture, in a table.
.DESCRIPTION
    Frames are read and made into clouds once, and merged by each method. The smaller Fit (millimetres), the better the frames agree.
.EXAMPLE
    ./examples/Compare-MergeMethod.ps1 ./capture -Method PointToPlane, Colored | Format-Table
#>
[CmdletBinding()]
param(
    # A capture folder.
    [Parameter(Mandatory, Position = 0)][string] $Capture,
    # Registration methods to compare.
    [string[]] $Method = @('PointToPlane', 'PointToPoint', 'Generalized', 'Colored'),
    # Spacing of the merged points, metres.
    [ValidateRange(0.0002, 0.05)][double] $VoxelSize = 0.001
)
Import-Module (Join-Path $PSScriptRoot '../FaceRecon.psd1')

$clouds = Import-RgbdVideo $Capture | ConvertTo-PointCloud | Get-FaceKeypoint
foreach ($name in $Method) {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $quality = $clouds | Merge-PointCloud -Method $name -VoxelSize $VoxelSize | Measure-FaceCloud
    [pscustomobject]@{
        Method  = $name
        Frames  = '{0}/{1}' -f $quality.Accepted, ($quality.Accepted + $quality.Rejected)
        Fit     = [math]::Round($quality.ResidualMedianMillimetre, 3)
        Fit95   = [math]::Round($quality.Residual95Millimetre, 3)
        Noise   = [math]::Round($quality.NoiseMedianMillimetre, 3)
        Seconds = [math]::Round($clock.Elapsed.TotalSeconds, 2)
    }
}
