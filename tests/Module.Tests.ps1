BeforeAll {
    $root = Split-Path $PSScriptRoot
    $manifest = Join-Path $root 'FaceRecon.psd1'
    Import-Module $manifest
    . $PSScriptRoot/FreshPowerShell.ps1
}

Describe 'Loading' {
    It 'works from any current directory' {
        Invoke-FreshPowerShell "Import-Module '$manifest'; (Get-Command -Module FaceRecon).Count -gt 0" | Should -Be 'True'
    }

    It 'says to run dotnet build where nothing is built' {
        $copy = New-Item -ItemType Directory (Join-Path $TestDrive 'unbuilt')
        Copy-Item "$root/FaceRecon.ps*1", "$root/FaceRecon.Format.ps1xml" $copy
        { Import-Module "$copy/FaceRecon.psd1" -ErrorAction Stop } | Should -Throw -ErrorId 'ModuleNotBuilt,*' -ExpectedMessage '*run dotnet build*'
    }

    It 'makes the types of the library known by name' {
        [FaceRecon.RigidTransform]::Identity.RotationAngle | Should -Be 0
        (New-Object FaceRecon.CameraIntrinsics 640, 480, 500, 500, 320, 240).Width | Should -Be 640
        & ([scriptblock]::Create("using namespace FaceRecon`n[RigidTransform]::Identity")) | Should -BeOfType ([FaceRecon.RigidTransform])
        [System.Collections.Generic.List[FaceRecon.FramePose]]::new().Count | Should -Be 0
    }

    It 'can be imported again, with -Force and after Remove-Module' {
        $before = (Get-Command -Module FaceRecon).Count
        Import-Module $manifest -Force
        (Get-Command -Module FaceRecon).Count | Should -Be $before
        Import-Module $manifest -Force
        (Get-Command -Module FaceRecon).Count | Should -Be $before
        Remove-Module FaceRecon
        Get-Command -Module FaceRecon | Should -BeNullOrEmpty
        Import-Module $manifest
        (Get-Command -Module FaceRecon).Count | Should -Be $before
    }

    It 'leaves no names behind when removed' {
        Invoke-FreshPowerShell "Import-Module '$manifest'; Remove-Module FaceRecon; @(Get-Module FaceRecon, *FaceRecon* -All).Count; `$null -eq ('FaceRecon.FaceCloud' -as [type])" |
            Should -Be '0', 'True'
    }

    It 'gives every runspace the same types' {
        $types = 1..4 | ForEach-Object -Parallel {
            Import-Module $using:manifest
            (Get-Command ConvertTo-PointCloud).OutputType.Type
        } -ThrottleLimit 4
        $types | Should -HaveCount 4
        $types | Sort-Object -Unique | Should -Be ([FaceRecon.FramePointCloud])
    }
}

Describe 'Manifest' {
    BeforeAll {
        $script:data = Import-PowerShellDataFile $manifest
        $script:commands = Get-Command -Module FaceRecon
    }

    It 'is valid' {
        (Test-ModuleManifest $manifest).Name | Should -Be 'FaceRecon'
        $data.CompatiblePSEditions | Should -Be 'Core'
        $data.PowerShellVersion | Should -Be '7.6'
    }

    It 'exports exactly the cmdlets that there are' {
        $assembly = $commands[0].ImplementingType.Assembly
        $written = $assembly.GetExportedTypes() | ForEach-Object { $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false) } |
            ForEach-Object { "$($_.VerbName)-$($_.NounName)" }
        $data.CmdletsToExport | Sort-Object | Should -Be ($written | Sort-Object)
        $commands.Name | Sort-Object | Should -Be ($written | Sort-Object)
    }

    It 'exports cmdlets with approved verbs, named after their class, that say what they emit' {
        $approved = (Get-Verb).Verb
        foreach ($command in $commands) {
            $approved | Should -Contain $command.Verb
            $command.ImplementingType.Name | Should -Be "$($command.Verb)$($command.Noun)Command"
            $command.OutputType | Should -Not -BeNullOrEmpty -Because "$command has to state its output"
        }
    }

    It 'has at most one parameter a set that takes the pipeline by value' {
        foreach ($command in $commands) {
            foreach ($set in $command.ParameterSets) {
                @($set.Parameters | Where-Object ValueFromPipeline).Count | Should -BeLessOrEqual 1 -Because "$command $($set.Name)"
            }
        }
    }
}

Describe 'Script analysis' {
    It 'finds nothing' {
        if (-not (Get-Module PSScriptAnalyzer -ListAvailable)) {
            Set-ItResult -Skipped -Because 'PSScriptAnalyzer is not installed'
        }
        $scripts = Get-ChildItem "$root/*", "$root/tests/*", "$root/examples/*", "$root/docs/*" -Include *.ps1, *.psm1, *.psd1 -ErrorAction Ignore
        $scripts.Count | Should -BeGreaterThan 5
        $findings = foreach ($script in $scripts) {
            # The analyzer's rules run in parallel and now and then step on one another's pipeline: that is its
            # exception and no finding, so such a file is analyzed again.
            for ($attempt = 1; ; $attempt++) {
                try {
                    Invoke-ScriptAnalyzer -Path $script.FullName -Settings "$root/PSScriptAnalyzerSettings.psd1" -ErrorAction Stop
                    break
                } catch [System.Management.Automation.InvalidPowerShellStateException], [System.Management.Automation.Runspaces.InvalidPipelineStateException] {
                    if ($attempt -ge 5) { throw }
                }
            }
        }
        $findings | ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName): $($_.Message)" } | Should -BeNullOrEmpty
    }
}
