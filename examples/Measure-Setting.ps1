#Requires -Version 7.6

<#
.SYNOPSIS
    A parameter sweep on all cores: merges a capture with every combination of some settings.
.DESCRIPTION
    Each combination runs in a runspace of its own, with one thread, so that as many run as there are cores. The clouds are made
    once and shared: nothing changes an object once it is out. Results come as they are done.
.EXAMPLE
    ./examples/Measure-Setting.ps1 ./capture | Sort-Object Fit | Format-Table
.EXAMPLE
    ./examples/Measure-Setting.ps1 ./capture -VoxelSize 0.001, 0.002 -KeyframeAngle 4, 8 | Export-Csv sweep.csv
#>
[CmdletBinding()]
param(
    # A capture folder.
    [Parameter(Mandatory, Position = 0)][string] $Capture,
    # Spacings of the merged points to try, metres.
    [double[]] $VoxelSize = @(0.001, 0.0015, 0.002),
    # Turns between kept frames to try, degrees.
    [double[]] $KeyframeAngle = @(4.0, 8.0),
    # Runs at a time.
    [ValidateRange(1, 256)][int] $ThrottleLimit = [Environment]::ProcessorCount
)
$manifest = Join-Path $PSScriptRoot '../FaceRecon.psd1'
Import-Module $manifest

$clouds = @(Import-RgbdVideo $Capture | ConvertTo-PointCloud)
$settings = foreach ($size in $VoxelSize) { foreach ($angle in $KeyframeAngle) { @{ VoxelSize = $size; KeyframeAngle = $angle; MaxThreads = 1 } } }
$settings | ForEach-Object -ThrottleLimit $ThrottleLimit -Parallel {
    Import-Module $using:manifest
    $setting = $_
    $quality = $using:clouds | Merge-PointCloud @setting | Measure-FaceCloud
    [pscustomobject]@{
        VoxelSize     = $setting.VoxelSize
        KeyframeAngle = $setting.KeyframeAngle
        Points        = $quality.Points
        Accepted      = $quality.Accepted
        Fit           = [math]::Round($quality.ResidualMedianMillimetre, 3)
        Noise         = [math]::Round($quality.NoiseMedianMillimetre, 3)
    }
}
