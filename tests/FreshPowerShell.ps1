# What a fresh PowerShell, of the kind that runs the tests, says to a script: what it does to this process stays out of it.
function Invoke-FreshPowerShell([string] $Script, [string] $WorkingDirectory = $TestDrive) {
    # As .NET tool it is an assembly that dotnet runs.
    $program = @([Environment]::ProcessPath)
    if ([System.IO.Path]::GetFileNameWithoutExtension($program[0]) -eq 'dotnet') { $program += [Environment]::GetCommandLineArgs()[0] }
    $executable, $arguments = $program
    Push-Location $WorkingDirectory
    try {
        & $executable @arguments -NoProfile -NonInteractive -Command $Script 2>&1 | ForEach-Object ToString
    } finally {
        Pop-Location
    }
}
