BeforeAll {
    . $PSScriptRoot/SampleCapture.ps1
    . $PSScriptRoot/FreshPowerShell.ps1
    $script:examples = Join-Path (Split-Path $PSScriptRoot) 'examples'
    $script:capture = Get-SampleCapture
    'anna', 'ben' | ForEach-Object { Copy-SampleCapture "$TestDrive/captures/$_" }
    $null = New-Item -ItemType Directory "$TestDrive/captures/broken"
    $script:quick = @{ VoxelSize = 0.004; NoOptimization = $true }
}

Describe 'examples/' {
    It 'explains each script, with an example' {
        $scripts = Get-ChildItem $examples -Filter *.ps1
        $scripts.Count | Should -BeGreaterOrEqual 6
        foreach ($file in $scripts) {
            $help = Get-Help $file.FullName -Full
            $help.Synopsis | Should -Match '\.$' -Because $file.Name
            @($help.examples.example).Count | Should -BeGreaterOrEqual 1 -Because $file.Name
            $help.parameters.parameter | Where-Object { $_.name -notin 'WhatIf', 'Confirm' -and -not $_.PSObject.Properties['description'] } | Should -BeNullOrEmpty -Because $file.Name
        }
    }

    It 'Find-Marker.ps1 finds a marker that was painted on the head' {
        $painted = "$TestDrive/painted"
        Copy-SampleCapture $painted
        $file = (Get-ChildItem "$painted/color")[3]
        $image = [FaceRecon.ImageFile]::ReadColor($file)
        foreach ($row in 119..122) { foreach ($column in 158..161) { 0..2 | ForEach-Object { $image.Pixels[3 * ($row * $image.Width + $column) + $_] = 255 } } }
        [System.IO.File]::WriteAllBytes($file, [FaceRecon.ImageFile]::EncodePng($image))
        $found = @(& $examples/Find-Marker.ps1 $painted)
        $found.Frame | Should -Be (0..5)
        [math]::Abs($found[3].U - 159.5) | Should -BeLessThan 1
        [math]::Abs($found[3].V - 120.5) | Should -BeLessThan 1
        $found[3].Z | Should -BeGreaterThan 200
    }

    It 'Select-StillFrame.ps1 leaves out what moves fast' {
        # From ear to ear in six frames is fast: no two are left.
        (& $examples/Select-StillFrame.ps1 $capture -MaximumStep 1000).Frames.Count | Should -Be 6
        $said = [System.Collections.Generic.List[object]]::new()
        { & $examples/Select-StillFrame.ps1 $capture -MaximumStep 1 -Verbose 4>&1 | ForEach-Object { $said.Add($_) } } | Should -Throw -ErrorId 'TooFewFrames,*'
        "$said" | Should -Match 'frame 3 moved by [\d.]+ mm and is left out'
    }

    It 'Compare-MergeMethod.ps1 makes a table of methods' {
        $table = & $examples/Compare-MergeMethod.ps1 $capture -Method PointToPlane, Colored -VoxelSize 0.004
        $table.Method | Should -Be 'PointToPlane', 'Colored'
        $table.Frames | Should -Be '6/6', '6/6'
        $table.Fit | ForEach-Object { $_ | Should -BeGreaterThan 0.05 }
    }

    It 'Measure-Setting.ps1 tries all combinations' {
        $sweep = & $examples/Measure-Setting.ps1 $capture -VoxelSize 0.003, 0.006 -KeyframeAngle 4, 8 -ThrottleLimit 2
        $sweep | ForEach-Object { "$($_.VoxelSize) $($_.KeyframeAngle)" } | Sort-Object | Should -Be '0.003 4', '0.003 8', '0.006 4', '0.006 8'
        $fine = $sweep | Where-Object VoxelSize -EQ 0.003 | Select-Object -First 1
        $coarse = $sweep | Where-Object VoxelSize -EQ 0.006 | Select-Object -First 1
        $coarse.Points | Should -BeLessThan (0.5 * $fine.Points)
    }

    It 'Export-QualityTable.ps1 writes a line for each capture, and again without doing anything' {
        & $examples/Export-QualityTable.ps1 "$TestDrive/captures" "$TestDrive/faces" "$TestDrive/quality.csv" -Option $quick
        $lines = Import-Csv "$TestDrive/quality.csv"
        $lines.Capture | Should -Be 'anna', 'ben', 'broken'
        $lines.Status | Should -Be 'Completed', 'Completed', 'Failed'
        $lines[0].Accepted | Should -Be 6
        [double]$lines[0].FitMm | Should -BeGreaterThan 0.05
        $lines[2].Reason | Should -Match 'holds no capture'
        & $examples/Export-QualityTable.ps1 "$TestDrive/captures" "$TestDrive/faces" "$TestDrive/quality.csv" -Option $quick
        $again = Import-Csv "$TestDrive/quality.csv"
        $again.Status | Should -Be 'Skipped', 'Skipped', 'Failed'
        $again.FitMm | Should -Be $lines.FitMm
    }

    It 'Invoke-NightlyReconstruction.ps1 logs, goes on where it was, and tells by its exit code' {
        $null = New-Item -ItemType Directory "$TestDrive/logs"
        Set-Content "$TestDrive/logs/facerecon-2001-01-01.log" 'old'
        (Get-Item "$TestDrive/logs/facerecon-2001-01-01.log").LastWriteTime = '2001-01-01'
        $line = "& '$examples/Invoke-NightlyReconstruction.ps1' '$TestDrive/captures' '$TestDrive/faces' '$TestDrive/logs' -Option @{ VoxelSize = 0.004; NoOptimization = `$true }; `$LASTEXITCODE"
        Invoke-FreshPowerShell $line | Should -Be '1'
        $logs = @(Get-ChildItem "$TestDrive/logs")
        $logs | Should -HaveCount 1
        $text = Get-Content $logs[0] -Raw
        $text | Should -Match '(?m)^\d\d:\d\d:\d\d Fail +broken: Capture: '
        $text | Should -Match '(?m)Skipped +anna: |Completed +anna: '
        $text | Should -Match '(?m)end +1 failed'
    }
}
