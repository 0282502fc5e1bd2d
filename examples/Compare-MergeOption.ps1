#Requires -Version 7.6
<#
.SYNOPSIS
    Reconstructs one capture with several voxel sizes and shows them side by side.
.EXAMPLE
    ./examples/Compare-MergeOption.ps1 -Capture ./capture
#>
[CmdletBinding()]
param(
    # A capture folder.
    [Parameter(Mandatory)][string]$Capture,
    # Voxel sizes to compare, metres.
    [double[]]$VoxelSize = @(0.001, 0.0015, 0.002)
)
Import-Module (Join-Path $PSScriptRoot '../FaceRecon.psd1')

# The frames are made into clouds once and merged several times.
$clouds = Import-RgbdVideo $Capture | ConvertTo-PointCloud
foreach ($size in $VoxelSize) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $face = $clouds | Merge-PointCloud -VoxelSize $size
    [pscustomobject]@{
        VoxelSize = $size
        Accepted  = $face.AcceptedCount
        Points    = $face.Points.Count
        Seconds   = [math]::Round($watch.Elapsed.TotalSeconds, 2)
    }
}
