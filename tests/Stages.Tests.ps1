BeforeAll {
    $script:manifest = Join-Path (Split-Path $PSScriptRoot) 'FaceRecon.psd1'
    Import-Module $manifest
    $captures = New-Item -ItemType Directory (Join-Path $TestDrive 'captures')
    $capture = New-SyntheticRgbdVideo "$captures/first" -Frames 10 -Width 320 -Height 240 -PassThru
    $frames = @(Import-RgbdVideo $capture)
    $clouds = @($frames | ConvertTo-PointCloud)
    $script:face = $clouds | Merge-PointCloud -VoxelSize 0.003
    $camera = $frames[0].Intrinsics
    $script:nobody = [FaceRecon.RgbdFrame]::new(77, 3.5, $camera,
        [FaceRecon.ColorImage]::new(320, 240, [byte[]]::new(3 * 320 * 240)), [FaceRecon.DepthImage]::new(320, 240, [float[]]::new(320 * 240)), 'c.png', 'd.png')
}

Describe 'Import-RgbdVideo' {
    It 'emits the frames in order' {
        $frames | Should -HaveCount 10
        $frames | Should -BeOfType ([FaceRecon.RgbdFrame])
        $frames.Index | Should -Be (0..9)
        $frames[1].Timestamp | Should -BeGreaterThan $frames[0].Timestamp
    }

    It 'selects frames' {
        (Import-RgbdVideo $capture -First 3).Index | Should -Be 0, 1, 2
        (Import-RgbdVideo $capture -Skip 7).Index | Should -Be 7, 8, 9
        (Import-RgbdVideo $capture -Skip 1 -Every 4 -First 2).Index | Should -Be 1, 5
    }

    It 'takes names from the pipeline, folders, wildcards and paths relative to the location' {
        $capture.FullName | Import-RgbdVideo -First 1 | Should -HaveCount 1
        Get-Item $capture | Import-RgbdVideo -First 1 | Should -HaveCount 1
        [pscustomobject]@{ Path = $capture.FullName } | Import-RgbdVideo -First 1 | Should -HaveCount 1
        Import-RgbdVideo "$captures/fir*" -First 1 | Should -HaveCount 1
        Push-Location $captures
        try {
            Import-RgbdVideo first -First 1 | Should -HaveCount 1
        } finally {
            Pop-Location
        }
    }

    It 'takes a literal path literally' {
        $odd = Join-Path $TestDrive 'odd [1]'
        Copy-Item $capture "$TestDrive/plain" -Recurse
        [System.IO.Directory]::Move("$TestDrive/plain", $odd)
        Import-RgbdVideo -LiteralPath $odd -First 1 | Should -HaveCount 1
        Get-Item -LiteralPath $odd | Import-RgbdVideo -First 1 | Should -HaveCount 1
        { Import-RgbdVideo $odd -ErrorAction Stop } | Should -Throw -ErrorId 'CaptureNotFound,*'
    }

    It 'streams: each frame goes through the pipeline before the next, and none is kept' {
        $events = [System.Collections.Generic.List[string]]::new()
        $references = Import-RgbdVideo $capture |
            ForEach-Object { $events.Add('frame'); $_ } |
            ConvertTo-PointCloud |
            ForEach-Object { $events.Add('cloud'); [System.WeakReference]::new($_.Frame) }
        $events[0..3] | Should -Be 'frame', 'cloud', 'frame', 'cloud'
        [GC]::Collect()
        @($references | Where-Object IsAlive).Count | Should -BeLessOrEqual 3
    }

    It 'stops reading when no more is wanted' {
        Import-RgbdVideo $capture | Select-Object -First 2 | Should -HaveCount 2
    }

    It 'says with -Verbose what it reads' {
        Import-RgbdVideo $capture -First 1 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } |
            Should -BeLike '*10 frames, 320x240*'
    }
}

Describe 'ConvertTo-PointCloud' {
    It 'emits one organised cloud a frame' {
        $clouds | Should -HaveCount 10
        $clouds | Should -BeOfType ([FaceRecon.FramePointCloud])
        $clouds[3].Index | Should -Be 3
        $clouds[3].Z.Length | Should -Be ($clouds[3].Width * $clouds[3].Height)
        $clouds[3].Count | Should -BeGreaterThan 1500
    }

    It 'back-projects the depth as it was read' {
        $cloud = $frames[0] | ConvertTo-PointCloud
        $row = [int]($cloud.Height / 2)
        $column = [int]($cloud.Width / 2)
        $cloud.Z[$row * $cloud.Width + $column] | Should -Be $frames[0].Depth.Depths[($cloud.Top + $row) * 320 + $cloud.Left + $column]
    }

    It 'keeps only the head unless told otherwise' {
        ($frames[0] | ConvertTo-PointCloud -WholeFrame).Count | Should -BeGreaterThan (1.2 * $clouds[0].Count)
    }

    It 'takes angles in degrees' {
        ($frames[0] | ConvertTo-PointCloud -MaximumIncidenceAngle 40).Count | Should -BeLessThan (0.95 * $clouds[0].Count)
        { $frames[0] | ConvertTo-PointCloud -MaximumIncidenceAngle 120 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'loses only the frame that shows no head' {
        $result = $frames[0], $nobody, $frames[1] | ConvertTo-PointCloud -ErrorVariable problems -ErrorAction SilentlyContinue
        $result.Index | Should -Be 0, 1
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'HeadNotFound,*'
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidResult'
        $problems[0].TargetObject | Should -Be 'd.png'
        $problems[0].Exception | Should -BeOfType ([FaceRecon.FaceReconException])
    }

    It 'refuses a depth range that is none' {
        { $frames[0] | ConvertTo-PointCloud -MinimumDepth 2 -MaximumDepth 1 } | Should -Throw -ErrorId 'InvalidOption,*'
    }
}

Describe 'Merge-PointCloud' {
    It 'emits one face with what became of every frame' {
        $face | Should -HaveCount 1
        $face | Should -BeOfType ([FaceRecon.FaceCloud])
        $face.Frames.Count | Should -Be 10
        $face.AcceptedCount | Should -BeGreaterOrEqual 9
        $face.Frames[0].CameraToWorld.RotationAngle | Should -BeLessThan 1e-9
        $face.Points.Count | Should -BeGreaterThan 3000
    }

    It 'takes the clouds as an argument too, and gives the same' {
        $again = Merge-PointCloud $clouds -VoxelSize 0.003
        $again.Points.Count | Should -Be $face.Points.Count
        $again.Points.Z[100] | Should -Be $face.Points.Z[100]
        $again.Frames[5].CameraToWorld | Should -Be $face.Frames[5].CameraToWorld
    }

    It 'makes fewer points of larger voxels' {
        (Merge-PointCloud $clouds -VoxelSize 0.006).Points.Count | Should -BeLessThan (0.4 * $face.Points.Count)
    }

    It 'leaves out what does not fit, and says why' {
        # The same depth upside down: no head of this shape looks like that.
        $depths = $frames[4].Depth.Depths.Clone()
        [Array]::Reverse($depths)
        $upsideDown = [FaceRecon.RgbdFrame]::new(4, $frames[4].Timestamp, $camera, $frames[4].Color, [FaceRecon.DepthImage]::new(320, 240, $depths))
        $pose = ($clouds[0..3] + ($upsideDown | ConvertTo-PointCloud -ErrorAction Stop) | Merge-PointCloud -VoxelSize 0.004).Frames[4]
        $pose.Accepted | Should -BeFalse
        $pose.Rejection | Should -Match 'lost|does not fit'
    }

    It 'registers by every method' {
        foreach ($method in 'PointToPoint', 'Generalized', 'Colored') {
            $other = Merge-PointCloud $clouds -VoxelSize 0.004 -Method $method
            $other.AcceptedCount | Should -BeGreaterOrEqual 9 -Because $method
            $apart = $other.Frames[5].CameraToWorld.Inverse() * $face.Frames[5].CameraToWorld
            $apart.RotationAngle | Should -BeLessThan 0.03 -Because $method
        }
        { Merge-PointCloud $clouds -Method Guess } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
    }

    It 'starts from a trajectory file, which puts frames in disorder in their place' {
        $trajectory = "$TestDrive/trajectory.txt"
        $stream = [System.IO.File]::Create($trajectory)
        [FaceRecon.TrajectoryWriter]::Write($stream, $face.Frames)
        $stream.Dispose()
        $disorder = Merge-PointCloud $clouds[0, 2, 4, 6, 8, 9, 7, 5, 3, 1] -VoxelSize 0.004 -InitialPose $trajectory
        $disorder.AcceptedCount | Should -BeGreaterOrEqual 9
        $turnedBack = $disorder.Frames | Where-Object Index -EQ 3
        ($turnedBack.CameraToWorld.Inverse() * $face.Frames[3].CameraToWorld).RotationAngle | Should -BeLessThan 0.03
    }

    It 'starts from poses of one''s own' {
        $poses = $face.Frames | ForEach-Object { [FaceRecon.FramePose]::new($_.Index, $_.Timestamp, $_.CameraToWorld) }
        $disorder = Merge-PointCloud $clouds[0, 2, 4, 6, 8, 9, 7, 5, 3, 1] -VoxelSize 0.004 -InitialPose $poses
        $disorder.AcceptedCount | Should -BeGreaterOrEqual 9
        { Merge-PointCloud $clouds -InitialPose $poses[0], 'a.txt' } | Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*-InitialPose*'
        { Merge-PointCloud $clouds -InitialPose 7 } | Should -Throw -ErrorId 'InvalidOption,*'
    }

    It 'refuses what is no trajectory' {
        Set-Content "$TestDrive/words.txt" 'no numbers here'
        { Merge-PointCloud $clouds -InitialPose "$TestDrive/words.txt" } | Should -Throw -ErrorId 'TrajectoryInvalid,*'
        { Merge-PointCloud $clouds -InitialPose "$TestDrive/none.txt" } | Should -Throw -ErrorId 'TrajectoryInvalid,*'
    }

    It 'ends with an error on a single frame' {
        { $clouds[0] | Merge-PointCloud } | Should -Throw -ErrorId 'TooFewFrames,*'
    }

    It 'tells the numbers of every frame with -Debug' {
        $DebugPreference = 'Continue'
        $numbers = Merge-PointCloud $clouds -VoxelSize 0.004 5>&1 | Where-Object { $_ -is [System.Management.Automation.DebugRecord] }
        $numbers.Count | Should -Be 10
        $numbers[1].Message | Should -Match '^frame 1: inliers 0\.\d+, rms 0\.\d+ mm, observability 0\.\d+$'
    }

    It 'tells the story of every frame with -Verbose' {
        $story = Merge-PointCloud $clouds -VoxelSize 0.004 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $story.Count | Should -Be 11
        $story[1].Message | Should -BeLike 'frame 1:*'
    }
}

Describe 'The pipeline' {
    It 'has its own type between every two stages' {
        (Import-RgbdVideo $capture -First 1 | Get-Member)[0].TypeName | Should -Be 'FaceRecon.RgbdFrame'
        (Import-RgbdVideo $capture -First 1 | ConvertTo-PointCloud | Get-Member)[0].TypeName | Should -Be 'FaceRecon.FramePointCloud'
        (Import-RgbdVideo $capture -First 4 | ConvertTo-PointCloud | Merge-PointCloud | Get-Member)[0].TypeName | Should -Be 'FaceRecon.FaceCloud'
        ($face | Export-FaceMesh "$TestDrive/types" -PassThru | Get-Member)[0].TypeName | Should -Be 'System.IO.FileInfo'
    }

    It 'takes a stage of one''s own between ours' {
        filter Skip-EverySecond { if ($_.Index % 2 -eq 0) { $_ } }
        $half = Import-RgbdVideo $capture | Skip-EverySecond | ConvertTo-PointCloud | Merge-PointCloud
        $half.Frames.Index | Should -Be 0, 2, 4, 6, 8
    }

    It 'lets a type of ours be a parameter of theirs' {
        function Measure-Cloud { param([FaceRecon.FramePointCloud] $Cloud) $Cloud.Count }
        Measure-Cloud $clouds[0] | Should -Be $clouds[0].Count
    }
}

Describe 'Views' {
    It 'has a table and a list for every type of the pipeline' {
        foreach ($type in 'RgbdFrame', 'FramePointCloud', 'FramePose', 'FaceCloud', 'TriangleMesh', 'RigidTransform', 'CameraIntrinsics', 'PointCloud', 'ReconstructionResult', 'ReconstructionOutcome', 'PreflightCheck', 'FaceCloudQuality', 'InstalledModel') {
            $views = (Get-FormatData -TypeName "FaceRecon.$type").FormatViewDefinition.Control | ForEach-Object { $_.GetType().Name }
            $views | Should -Be 'TableControl', 'ListControl' -Because $type
        }
    }

    It 'fills them in' {
        $objects = $frames[0], $clouds[0], $face.Frames[1], $face, [FaceRecon.FaceSurface]::Reconstruct($face.Points), $face.Frames[1].CameraToWorld, $camera, $face.Points,
        $frames[0].Color, $frames[0].Depth, $clouds[0].Head, $clouds[0].Noise, $face.HeadCenter, $face.Upright, [FaceRecon.KeypointScheme]::Ibug68,
        [FaceRecon.ImageBox]::new(1, 2, 3, 4), [FaceRecon.FaceLandmark]::new('NoseTip', $face.HeadCenter, 3), [FaceRecon.Covariance3d]::new(1, 0, 0, 1, 0, 1),
        (Invoke-FaceReconstruction $capture -VoxelSize 0.004 -NoOptimization -NoKeypoint).Report, ($face | Measure-FaceCloud), (Get-FaceReconModel FaceMesh)
        foreach ($object in $objects) {
            # A script block of a view that fails leaves its cell empty, and its error behind.
            $Error.Clear()
            $table = $object | Format-Table | Out-String -Width 200
            $list = $object | Format-List | Out-String -Width 200
            $Error | Should -BeNullOrEmpty
            $table | Should -Match '\d'
            $list | Should -Match '\d'
        }
        $face.Frames[1] | Format-Table | Out-String -Width 200 | Should -Match 'Rms/mm'
    }
}

Describe 'Progress' {
    BeforeAll {
        function Get-Progress([int] $Frames, [int] $Milliseconds) {
            $shell = [powershell]::Create()
            try {
                $null = $shell.AddScript("Import-Module '$manifest'; Import-RgbdVideo '$capture' -First $Frames | ForEach-Object { Start-Sleep -Milliseconds $Milliseconds }").Invoke()
                $shell.Streams.Progress
            } finally {
                $shell.Dispose()
            }
        }
    }

    It 'is not shown for what takes less than a second' {
        Get-Progress -Frames 1 -Milliseconds 0 | Should -BeNullOrEmpty
    }

    It 'tells frames and seconds of what takes longer, and goes away' {
        $records = @(Get-Progress -Frames 10 -Milliseconds 200)
        $records[0].Activity | Should -BeLike "Reading*$($capture.Name)"
        $records[0].StatusDescription | Should -Match '^[1-6] of 10 frames$'
        $done = [int]$records[0].StatusDescription.Substring(0, 1)
        $records[0].PercentComplete | Should -Be (10 * $done)
        $records[0].SecondsRemaining | Should -BeGreaterOrEqual ([math]::Floor((10 - $done) / $done))
        $records[-1].RecordType | Should -Be 'Completed'
    }
}
