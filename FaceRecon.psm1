Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# The assemblies of this module get a load context of their own, so that another module's version of a
# dependency is never taken for ours, nor ours for theirs. An assembly asks its own context first, and
# that knows what has been loaded into it: so all are loaded, which maps files and runs nothing.
$folder = Join-Path $PSScriptRoot 'module'
if (-not (Test-Path -LiteralPath (Join-Path $folder 'FaceRecon.PowerShell.dll'))) {
    throw [System.Management.Automation.ErrorRecord]::new(
        [System.IO.FileNotFoundException]::new("FaceRecon is not built: run dotnet build in '$PSScriptRoot', then import the module again."),
        'ModuleNotBuilt', [System.Management.Automation.ErrorCategory]::NotInstalled, $folder)
}

# One context a process, however many runspaces import the module: the types must be the same in all of them.
$name = "FaceRecon from $folder"
$gate = [string]::Intern($name)
[System.Threading.Monitor]::Enter($gate)
try {
    $context = [System.Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -EQ $name | Select-Object -First 1
    if (-not $context) {
        $context = [System.Runtime.Loader.AssemblyLoadContext]::new($name)
        foreach ($file in [System.IO.Directory]::EnumerateFiles($folder, '*.dll')) {
            $null = $context.LoadFromAssemblyPath($file)
        }
    }
} finally {
    [System.Threading.Monitor]::Exit($gate)
}

$cmdlets = $context.Assemblies | Where-Object { $_.GetName().Name -eq 'FaceRecon.PowerShell' }
$binary = Import-Module -Assembly $cmdlets -PassThru
$typeNames = $cmdlets.GetType('FaceRecon.PowerShell.TypeNames')
$typeNames::Register()
$ExecutionContext.SessionState.Module.OnRemove = {
    $typeNames::Unregister()
    # Import-Module -Force leaves it behind, then takes it for imported and exports nothing.
    Remove-Module -ModuleInfo $binary -ErrorAction Ignore
}
Export-ModuleMember -Cmdlet *
