# One small capture for all test files: made once a run, and copied by those that change it.
Import-Module (Join-Path (Split-Path $PSScriptRoot) 'FaceRecon.psd1')

function Get-SampleCapture {
    # In the environment, for it outlives a test file; Invoke-ModuleTest.ps1 takes it away.
    if (-not $env:FACERECON_SAMPLE_CAPTURE -or -not (Test-Path -LiteralPath $env:FACERECON_SAMPLE_CAPTURE)) {
        $env:FACERECON_SAMPLE_CAPTURE = Join-Path ([System.IO.Path]::GetTempPath()) "facerecon-sample-$PID"
        New-SyntheticRgbdVideo $env:FACERECON_SAMPLE_CAPTURE -Frames 6 -Width 320 -Height 240 -Force
    }
    Get-Item -LiteralPath $env:FACERECON_SAMPLE_CAPTURE
}

function Copy-SampleCapture([string] $Path) {
    $null = New-Item -ItemType Directory (Split-Path $Path) -Force
    Copy-Item -LiteralPath (Get-SampleCapture) $Path -Recurse
}
