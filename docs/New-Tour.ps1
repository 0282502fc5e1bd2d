#Requires -Version 7.6

<#
.SYNOPSIS
    Takes the tour: types every command of docs/tour.md into PowerShell and writes down what comes back.
.DESCRIPTION
    For a process of its own, after dotnet build -c Release. tests/Tour.Tests.ps1 takes it too and fails where the committed
    transcript says anything else, but for numbers, which are the machine's.
.EXAMPLE
    pwsh docs/New-Tour.ps1
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # The transcript to write.
    [string] $Path = (Join-Path $PSScriptRoot 'tour.md')
)
$ErrorActionPreference = 'Stop'
$PSStyle.OutputRendering = 'PlainText'
$Path = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
$root = Split-Path $PSScriptRoot
$lines = [System.Collections.Generic.List[string]]::new()

function Add-Text([string] $Text) { $lines.AddRange([string[]]($Text.Trim(), '')) }

# Types a command and writes it down with what came back: objects as the shell shows them, warnings and errors as it words
# them. Dot-sourced, so that variables stay for the next command.
function Add-Step([string] $Command) {
    $first, $more = $Command.Trim() -split '\r?\n'
    $lines.AddRange([string[]](@('```powershell', "PS> $first") + @(foreach ($line in $more) { "    $line" })))
    $ErrorActionPreference = 'Continue'
    $shown = $(try { . ([scriptblock]::Create($Command)) 3>&1 2>&1 } catch { $_ }) |
        ForEach-Object { if ($_ -is [System.Management.Automation.WarningRecord]) { "WARNING: $_" } else { $_ } } | Out-String -Width 120
    $lines.AddRange([string[]]@($shown.Trim("`r", "`n") -split '\r?\n' | ForEach-Object TrimEnd))
    if ($lines[-1] -eq '') { $lines.RemoveAt($lines.Count - 1) }
    $lines.AddRange([string[]]('```', ''))
}

$ErrorView = 'ConciseView'
$place = New-Item -ItemType Directory (Join-Path ([System.IO.Path]::GetTempPath()) "facerecon-tour-$PID") -Confirm:$false -WhatIf:$false
Push-Location $place
try {
    $clone = $root
    Write-Verbose "the tour of $clone"
    Add-Text @'
# A tour of FaceRecon

Every command below was typed, and every answer written down, by `pwsh docs/New-Tour.ps1`; a test takes the tour again with every run of the tests.

## Install

`dotnet build -c Release` in a clone is enough to `Import-Module ./FaceRecon.psd1`. To have the module elsewhere, pack it and import it from there; the native libraries of Linux, Windows and macOS are in it (`$clone` is where the clone is):
'@
    . Add-Step 'dotnet publish $clone/src/FaceRecon.PowerShell -c Release --no-build --nologo -v quiet -p:ModulePackage=$PWD/Modules/FaceRecon'
    . Add-Step 'Import-Module ./Modules/FaceRecon/FaceRecon.psd1'
    . Add-Step '(Get-Module FaceRecon).Description'
    Add-Text "## Discover`n"
    . Add-Step 'Get-Command -Module FaceRecon | Format-Table Name, @{ Name = ''Synopsis''; Expression = { (Get-Help $_.Name).Synopsis } } -Wrap'
    Add-Text "## Get help`n"
    . Add-Step 'Get-Help Merge-PointCloud -Examples'
    . Add-Step 'Get-Help Merge-PointCloud -Parameter Method'
    . Add-Step '(Get-Help about_FaceRecon) -split "`n" | Select-Object -First 25'
    Add-Text "## Look at a capture first`n`nHere a synthetic one, of a head that does not exist; its exact shape lies beside it.`n"
    . Add-Step 'New-SyntheticRgbdVideo ./capture -Frames 20 -Width 320 -Height 240'
    . Add-Step 'Test-RgbdVideo ./capture'
    Add-Text "## From the video to the face`n`nSix stages, each of which gives objects that one can look at:`n"
    . Add-Step 'Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint | Merge-PointCloud | Optimize-FaceCloud | Export-FaceMesh ./face -PassThru | Format-Table Name'
    . Add-Step '$clouds = Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint'
    . Add-Step '$clouds | Select-Object -First 3'
    . Add-Step '$clouds[10].Keypoints[''NoseTip'']'
    . Add-Step '$face = $clouds | Merge-PointCloud; $face'
    . Add-Step '$face.Frames | Select-Object -First 3'
    Add-Text "In one go, with the stages overlapped; run again with -Resume it has nothing to do:`n"
    . Add-Step 'Invoke-FaceReconstruction ./capture ./again'
    . Add-Step 'Invoke-FaceReconstruction ./capture ./again -Resume | Format-List Status, Reason'
    Add-Text "## Swap a stage`n`nA filter between two stages, and a detector of one's own in the place of ours:`n"
    . Add-Step @'
$clouds | Where-Object Index -NotIn 7..9 | Get-FaceKeypoint -Detector {
    param($frame, $cloud)
    @{ Name = 'MiddleOfWindow'; U = $cloud.Left + $cloud.Width / 2; V = $cloud.Top + $cloud.Height / 2 }
} | ForEach-Object { $_.Keypoints['MiddleOfWindow'] } | Select-Object -First 2
'@
    Add-Text "## Compare two results`n"
    . Add-Step "'PointToPlane', 'Colored' | ForEach-Object { `$clouds | Merge-PointCloud -Method `$_ } | Measure-FaceCloud"
    Add-Text "Against what is known to be true, which lies beside a synthetic capture; a scan of another device would do as well:`n"
    . Add-Step "'face', 'again' | ForEach-Object { Compare-FaceMesh `"./`$_`" ./capture }"
    Add-Text "With a heat map, a coloured mesh and the numbers in a folder:`n"
    . Add-Step '$comparison = Compare-FaceMesh ./face ./capture -OutputFolder ./comparison; $comparison.Thresholds; $comparison.Files | Split-Path -Leaf'
    Add-Text "## Read the report`n"
    . Add-Step '$report = Get-Content ./face/report.json -Raw | ConvertFrom-Json'
    . Add-Step '$report | Select-Object accepted, rejected, vertices, residual_median_millimetre, surface_area_cm2 | Format-List'
    . Add-Step '$report.optimization.terms | Format-Table'
    Add-Text "## When something is wrong`n`nOne clear error, with an id that scripts can match on:`n"
    . Add-Step 'Import-RgbdVideo ./nowhere'
    . Add-Step '$Error[0].FullyQualifiedErrorId'
    if ($PSCmdlet.ShouldProcess($Path, 'Write the tour')) {
        # Where it was taken is nobody's business.
        $text = ($lines -join "`n").Replace($place.FullName, '~').Replace($root, '~')
        [System.IO.File]::WriteAllText($Path, $text.TrimEnd() + "`n")
    }
} finally {
    Pop-Location
    Remove-Item -LiteralPath $place -Recurse -Force -Confirm:$false -WhatIf:$false
}
