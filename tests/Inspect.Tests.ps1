BeforeAll {
    . $PSScriptRoot/SampleCapture.ps1
}

Describe 'Measure-FaceCloud' {
    BeforeAll {
        $script:clouds = @(Import-RgbdVideo (Get-SampleCapture) | ConvertTo-PointCloud)
        $script:face = $clouds | Merge-PointCloud -VoxelSize 0.004
    }

    It 'measures a face by itself' {
        $quality = $face | Measure-FaceCloud
        $quality | Should -BeOfType ([FaceRecon.FaceCloudQuality])
        $quality.Points | Should -Be $face.Points.Count
        $quality.Accepted, $quality.Rejected | Should -Be 6, 0
        $quality.ResidualMedianMillimetre | Should -BeGreaterThan 0.05
        $quality.ResidualMedianMillimetre | Should -BeLessOrEqual $quality.Residual95Millimetre
        # From ear to ear.
        $quality.CoverageDegrees | Should -BeGreaterThan 80
        $quality.CoverageDegrees | Should -BeLessThan 160
        $quality.DepthErrorMillimetre | Should -BeNullOrEmpty
    }

    It 'sees a narrower capture as narrower' {
        (Merge-PointCloud $clouds[0..2] -VoxelSize 0.004 | Measure-FaceCloud).CoverageDegrees | Should -BeLessThan ($face | Measure-FaceCloud).CoverageDegrees
    }

    It 'takes results by property name, and a face of one''s own merging' {
        ([pscustomobject]@{ Face = $face } | Measure-FaceCloud).Points | Should -Be $face.Points.Count
        $points = [FaceRecon.PointCloud]::new(3)
        0..2 | ForEach-Object { $points.X[$_] = 0.01 * $_; $points.Z[$_] = 0.4; $points.Sigma[$_] = 0.001 }
        $poses = [FaceRecon.FramePose[]]@([FaceRecon.FramePose]::new(0, 0, [FaceRecon.RigidTransform]::Identity))
        $own = [FaceRecon.FaceCloud]::FromPoints($points, $poses)
        ($own | Measure-FaceCloud).NoiseMedianMillimetre | Should -Be 1
        { $own | Optimize-FaceCloud } | Should -Throw -ErrorId 'TooFewFrames,*'
        { [FaceRecon.FaceCloud]::FromPoints([FaceRecon.PointCloud]::new(0), $poses) } | Should -Throw
    }
}

Describe 'Get-FaceReconModel' {
    It 'tells what is installed, and under which licence' {
        $models = Get-FaceReconModel
        $models.Name | Should -Be 'FaceDetection', 'FaceMesh', 'CanonicalFace'
        $models.IsInstalled | Should -Be $true, $true, $true
        foreach ($model in $models) {
            $model.Sha256 | Should -Be (Get-FileHash $model.Path).Hash
            $model.Licence | Should -Be 'Apache-2.0'
        }
    }

    It 'knows names, with wildcards, from the pipeline, and completes them' {
        (Get-FaceReconModel *mesh).Name | Should -Be 'FaceMesh'
        ('FaceMesh', 'Canonical*' | Get-FaceReconModel).Name | Should -Be 'FaceMesh', 'CanonicalFace'
        Get-FaceReconModel nothing* | Should -BeNullOrEmpty
        { Get-FaceReconModel Nose -ErrorAction Stop } | Should -Throw -ErrorId 'ModelNotFound,*' -ExpectedMessage '*FaceMesh*'
        $line = 'Get-FaceReconModel F'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'FaceDetection', 'FaceMesh'
    }
}
