BeforeAll {
    . $PSScriptRoot/SampleCapture.ps1
    Copy-SampleCapture "$TestDrive/capture"
    Invoke-FaceReconstruction "$TestDrive/capture" "$TestDrive/face" -VoxelSize 0.002 -WarningAction SilentlyContinue
    $script:comparison = Compare-FaceMesh "$TestDrive/face" "$TestDrive/capture"
}

Describe 'Compare-FaceMesh' {
    It 'measures a reconstruction against the truth of its capture' {
        $comparison | Should -BeOfType ([FaceRecon.ComparisonResult])
        $comparison.IsFace | Should -BeTrue
        $comparison.Accuracy.MeanMillimetre | Should -BeGreaterThan 0.02
        $comparison.Accuracy.MeanMillimetre | Should -BeLessThan 0.6
        $comparison.Thresholds.ThresholdMillimetre | Should -Be 0.5, 1, 2
        $comparison.Middle.FScore | Should -BeGreaterThan 0.8
        ($comparison | Out-String) | Should -Match 'Mean/mm'
    }

    It 'takes paths with wildcards, files, meshes and what Import and Invoke give' {
        (Compare-FaceMesh "$TestDrive/fac?" "$TestDrive/capture").Accuracy | Should -Be $comparison.Accuracy
        (Get-Item "$TestDrive/face/face.ply" | Compare-FaceMesh -Reference "$TestDrive/capture/groundtruth").Accuracy | Should -Be $comparison.Accuracy
        $mesh = [FaceRecon.MeshFile]::Read("$TestDrive/face/face.ply")
        ([pscustomobject]@{ Mesh = $mesh } | Compare-FaceMesh -Reference "$TestDrive/capture").Accuracy | Should -Be $comparison.Accuracy
        # Against itself, which lies in other axes in GLB.
        (Compare-FaceMesh "$TestDrive/face/face.ply" "$TestDrive/face/face.glb").Accuracy.MeanMillimetre | Should -BeLessThan 0.005
    }

    It 'shows its error in the browser' {
        $comparison | Show-FaceMesh -OutputPath "$TestDrive/page.html" -NoOpen
        Get-Content "$TestDrive/page.html" -Raw | Should -Match '"error"'
    }

    It 'aligns as it is told' {
        (Compare-FaceMesh "$TestDrive/face" "$TestDrive/capture" -Alignment None).AlignmentShiftMillimetre | Should -BeLessThan 1e-9
        (Compare-FaceMesh "$TestDrive/face" "$TestDrive/capture" -Alignment Similarity).Scale | Should -Not -Be 1
        (Compare-FaceMesh "$TestDrive/face" "$TestDrive/capture" -Threshold 0.003).Thresholds.Count | Should -Be 1
    }

    It 'writes a heat map, a coloured mesh and the numbers, or none of them' {
        Compare-FaceMesh "$TestDrive/face" "$TestDrive/capture" -OutputFolder "$TestDrive/out" -WhatIf | Should -BeNullOrEmpty
        "$TestDrive/out" | Should -Not -Exist
        $written = Compare-FaceMesh "$TestDrive/face" "$TestDrive/capture" -OutputFolder "$TestDrive/out"
        $written.Files | Split-Path -Leaf | Sort-Object | Should -Be 'comparison.json', 'comparison.ply', 'comparison.png'
        (Get-Content "$TestDrive/out/comparison.json" -Raw | ConvertFrom-Json).accuracy.mean_millimetre | Should -Be $comparison.Accuracy.MeanMillimetre
        { Compare-FaceMesh "$TestDrive/face" "$TestDrive/capture" -OutputFolder "$TestDrive/out" } | Should -Throw -ErrorId 'OutputExists,*'
        { Compare-FaceMesh "$TestDrive/face" "$TestDrive/capture" -OutputFolder "$TestDrive/out" -Force } | Should -Not -Throw
    }

    It 'has one clear error for what is no mesh' {
        Set-Content "$TestDrive/broken.ply" "ply`nformat ascii 1.0`nelement vertex 2000000000`nproperty float x`nproperty float y`nproperty float z`nend_header"
        { Compare-FaceMesh "$TestDrive/broken.ply" "$TestDrive/capture" } | Should -Throw -ErrorId 'MeshInvalid,*'
        { Compare-FaceMesh "$TestDrive/face" "$TestDrive/broken.ply" } | Should -Throw -ErrorId 'MeshInvalid,*'
        { Compare-FaceMesh "$TestDrive/nothing" "$TestDrive/capture" } | Should -Throw -ErrorId 'MeshNotFound,*'
    }
}
