@{
    Severity     = @('Error', 'Warning', 'Information')
    Rules    = @{
        PSUseCompatibleSyntax      = @{ Enable = $true; TargetVersions = @('7.0') }
        PSUseConsistentIndentation = @{ Enable = $true; IndentationSize = 4; PipelineIndentation = 'IncreaseIndentationForFirstPipeline' }
        PSUseConsistentWhitespace  = @{ Enable = $true; IgnoreAssignmentOperatorInsideHashTable = $true }
        PSPlaceOpenBrace           = @{ Enable = $true; OnSameLine = $true }
        PSPlaceCloseBrace          = @{ Enable = $true; NewLineAfter = $false }
    }
}
