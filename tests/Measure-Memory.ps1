#Requires -Version 7.6

<#
.SYNOPSIS
    Memory of a long session: one reconstruction after the other in one PowerShell process.
.EXAMPLE
    pwsh tests/Measure-Memory.ps1 -Runs 30
#>
[CmdletBinding()]
param(
    # Reconstructions.
    [ValidateRange(2, 1000)][int] $Runs = 30,
    # Frames of the capture.
    [ValidateRange(2, 1000)][int] $Frames = 20,
    # More parameters of Invoke-FaceReconstruction.
    [hashtable] $Option = @{}
)
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../FaceRecon.psd1')
$place = New-Item -ItemType Directory (Join-Path ([System.IO.Path]::GetTempPath()) "facerecon-memory-$PID")
try {
    New-SyntheticRgbdVideo "$place/capture" -Frames $Frames -Width 320 -Height 240
    $process = [System.Diagnostics.Process]::GetCurrentProcess()
    foreach ($run in 1..$Runs) {
        $null = Invoke-FaceReconstruction "$place/capture" "$place/face" -Force @Option -WarningAction SilentlyContinue
        # What is garbage is not growth.
        [GC]::Collect()
        [GC]::WaitForPendingFinalizers()
        [GC]::Collect()
        $process.Refresh()
        [pscustomobject]@{
            Run       = $run
            ProcessMB = [math]::Round($process.WorkingSet64 / 1MB)
            ManagedMB = [math]::Round([GC]::GetTotalMemory($false) / 1MB, 1)
            PeakMB    = [math]::Round($process.PeakWorkingSet64 / 1MB)
        }
    }
} finally {
    Remove-Item -LiteralPath $place -Recurse -Force
}
