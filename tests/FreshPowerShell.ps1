# What a fresh PowerShell, of the kind that runs the tests, says to a script: what it does to this process stays out of it.
function Invoke-FreshPowerShell([string] $Script, [string] $WorkingDirectory = $TestDrive) {
    # As .NET tool it is an assembly that dotnet runs.
    $program = [Environment]::ProcessPath
    $assembly = @(if ([System.IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { [Environment]::GetCommandLineArgs()[0] })
    Push-Location $WorkingDirectory
    try {
        & $program @assembly -NoProfile -NonInteractive -Command $Script 2>&1 | ForEach-Object ToString
    } finally {
        Pop-Location
    }
}
