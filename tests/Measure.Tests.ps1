# Short versions of what docs/performance.md measures at length.
BeforeAll {
    $script:quick = @{ VoxelSize = 0.004; NoOptimization = $true }
}

Describe 'tests/Measure-Batch.ps1' {
    It 'has a result or a clear failure for every capture, and nothing to do the second time' {
        $first, $second = & $PSScriptRoot/Measure-Batch.ps1 -Captures 5 -Broken 2 -Frames 4 -Option $quick
        $first.Completed, $first.Skipped, $first.Failed | Should -Be 3, 0, 2
        $first.Errors | Should -Be 'CaptureEmpty, IntrinsicsMissing'
        $second.Completed, $second.Skipped, $second.Failed | Should -Be 0, 3, 2
        $second.Seconds | Should -BeLessThan 3
    }
}

Describe 'tests/Measure-Memory.ps1' {
    It 'sees a session keep nothing of what it has done' {
        $runs = & $PSScriptRoot/Measure-Memory.ps1 -Runs 6 -Frames 4 -Option $quick
        $runs | Should -HaveCount 6
        $runs[5].ProcessMB - $runs[0].ProcessMB | Should -BeLessThan 100
        $runs[5].ManagedMB - $runs[1].ManagedMB | Should -BeLessThan 10
    }
}
