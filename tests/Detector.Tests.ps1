BeforeAll {
    . $PSScriptRoot/SampleCapture.ps1
}

Describe 'Get-FaceKeypoint -Detector' {
    BeforeAll { $script:clouds = @(Import-RgbdVideo (Get-SampleCapture) | ConvertTo-PointCloud) }

    It 'takes hashtables from a script block, and lifts them' {
        $set = ($clouds | Get-FaceKeypoint -Detector { param($frame, $cloud) $null = $frame; @{ Name = 'Mole'; U = $cloud.Left + $cloud.Width / 2; V = $cloud.Top + $cloud.Height / 2; Sigma = 0.5 } })[2].Keypoints
        $set.FrameIndex | Should -Be 2
        $set['Mole'].Position.Z | Should -BeGreaterThan 0.2
        $set['Mole'].Sigma | Should -Be 0.5
        $set.HasFace | Should -BeTrue
    }

    It 'takes a function, our own objects, nameless points and whole sets' {
        function Find-Thing { param($frame) $null = $frame.Color; [FaceRecon.SemanticKeypoint]@{ Name = 'A'; U = 160; V = 120 }; @{ U = 150; V = 110; Turn = 0.5 }; [pscustomobject]@{ Name = 'B'; U = 155; V = 118 } }
        $set = ($clouds[0] | Get-FaceKeypoint -Detector ${function:Find-Thing}).Keypoints
        $set.Semantic.Name | Should -Be 'A', 'B'
        $set.Structural.Count | Should -Be 1
        $whole = $clouds[0] | Get-FaceKeypoint
        ($clouds[1] | Get-FaceKeypoint -Detector { $whole.Keypoints }).Keypoints.FrameIndex | Should -Be 1
    }

    It 'knows the frame as $_, and takes bare frames' {
        $frame = Import-RgbdVideo (Get-SampleCapture) -First 1
        $set = ($frame | Get-FaceKeypoint -Detector { @{ Name = "Frame$($_.Index)"; U = 1; V = 2 } }).Keypoints
        $set.Semantic.Name | Should -Be 'Frame0'
        $set.Semantic[0].Position | Should -BeNullOrEmpty
    }

    It 'goes on to Merge-PointCloud, with nothing found too' {
        ($clouds | Get-FaceKeypoint -Detector { } | Merge-PointCloud -VoxelSize 0.004).AcceptedCount | Should -Be 6
    }

    It 'loses a frame on which it fails, and says which and why' {
        $out = $clouds | Get-FaceKeypoint -Detector { if ($_.Index -eq 3) { throw 'no light' }; @{ Name = 'A'; U = 160; V = 120 } } -ErrorVariable problems -ErrorAction SilentlyContinue
        $out.Index | Should -Be 0, 1, 2, 4, 5
        $mine = @($problems | Where-Object FullyQualifiedErrorId -Like 'StageFailed,*')
        $mine | Should -HaveCount 1
        $mine[0].Exception.Message | Should -BeLike 'Frame 3*no light*'
        $clouds[0] | Get-FaceKeypoint -Detector { 'a word' } -ErrorVariable words -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $words[-1].FullyQualifiedErrorId | Should -BeLike 'StageFailed,*'
        $clouds[0] | Get-FaceKeypoint -Detector { @{ Name = 'A'; U = 1; V = 1 }; @{ Name = 'A'; U = 2; V = 2 } } -ErrorVariable twice -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$($twice[-1])" | Should -Match "name of its own: 'A'"
    }

    It 'is one way of several, and not two' {
        { $clouds[0] | Get-FaceKeypoint -Detector { } -MinimumAngle 20 } | Should -Throw -ErrorId 'InvalidOption,*'
        { $clouds[0] | Get-FaceKeypoint -Detector { } -Keypoint ($clouds[0] | Get-FaceKeypoint).Keypoints } | Should -Throw -ErrorId 'InvalidOption,*'
    }
}
