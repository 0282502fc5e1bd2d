#Requires -Version 7.6

<#
.SYNOPSIS
    Many captures through Invoke-FaceReconstruction, some of them broken on purpose, and again with -Resume: counts and seconds.
.EXAMPLE
    pwsh tests/Measure-Batch.ps1 -Captures 40 -Broken 2
#>
[CmdletBinding()]
param(
    # Captures: the sample with so many seeds.
    [ValidateRange(2, 1000)][int] $Captures = 40,
    # Of them broken: one without intrinsics, the next without depth, and so on in turns.
    [ValidateRange(0, 1000)][int] $Broken = 2,
    # Frames of each.
    [ValidateRange(2, 1000)][int] $Frames = 12,
    # Captures at a time.
    [ValidateRange(1, 64)][int] $ThrottleLimit = 2,
    # More parameters of Invoke-FaceReconstruction.
    [hashtable] $Option = @{}
)
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../FaceRecon.psd1')
$place = New-Item -ItemType Directory (Join-Path ([System.IO.Path]::GetTempPath()) "facerecon-batch-$PID")
try {
    foreach ($seed in 1..$Captures) {
        $capture = New-SyntheticRgbdVideo ('{0}/captures/{1:000}' -f $place, $seed) -Seed $seed -Frames $Frames -Width 320 -Height 240 -PassThru
        if ($seed -le $Broken) { if ($seed % 2) { Remove-Item "$capture/intrinsic.json" } else { Remove-Item "$capture/depth/*" } }
    }
    foreach ($resume in $false, $true) {
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $outcomes = @(Get-ChildItem "$place/captures" | Sort-Object Name | Invoke-FaceReconstruction -OutputFolder { "$place/faces/$($_.Name)" } `
                -ThrottleLimit $ThrottleLimit -Resume:$resume @Option -ErrorAction SilentlyContinue -WarningAction SilentlyContinue)
        $failed = @($outcomes | Where-Object Status -EQ Failed)
        [pscustomobject]@{
            Resume    = $resume
            Completed = @($outcomes | Where-Object Status -EQ Completed).Count
            Skipped   = @($outcomes | Where-Object Status -EQ Skipped).Count
            Failed    = $failed.Count
            Errors    = @($failed | ForEach-Object { $_.Error.ErrorId } | Sort-Object) -join ', '
            Seconds   = [math]::Round($clock.Elapsed.TotalSeconds, 2)
        }
    }
} finally {
    Remove-Item -LiteralPath $place -Recurse -Force
}
