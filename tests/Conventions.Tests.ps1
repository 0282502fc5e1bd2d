# What holds for every cmdlet, those not yet written too.
BeforeDiscovery {
    Import-Module (Join-Path (Split-Path $PSScriptRoot) 'FaceRecon.psd1')
    $script:cases = Get-Command -Module FaceRecon | ForEach-Object { @{ Name = $_.Name; Command = $_ } }
    # Every type of ours that a cmdlet emits, or that a property of such a type has.
    $script:types = [System.Collections.Generic.SortedSet[string]]::new()
    function Add-EmittedType([type] $Type) {
        if ($Type.IsArray) { Add-EmittedType $Type.GetElementType(); return }
        $Type.GetGenericArguments() | ForEach-Object { Add-EmittedType $_ }
        if ($Type.Namespace -ne 'FaceRecon' -or $Type.IsEnum -or $Type.IsGenericType -or -not $types.Add($Type.FullName)) { return }
        $Type.GetProperties('Public, Instance') | ForEach-Object { Add-EmittedType $_.PropertyType }
    }
    (Get-Command -Module FaceRecon).OutputType.Type | ForEach-Object { Add-EmittedType $_ }
    $script:typeCases = $types | ForEach-Object { @{ Type = $_ } }
}

Describe '<Name>' -ForEach $cases {
    BeforeAll {
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
        $script:parameters = @($Command.Parameters.Values | Where-Object Name -NotIn $common)

        function Get-Declaration([System.Management.Automation.ParameterMetadata] $Parameter, [string] $Attribute) {
            $Parameter.Attributes | Where-Object { $_.GetType().Name -eq $Attribute }
        }
    }

    It 'stops at Ctrl-C, and frees what it holds' {
        $Command.ImplementingType.IsSubclassOf([type]$Command.ImplementingType.Assembly.GetType('FaceRecon.PowerShell.FaceReconCommand')) | Should -BeTrue
    }

    It 'asks before it writes' {
        if ($Command.Verb -in 'Export', 'New', 'Show', 'Invoke') {
            $Command.Parameters.Keys | Should -Contain 'WhatIf'
            $Command.Parameters.Keys | Should -Contain 'Force' -Because 'nothing is replaced without it'
        }
    }

    It 'has a default among several parameter sets' {
        if ($Command.ParameterSets.Count -gt 1) { $Command.DefaultParameterSet | Should -Not -BeNullOrEmpty }
    }

    It 'tells what it must have when it asks for it' {
        foreach ($parameter in $parameters) {
            foreach ($declaration in Get-Declaration $parameter ParameterAttribute | Where-Object Mandatory) {
                $declaration.HelpMessage | Should -Not -BeNullOrEmpty -Because "-$($parameter.Name)"
            }
        }
    }

    It 'refuses numbers that make no sense' {
        foreach ($parameter in $parameters | Where-Object { $_.ParameterType -in [int], [double], [int[]], [double[]] -and $_.Name -ne 'Seed' }) {
            $parameter.Attributes | Where-Object { $_.GetType().Name -in 'ValidateRangeAttribute', 'ValidateSetAttribute' } | Should -Not -BeNullOrEmpty -Because "-$($parameter.Name)"
        }
    }

    It 'takes no nothing for something' {
        foreach ($parameter in $parameters | Where-Object { -not $_.ParameterType.IsValueType -and $_.ParameterType -ne [switch] -and $_.Name -notin 'WhatIf', 'Confirm' }) {
            $parameter.Attributes | Where-Object { $_.GetType().Name -in 'ValidateNotNullAttribute', 'ValidateNotNullOrEmptyAttribute', 'AllowNullAttribute', 'ValidateSetAttribute' } |
                Should -Not -BeNullOrEmpty -Because "-$($parameter.Name)"
        }
    }

    It 'completes what is one of several' {
        foreach ($parameter in $parameters | Where-Object { $_.ParameterType.IsEnum -or $_.Name -in 'Format', 'Method', 'SemanticModel', 'StructuralModel', 'Scheme' }) {
            $line = "$($Command.Name) -$($parameter.Name) "
            (TabExpansion2 $line $line.Length).CompletionMatches.Count | Should -BeGreaterThan 1 -Because "-$($parameter.Name)"
        }
    }

    It 'takes paths with wildcards, and literally' {
        if ($Command.Parameters.ContainsKey('LiteralPath')) {
            $Command.Parameters['LiteralPath'].Aliases | Should -Contain 'PSPath'
            Get-Declaration $Command.Parameters['Path'] SupportsWildcardsAttribute | Should -Not -BeNullOrEmpty
        } elseif ($Command.Verb -in 'Import', 'Test') {
            $Command.Parameters.Keys | Should -Contain 'LiteralPath'
        }
    }
}

Describe 'Views of <Type>' -ForEach $typeCases {
    It 'are a table and a list' {
        $views = (Get-FormatData -TypeName $Type).FormatViewDefinition.Control | ForEach-Object { $_.GetType().Name } | Sort-Object -Unique
        $views | Should -Be 'ListControl', 'TableControl'
    }
}
