BeforeAll {
    . $PSScriptRoot/FreshPowerShell.ps1
    $script:docs = Join-Path (Split-Path $PSScriptRoot) 'docs'

    # What must be the same on every machine: numbers are the machine's, and columns are as wide as they are.
    function Get-Wording([string] $Path) { (Get-Content -LiteralPath $Path) -replace '\d[\d.,]*', '#' -replace '-{2,}', '--' -replace '\s+', ' ' }
}

Describe 'docs/tour.md' {
    It 'is what PowerShell says today' {
        Invoke-FreshPowerShell "& '$docs/New-Tour.ps1' -Path '$TestDrive/tour.md'" | Should -BeNullOrEmpty
        $today = Get-Wording "$TestDrive/tour.md"
        $committed = Get-Wording "$docs/tour.md"
        $differences = Compare-Object $committed $today -SyncWindow 20 | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" }
        $differences | Should -BeNullOrEmpty -Because 'it has to be taken again: pwsh docs/New-Tour.ps1'
    }

    It 'shows errors only where it means to, and no path of the machine it was made on' {
        $text = Get-Content "$docs/tour.md" -Raw
        [regex]::Matches($text, '(?m)^[A-Z]\w+(-\w+)?: .*$') | ForEach-Object { $_.Value.Trim() } | Should -Be "Import-RgbdVideo: There is no capture at './nowhere'."
        $text | Should -Not -Match '/tmp/|/home/|/root/|/Users/'
    }
}
