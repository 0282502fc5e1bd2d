#Requires -Version 7.6

<#
.SYNOPSIS
    A nightly job of a lab: looks at new captures, reconstructs what can be, keeps a log, and tells by its exit code whether all went well.
.DESCRIPTION
    For cron or the task scheduler. Captures that fail the look beforehand are not tried; what is done already is skipped by its
    content, so that a job that was cut off goes on where it was. The log has a line for every event, in a file a day.
    Exit codes: 0 all is well, 1 some captures failed, 2 the job itself broke.
.EXAMPLE
    pwsh -File ./examples/Invoke-NightlyReconstruction.ps1 /data/captures /data/faces /var/log/facerecon
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # A folder with a folder for each capture.
    [Parameter(Mandatory, Position = 0)][string] $CaptureFolder,
    # Where each capture's face goes, into a folder of its name.
    [Parameter(Mandatory, Position = 1)][string] $OutputFolder,
    # Where the logs go.
    [Parameter(Mandatory, Position = 2)][string] $LogFolder,
    # Logs older than this are removed, days.
    [ValidateRange(1, 3650)][int] $KeepDays = 30,
    # Captures at a time.
    [ValidateRange(1, 64)][int] $ThrottleLimit = 1,
    # More parameters of Invoke-FaceReconstruction, such as @{ Every = 2 }.
    [hashtable] $Option = @{}
)
$ErrorActionPreference = 'Stop'
$null = New-Item -ItemType Directory $LogFolder -Force
$log = Join-Path $LogFolder "facerecon-$(Get-Date -Format yyyy-MM-dd).log"

function Add-LogLine([string] $Level, [string] $Text) {
    "$(Get-Date -Format HH:mm:ss) $($Level.PadRight(9)) $Text" | Add-Content -LiteralPath $log
}

try {
    Import-Module (Join-Path $PSScriptRoot '../FaceRecon.psd1')
    Add-LogLine -Level start -Text "FaceRecon $((Get-Module FaceRecon).Version) on $CaptureFolder"
    $faces = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($OutputFolder)
    $failed = 0
    $usable = foreach ($capture in Get-ChildItem -LiteralPath $CaptureFolder -Directory | Sort-Object Name) {
        $checks = @(Test-RgbdVideo -LiteralPath $capture.FullName)
        foreach ($check in $checks | Where-Object Result -NE Pass) {
            Add-LogLine -Level $check.Result -Text "$($capture.Name): $($check.Name): $($check.Message) $($check.Advice)"
        }
        if ($checks.Result -contains 'Fail') { $failed++ } else { $capture }
    }
    $usable | Invoke-FaceReconstruction -OutputFolder { Join-Path $faces $_.Name } -Resume -ThrottleLimit $ThrottleLimit @Option -ErrorAction SilentlyContinue -WarningAction SilentlyContinue |
        ForEach-Object {
            if ($_.Status -eq 'Failed') { $failed++ }
            $text = if ($_.Report) { "$($_.Report.Quality), $([math]::Round($_.Seconds, 1)) s" } else { $_.Reason }
            Add-LogLine -Level $_.Status -Text "$(Split-Path $_.Capture -Leaf): $text"
        }
    Get-ChildItem -LiteralPath $LogFolder -Filter facerecon-*.log | Where-Object LastWriteTime -LT (Get-Date).AddDays(-$KeepDays) | Remove-Item
    Add-LogLine -Level end -Text "$failed failed"
    exit [int]($failed -gt 0)
} catch {
    Add-LogLine -Level broken -Text "$_"
    Write-Error $_ -ErrorAction Continue
    exit 2
}
