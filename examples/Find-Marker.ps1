#Requires -Version 7.6

<#
.SYNOPSIS
    A keypoint detector of one's own: finds a bright marker on the head in every frame, and where it is in space.
.DESCRIPTION
    A sticker or a dot of paint is the brightest spot of a head. Its centre becomes a semantic keypoint named Marker, and
    the depth gives it its place. Another detector takes changing the one function.
.EXAMPLE
    ./examples/Find-Marker.ps1 ./capture | Format-Table
.EXAMPLE
    ./examples/Find-Marker.ps1 ./capture | Export-Csv marker.csv
#>
[CmdletBinding()]
param(
    # A capture folder.
    [Parameter(Mandatory, Position = 0)][string] $Capture
)
Import-Module (Join-Path $PSScriptRoot '../FaceRecon.psd1')

function Find-Marker {
    param([FaceRecon.RgbdFrame] $Frame, [FaceRecon.FramePointCloud] $Cloud)
    # Pixels at least this bright, as a share of the brightest, belong to the marker.
    $threshold = 0.98
    $pixels = $Frame.Color.Pixels
    $depths = $Cloud.Z
    $most = 0
    $bright = @(
        foreach ($row in 0..($Cloud.Height - 1)) {
            foreach ($column in 0..($Cloud.Width - 1)) {
                # Only what is on the head has a point.
                if ($depths[$row * $Cloud.Width + $column] -le 0) { continue }
                $u = $Cloud.Left + $column
                $v = $Cloud.Top + $row
                $i = 3 * ($v * $Frame.Color.Width + $u)
                $light = $pixels[$i] + $pixels[$i + 1] + $pixels[$i + 2]
                if ($light -gt $most) { $most = $light }
                if ($light -ge $threshold * $most) { , @($light, $u, $v) }
            }
        }
    )
    $marker = @($bright | Where-Object { $_[0] -ge $threshold * $most })
    @{
        Name  = 'Marker'
        U     = ($marker | ForEach-Object { $_[1] } | Measure-Object -Average).Average
        V     = ($marker | ForEach-Object { $_[2] } | Measure-Object -Average).Average
        Sigma = 0.5
    }
}

Import-RgbdVideo $Capture | ConvertTo-PointCloud | Get-FaceKeypoint -Detector ${function:Find-Marker} | ForEach-Object {
    $marker = $_.Keypoints['Marker']
    [pscustomobject]@{
        Frame = $_.Index
        U     = [math]::Round($marker.U, 2)
        V     = [math]::Round($marker.V, 2)
        X     = if ($marker.Position) { [math]::Round(1000 * $marker.Position.X, 1) }
        Y     = if ($marker.Position) { [math]::Round(1000 * $marker.Position.Y, 1) }
        Z     = if ($marker.Position) { [math]::Round(1000 * $marker.Position.Z, 1) }
    }
}
