BeforeDiscovery {
    Import-Module (Join-Path (Split-Path $PSScriptRoot) 'FaceRecon.psd1')
    $script:cases = foreach ($command in Get-Command -Module FaceRecon) { @{ Name = $command.Name } }
}

BeforeAll {
    . $PSScriptRoot/SampleCapture.ps1
    $script:common = [System.Management.Automation.PSCmdlet]::CommonParameters
    # Where the examples are typed: a capture, some more of them, and files of earlier runs.
    $place = New-Item -ItemType Directory "$TestDrive/place"
    Copy-SampleCapture "$place/capture"
    'anna', 'ben' | ForEach-Object { Copy-SampleCapture "$place/captures/$_" }
    $found = Import-RgbdVideo "$place/capture" | ConvertTo-PointCloud | Get-FaceKeypoint
    $found | Export-FaceKeypoint "$place/keypoints.json"
    $found | Merge-PointCloud -VoxelSize 0.004 | Optimize-FaceCloud -VoxelSize 0.004 -Rounds 1 -WarningAction SilentlyContinue |
        Export-DepthCorrection "$place/camera.json"
}

Describe 'Help of <Name>' -ForEach $cases {
    BeforeAll {
        $script:help = Get-Help $Name -Full
        $script:command = Get-Command $Name
    }

    It 'says in a sentence what it does, and what it takes and gives' {
        $help.Synopsis | Should -Match '^[A-Z].*\.$'
        ($help.description | Out-String).Trim() | Should -Not -BeNullOrEmpty
        ($help.inputTypes | Out-String).Trim() | Should -Not -BeNullOrEmpty
        ($help.returnValues | Out-String) | Should -Match ([regex]::Escape($command.OutputType[0].Name))
    }

    It 'tells every parameter' {
        $told = @{}
        $help.parameters.parameter | ForEach-Object { $told[$_.name] = $_ }
        foreach ($parameter in $command.Parameters.Values | Where-Object Name -NotIn $common) {
            $told.Keys | Should -Contain $parameter.Name
            @($told[$parameter.Name].description.Text)[0] | Should -Match '^[A-Z].*\.$' -Because "-$($parameter.Name) needs a sentence"
            $told[$parameter.Name].aliases | Should -Be $(if ($parameter.Aliases) { $parameter.Aliases -join ', ' } else { 'none' })
        }
        $told.Count | Should -Be @($command.Parameters.Keys | Where-Object { $_ -notin $common }).Count
    }

    It 'has the syntax that the command has' {
        $told = @($help.syntax.syntaxItem | ForEach-Object { ($_.parameter.name | Sort-Object) -join ' ' }) | Sort-Object
        $has = @($command.ParameterSets | ForEach-Object { ($_.Parameters.Name | Where-Object { $_ -notin $common } | Sort-Object) -join ' ' }) | Sort-Object
        $told | Should -Be $has
    }

    It 'has two examples or more, and they run' {
        $examples = @($help.examples.example)
        $examples.Count | Should -BeGreaterOrEqual 2
        foreach ($example in $examples) {
            ($example.remarks.Text -join '').Trim() | Should -Not -BeNullOrEmpty
            Push-Location $place
            try {
                # Coarse: what is tried is what is typed, and not how well the face becomes.
                $PSDefaultParameterValues = @{ '*-*:VoxelSize' = 0.004; 'Optimize-FaceCloud:Rounds' = 1; '*:ErrorAction' = 'Stop' }
                $code = [scriptblock]::Create($example.code)
                { & $code | Out-Default -Transcript 6>&1 > $null } | Should -Not -Throw -Because $example.code
            } finally {
                Pop-Location
            }
        }
    }
}

Describe 'Topics' {
    It '<_> is found' -ForEach 'about_FaceRecon', 'about_FaceRecon_Pipeline' {
        Get-Help $_ | Should -Match 'LONG DESCRIPTION'
    }

    It 'name only cmdlets and types that there are' {
        $text = (Get-Help about_FaceRecon) + (Get-Help about_FaceRecon_Pipeline)
        $cmdlets = [regex]::Matches($text, '\b(Import|ConvertTo|Get|Merge|Optimize|Export|Invoke|Measure|Test|Show|New)-[A-Z]\w+') | ForEach-Object Value | Sort-Object -Unique
        $cmdlets.Count | Should -BeGreaterThan 8
        foreach ($cmdlet in $cmdlets) { Get-Command $cmdlet -ErrorAction Ignore | Should -Not -BeNullOrEmpty -Because $cmdlet }
        $types = [regex]::Matches($text, '\[(FaceRecon\.\w+)\]') | ForEach-Object { $_.Groups[1].Value } | Sort-Object -Unique
        $types.Count | Should -BeGreaterThan 5
        foreach ($type in $types) { $type -as [type] | Should -Not -BeNullOrEmpty -Because $type }
    }
}
