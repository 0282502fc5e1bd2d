#Requires -Version 7.6

<#
.SYNOPSIS
    A filter of one's own between two stages: leaves out frames in which the head moves fast.
.DESCRIPTION
    Depth cameras smear what moves. This lets a frame through only if the tip of the nose has moved by no more than -MaximumStep
    since the frame before, and merges what is left. Any condition on a frame can stand in its place.
.EXAMPLE
    ./examples/Select-StillFrame.ps1 ./capture -MaximumStep 5 | Export-FaceMesh ./face
#>
[CmdletBinding()]
param(
    # A capture folder.
    [Parameter(Mandatory, Position = 0)][string] $Capture,
    # Farthest that the tip of the nose may move from one frame to the next, millimetres.
    [ValidateRange(0.0, 1000.0)][double] $MaximumStep = 10
)
Import-Module (Join-Path $PSScriptRoot '../FaceRecon.psd1')

function Select-StillFrame {
    param([Parameter(ValueFromPipeline)][FaceRecon.FramePointCloud] $Cloud, [double] $MaximumStep)
    begin { $before = $null }
    process {
        $nose = $Cloud.Keypoints['NoseTip']
        # A nose that is not seen tells nothing, and costs no frame.
        $step = if ($nose.Position -and $before) { 1000 * ($nose.Position - $before).Length } else { 0 }
        if ($nose.Position) { $before = $nose.Position }
        if ($step -le $MaximumStep) { $Cloud } else { Write-Verbose "frame $($Cloud.Index) moved by $([math]::Round($step, 1)) mm and is left out" }
    }
}

Import-RgbdVideo $Capture | ConvertTo-PointCloud | Get-FaceKeypoint | Select-StillFrame -MaximumStep $MaximumStep | Merge-PointCloud
