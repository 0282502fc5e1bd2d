<#
.SYNOPSIS
Runs the module's Pester tests on the built module.
.PARAMETER ResultPath
A file that gets three numbers: tests passed, failed, skipped.
#>
[CmdletBinding()]
param([string] $ResultPath)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if ($PSVersionTable.PSVersion -lt [version]'7.6' -or -not (Get-Module Pester -ListAvailable | Where-Object Version -GE ([version]'5.0'))) {
    $count = @(Get-ChildItem $PSScriptRoot/*.Tests.ps1 | Select-String -Pattern '^\s*It ').Count
    "PowerShell 7.6 with Pester 5 is not installed here: the $count tests of the module were not run."
    if ($ResultPath) { "0 0 $count" | Set-Content -LiteralPath $ResultPath }
    exit 0
}

Import-Module Pester -MinimumVersion 5.0
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$result = Invoke-Pester -Configuration $configuration
if ($env:FACERECON_SAMPLE_CAPTURE) { Remove-Item -LiteralPath $env:FACERECON_SAMPLE_CAPTURE -Recurse -ErrorAction Ignore }
# A container or block that breaks before its tests is a failure without a failed test.
$broken = $result.FailedBlocksCount + $result.FailedContainersCount
$failed = $result.FailedCount + ($result.FailedCount -eq 0 ? $broken : 0)
if ($ResultPath) {
    "$($result.PassedCount) $failed $($result.SkippedCount + $result.NotRunCount)" | Set-Content -LiteralPath $ResultPath
}
exit [int]($failed -gt 0)
