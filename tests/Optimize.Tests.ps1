BeforeAll {
    $script:manifest = Join-Path (Split-Path $PSScriptRoot) 'FaceRecon.psd1'
    Import-Module $manifest
    $script:capture = New-SyntheticRgbdVideo "$TestDrive/capture" -Frames 20 -Width 320 -Height 240 -PassThru
    $script:frames = @(Import-RgbdVideo $capture)
    $script:clouds = @($frames | ConvertTo-PointCloud | Get-FaceKeypoint)
    $script:face = $clouds | Merge-PointCloud -VoxelSize 0.003
    # Coarse: what is tested is the shell, and not how well the depth becomes.
    $script:quick = @{ VoxelSize = 0.003; Patches = 600; MaximumTracks = 60; Rounds = 1 }
    $script:records = @($face | Optimize-FaceCloud @quick -Verbose 4>&1)
    $script:optimized = $records | Where-Object { $_ -is [FaceRecon.FaceCloud] }
    $script:shared = $optimized.DepthCorrection

    function Get-Hash([string] $Path) { (Get-FileHash -LiteralPath $Path).Hash }
}

Describe 'Optimize-FaceCloud' {
    It 'gives a new face with its report and its correction, and leaves the given one as it was' {
        $optimized | Should -HaveCount 1
        $optimized.Frames.Count | Should -Be 20
        $optimized.Points.Count | Should -BeGreaterThan 3000
        $optimized.Optimization | Should -BeOfType ([FaceRecon.OptimizationReport])
        $optimized.Optimization.Terms.Name | Should -Be 'semantic', 'structural', 'dense', 'prior'
        $optimized.Optimization.DepthErrorMillimetre | Should -BeGreaterThan 0
        $shared.Width, $shared.Height | Should -Be 320, 240
        $face.Optimization | Should -BeNullOrEmpty
        $face.DepthCorrection | Should -BeNullOrEmpty
        $optimized.Frames[9].CameraToWorld | Should -Not -Be $face.Frames[9].CameraToWorld
    }

    It 'tells its story with -Verbose' {
        $story = "$($records | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] })"
        $story | Should -Match 'semantic: \d+ residuals'
        $story | Should -Match 'slope_u of the depth error: \d+ % seen'
        $story | Should -Match 'converged after \d+ steps'
    }

    It 'warns of weights the wrong way round, and does as it is told' {
        $result = $face | Optimize-FaceCloud @quick -StructuralWeight 2 -DenseWeight 0 -WarningVariable warnings -WarningAction SilentlyContinue
        $result | Should -BeOfType ([FaceRecon.FaceCloud])
        "$warnings" | Should -BeLike '*structural weight 2*semantic weight 0.5*'
        $result.Optimization.Terms.Name | Should -Be 'semantic', 'structural', 'prior'
        $null = $face | Optimize-FaceCloud @quick -WarningVariable none
        $none | Should -BeNullOrEmpty
    }

    It 'leaves the depth alone when told to' {
        $result = $face | Optimize-FaceCloud @quick -NoDepthCorrection
        $result.Optimization.DepthErrorMillimetre | Should -BeLessThan 0.001
        $result.Optimization.PoseChangeMillimetre | Should -BeGreaterThan 0
    }

    It 'says when a capture cannot show the depth' {
        $few = $clouds[0..3] | Merge-PointCloud -VoxelSize 0.004
        $null = $few | Optimize-FaceCloud @quick -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*depth was left as measured*'
    }

    It 'passes its parameters on' {
        $tight = $face | Optimize-FaceCloud @quick -Prior @{ Shared = 1e-7; Mode = 1e-7 } -Pairing Adjacent
        $tight.Optimization.SharedDepthErrorMillimetre | Should -BeLessThan (0.2 * $optimized.Optimization.SharedDepthErrorMillimetre)
        $tight.Optimization.Terms[0].Residuals | Should -Not -Be $optimized.Optimization.Terms[0].Residuals
        $free = $face | Optimize-FaceCloud -VoxelSize 0.006 -Patches 300 -Rounds 1 -SemanticWeight 0 -StructuralWeight 0 -RefineIntrinsics -Prior ([FaceRecon.DepthPrior]@{ Focal = 0.1 }) -SharedSpans 3 -OwnSpans 1 -Iterations 2 -WarningAction SilentlyContinue
        $free.Optimization.Terms.Name | Should -Be 'dense', 'prior'
        $free.Optimization.Iterations | Should -BeLessOrEqual 2
        $free.Optimization.FocalScale | Should -Not -Be 1
        $free.Points.Count | Should -BeLessThan (0.4 * $optimized.Points.Count)
    }

    It 'refuses what makes no sense before the first frame' {
        { $clouds | ForEach-Object { $script:reached = $true; $_ } | Merge-PointCloud | Optimize-FaceCloud -SemanticWeight 0 -StructuralWeight 0 -DenseWeight 0 } |
            Should -Throw -ErrorId 'InvalidOption,*'
        { $clouds | ForEach-Object { $script:reached = $true; $_ } | Merge-PointCloud | Optimize-FaceCloud -Prior @{ Shared = 0 } } |
            Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*-Prior*'
        Get-Variable reached -Scope Script -ErrorAction Ignore | Should -BeNullOrEmpty
        { $face | Optimize-FaceCloud -Pairing Sometimes } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
        { $face | Optimize-FaceCloud -SharedSpans 99 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { $face | Optimize-FaceCloud -DenseWeight -1 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'ends with an error on a face of one keyframe' {
        $still = $clouds[0..2] | Merge-PointCloud -VoxelSize 0.004 -KeyframeAngle 90
        { $still | Optimize-FaceCloud } | Should -Throw -ErrorId 'TooFewFrames,*'
    }

    It 'completes the pairing' {
        $line = 'Optimize-FaceCloud -Pairing '
        (TabExpansion2 $line $line.Length).CompletionMatches.ListItemText | Should -Be 'Adjacent', 'All', 'Window'
    }

    It 'stops within a second at Ctrl-C' {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$manifest'").Invoke()
            $shell.Commands.Clear()
            $null = $shell.AddScript('param($Face) $Face | Optimize-FaceCloud -VoxelSize 0.003 -Rounds 50 -Iterations 200').AddParameter('Face', $face)
            $run = $shell.BeginInvoke()
            Start-Sleep -Milliseconds 500
            $run.IsCompleted | Should -BeFalse
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $clock.ElapsedMilliseconds | Should -BeLessThan 1000
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        } finally {
            $shell.Dispose()
        }
    }
}

Describe 'Export-DepthCorrection and Import-DepthCorrection' {
    It 'write and read the same' {
        $optimized | Export-DepthCorrection "$TestDrive/dc.json" | Should -BeNullOrEmpty
        $read = Import-DepthCorrection "$TestDrive/dc.json"
        $read.Frames.Count | Should -Be $shared.Frames.Count
        $read.Shared(100, 80) | Should -Be $shared.Shared(100, 80)
        $read.Correct(5, 100, 80, 0.4) | Should -Be $shared.Correct(5, 100, 80, 0.4)
        $read | Export-DepthCorrection "$TestDrive/again.json"
        Get-Hash "$TestDrive/again.json" | Should -Be (Get-Hash "$TestDrive/dc.json")
        Get-Item "$TestDrive/dc.json" | Import-DepthCorrection | Should -BeOfType ([FaceRecon.DepthCorrection])
        @(Import-DepthCorrection "$TestDrive/[da]*.json").Count | Should -Be 2
    }

    It 'take a correction by itself, from the pipeline and as an argument' {
        $shared | Export-DepthCorrection "$TestDrive/piped.json"
        Export-DepthCorrection "$TestDrive/argument.json" -InputObject $shared
        Get-Hash "$TestDrive/piped.json" | Should -Be (Get-Hash "$TestDrive/argument.json")
    }

    It 'draw it where the name is a picture''s' {
        $file = $optimized | Export-DepthCorrection "$TestDrive/dc.PNG" -PassThru
        $file.Name | Should -Be 'dc.PNG'
        $picture = [FaceRecon.ImageFile]::ReadColor($file.FullName)
        $picture.Width, $picture.Height | Should -Be 320, 240
    }

    It 'write nothing with -WhatIf' {
        $optimized | Export-DepthCorrection "$TestDrive/if/if.json" -WhatIf -PassThru | Should -BeNullOrEmpty
        "$TestDrive/if" | Should -Not -Exist
    }

    It 'replace with -Force only, and find out before the first frame' {
        Set-Content "$TestDrive/there.json" 'mine'
        { $face | ForEach-Object { $script:reached = $true; $_ } | Optimize-FaceCloud @quick | Export-DepthCorrection "$TestDrive/there.json" } | Should -Throw -ErrorId 'OutputExists,*'
        Get-Variable reached -Scope Script -ErrorAction Ignore | Should -BeNullOrEmpty
        Get-Content "$TestDrive/there.json" | Should -Be 'mine'
        ($optimized | Export-DepthCorrection "$TestDrive/there.json" -Force -PassThru).Name | Should -Be 'there.json'
        (Import-DepthCorrection "$TestDrive/there.json").Width | Should -Be 320
    }

    It 'leave nothing behind when the pipeline fails' {
        { & { $shared; throw 'enough' } | Export-DepthCorrection "$TestDrive/half/half.json" } | Should -Throw 'enough'
        "$TestDrive/half" | Should -Not -Exist
    }

    It 'say what is wrong' {
        { $face | Export-DepthCorrection "$TestDrive/none.json" } | Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*Optimize-FaceCloud*'
        { $shared, $shared | Export-DepthCorrection "$TestDrive/none.json" } | Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*more than one*'
        "$TestDrive/none.json" | Should -Not -Exist
        { $shared | Export-DepthCorrection $TestDrive } | Should -Throw -ErrorId 'OutputNotWritable,*'
        { Import-DepthCorrection "$TestDrive/none.json" } | Should -Throw -ErrorId 'DepthCorrectionInvalid,*' -ExpectedMessage '*none.json*'
        { Import-DepthCorrection -LiteralPath "$TestDrive/none.json" } | Should -Throw -ErrorId 'DepthCorrectionInvalid,*' -ExpectedMessage '*none.json*'
        { Import-DepthCorrection "$capture/intrinsic.json" } | Should -Throw -ErrorId 'DepthCorrectionInvalid,*' -ExpectedMessage '*intrinsic.json*'
    }
}

Describe 'ConvertTo-PointCloud -DepthCorrection' {
    It 'adds the shared part to every depth' {
        $options = @{ WholeFrame = $true; KeepFlyingPixels = $true }
        $plain = $frames[3] | ConvertTo-PointCloud @options
        $corrected = $frames[3] | ConvertTo-PointCloud @options -DepthCorrection $shared
        # A pixel at the farthest depth that counts may cross it.
        [math]::Abs($corrected.Count - $plain.Count) | Should -BeLessThan 10
        foreach ($pixel in (160, 120), (140, 90), (180, 150)) {
            $z = $plain.Z[($pixel[1] - $plain.Top) * $plain.Width + $pixel[0] - $plain.Left]
            $z | Should -BeGreaterThan 0
            $moved = $corrected.Z[($pixel[1] - $corrected.Top) * $corrected.Width + $pixel[0] - $corrected.Left] - $z
            [math]::Abs($moved - $shared.Shared($pixel[0], $pixel[1])) | Should -BeLessThan 1e-6
        }
    }

    It 'takes what was read from a file, all the way to the mesh' {
        $optimized | Export-DepthCorrection "$TestDrive/camera.json"
        $again = Import-RgbdVideo $capture | ConvertTo-PointCloud -DepthCorrection (Import-DepthCorrection "$TestDrive/camera.json") | Merge-PointCloud -VoxelSize 0.003
        $again.AcceptedCount | Should -BeGreaterOrEqual 18
        $again.DepthCorrection | Should -BeNullOrEmpty
        $distance = ($again.Points.Z | Measure-Object -Average).Average - ($face.Points.Z | Measure-Object -Average).Average
        [math]::Abs($distance) | Should -BeGreaterThan 1e-6
    }

    It 'ends on a correction for another camera, at once and not once a frame' {
        $json = Get-Content "$TestDrive/camera.json" -Raw | ConvertFrom-Json
        $json.image = 640, 480
        $json | ConvertTo-Json -Depth 9 | Set-Content "$TestDrive/other.json"
        $other = Import-DepthCorrection "$TestDrive/other.json"
        { $frames | ConvertTo-PointCloud -DepthCorrection $other -ErrorAction SilentlyContinue } | Should -Throw -ErrorId 'DepthCorrectionInvalid,*' -ExpectedMessage '*640x480*320x240*'
        { $frames[0] | ConvertTo-PointCloud -DepthCorrection $face.DepthCorrection } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
}

Describe 'The optimised face' {
    It 'has its own type between every two stages' {
        ($optimized | Get-Member)[0].TypeName | Should -Be 'FaceRecon.FaceCloud'
        ($shared | Get-Member)[0].TypeName | Should -Be 'FaceRecon.DepthCorrection'
        ($optimized | Export-DepthCorrection "$TestDrive/types.json" -PassThru | Get-Member)[0].TypeName | Should -Be 'System.IO.FileInfo'
        (Import-DepthCorrection "$TestDrive/types.json" | Get-Member)[0].TypeName | Should -Be 'FaceRecon.DepthCorrection'
    }

    It 'is exported with its correction and its report' {
        $files = $optimized | Export-FaceMesh "$TestDrive/mesh" -Format Ply -PassThru
        $files.Name | Should -Contain 'depth_correction.json'
        $files.Name | Should -Contain 'depth_correction.png'
        (Import-DepthCorrection "$TestDrive/mesh/depth_correction.json").Shared(100, 80) | Should -Be $shared.Shared(100, 80)
        $report = (Get-Content "$TestDrive/mesh/report.json" -Raw | ConvertFrom-Json).optimization
        $report.terms.name | Should -Be 'semantic', 'structural', 'dense', 'prior'
        $report.depth_error_millimetre | Should -Be $optimized.Optimization.DepthErrorMillimetre
        $report.warnings | Should -BeNullOrEmpty
    }

    It 'has a table and a list for each of its types' {
        foreach ($type in 'OptimizationReport', 'TermReport', 'ObservabilityReport', 'DepthCorrection', 'FrameDepthCorrection', 'DepthPrior') {
            $views = (Get-FormatData -TypeName "FaceRecon.$type").FormatViewDefinition.Control | ForEach-Object { $_.GetType().Name }
            $views | Sort-Object | Should -Be 'ListControl', 'TableControl' -Because $type
        }
    }

    It 'fills the views in' {
        $report = $optimized.Optimization
        foreach ($object in $optimized, $report, $report.Terms[0], $report.Observability[0], $shared, $shared.WithoutFrames(), $shared.Frames[0], [FaceRecon.DepthPrior]::new()) {
            # A script block of a view that fails leaves its cell empty, and its error behind.
            $Error.Clear()
            $table = $object | Format-Table | Out-String -Width 200
            $list = $object | Format-List | Out-String -Width 200
            $Error | Should -BeNullOrEmpty
            $table | Should -Match '\d'
            $list | Should -Match '\d'
        }
        $optimized | Format-List | Out-String -Width 200 | Should -Match 'Optimization *: .*converged after'
        $report | Out-String -Width 200 | Should -Match '(?s)Terms *: semantic: \d+ residuals.*dense: \d+ residuals.*Observed *: mean \d+'
        $face | Format-List | Out-String -Width 200 | Should -Match 'Optimization *:'
    }
}
