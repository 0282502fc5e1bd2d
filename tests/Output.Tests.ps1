BeforeAll {
    . $PSScriptRoot/SampleCapture.ps1
    $capture = Get-SampleCapture
    $script:face = Import-RgbdVideo $capture | ConvertTo-PointCloud | Merge-PointCloud -VoxelSize 0.004
}

Describe 'Export-FaceMesh' {
    It 'writes nothing and emits nothing with -WhatIf' {
        $face | Export-FaceMesh "$TestDrive/if" -WhatIf -PassThru | Should -BeNullOrEmpty
        "$TestDrive/if" | Should -Not -Exist
    }

    It 'writes the files and is silent' {
        $face | Export-FaceMesh "$TestDrive/out" | Should -BeNullOrEmpty
        (Get-ChildItem "$TestDrive/out" -Force).Name | Should -Contain 'face.ply'
        (Get-ChildItem "$TestDrive/out" -Force).Name | Should -Contain 'trajectory.txt'
        [FaceRecon.MeshFile]::Read("$TestDrive/out/face.ply").TriangleCount | Should -BeGreaterThan 1000
    }

    It 'emits the files with -PassThru' {
        $files = $face | Export-FaceMesh "$TestDrive/passed" -PassThru
        $files | Should -BeOfType ([System.IO.FileInfo])
        $files.Name | Should -Contain 'face.glb'
        $files.Length | Should -BeGreaterThan 0
        ($files | Get-Item).Count | Should -Be $files.Count
    }

    It 'does not write over what is there, unless forced' {
        $null = New-Item -ItemType Directory "$TestDrive/full"
        Set-Content "$TestDrive/full/notes.txt" 'mine'
        { $face | Export-FaceMesh "$TestDrive/full" } | Should -Throw -ErrorId 'OutputExists,*'
        (Get-ChildItem "$TestDrive/full" -Force).Name | Should -Be 'notes.txt'
        $face | Export-FaceMesh "$TestDrive/full" -Force
        (Get-ChildItem "$TestDrive/full" -Force).Name | Should -Contain 'face.ply'
        Get-Content "$TestDrive/full/notes.txt" | Should -Be 'mine'
    }

    It 'writes the formats that are asked for, in the unit that is asked for' {
        $names = ($face | Export-FaceMesh "$TestDrive/formats" -Format Stl, Obj -PassThru).Name
        $names | Should -Contain 'face.stl'
        $names | Should -Contain 'face.obj'
        $names | Should -Not -Contain 'face.ply'
        $face | Export-FaceMesh "$TestDrive/mm" -Format Ply -Unit Millimetre -Ascii
        $lines = Get-Content "$TestDrive/mm/face.ply" -TotalCount 40
        $lines[1] | Should -BeLike 'format ascii*'
        $lines | Should -Contain 'comment unit millimetre'
    }

    It 'makes the surface as it is asked to' {
        $none = @{ Format = 'Ply'; Ascii = $true }
        # Where points lie less densely than usual there is a gap, to be closed or not.
        $face | Export-FaceMesh "$TestDrive/closed" -MinimumDensity 0.8 -MaximumHole 0.03 @none
        $face | Export-FaceMesh "$TestDrive/open" -MinimumDensity 0.8 -MaximumHole 0 @none
        $face | Export-FaceMesh "$TestDrive/few" -TriangleCount 1500 @none
        $face | Export-FaceMesh "$TestDrive/tsdf" -Method Tsdf @none
        $face | Export-FaceMesh "$TestDrive/fine" -OctreeDepth 6 -PointWeight 2 -MinimumDensity 0.2 @none
        $closed, $open, $few, $tsdf, $fine = 'closed', 'open', 'few', 'tsdf', 'fine' | ForEach-Object { [FaceRecon.MeshFile]::Read("$TestDrive/$_/face.ply") }
        $closed.Filled | Should -Contain $true
        $open.Filled | Should -Not -Contain $true
        $open.VertexCount | Should -BeLessThan $closed.VertexCount
        $few.TriangleCount | Should -BeIn (1480..1500)
        $tsdf.VertexCount, $fine.VertexCount | Should -Not -Contain $closed.VertexCount
    }

    It 'turns the face to its own frame where keypoints tell, and says so where none do' {
        { $face | Export-FaceMesh "$TestDrive/turned" -Orientation Face } | Should -Throw -ErrorId 'OrientationUnknown,*'
        "$TestDrive/turned/face.ply" | Should -Not -Exist
        $null = Invoke-FaceReconstruction $capture "$TestDrive/turned" -VoxelSize 0.004 -Orientation Face -SurfaceMethod Tsdf -TriangleCount 2000 -Format Ply -Ascii
        Get-Content "$TestDrive/turned/face.ply" -TotalCount 12 | Should -Contain "comment coordinates face: origin between the eyes, x to the subject's left, y up, z out of the face"
        [FaceRecon.MeshFile]::Read("$TestDrive/turned/face.ply").TriangleCount | Should -BeLessOrEqual 2000
    }

    It 'writes a texture where one is asked for' {
        $names = ($face | Export-FaceMesh "$TestDrive/textured" -Format Obj, Glb -Texture -TextureSize 512 -PassThru).Name
        $names | Should -Contain 'face.mtl'
        $names | Should -Contain 'face_texture.png'
        $mesh = [FaceRecon.MeshFile]::Read("$TestDrive/textured/face.glb")
        $mesh.Texture.Image.Width | Should -Be 512
        $mesh.Texture.Corners.Count | Should -Be $mesh.Triangles.Count
        { $face | Export-FaceMesh "$TestDrive/x" -Texture -TextureSize 1000 } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'knows its formats and units' {
        { $face | Export-FaceMesh "$TestDrive/x" -Format Fbx } | Should -Throw -ErrorId 'CannotConvertArgument*'
        { $face | Export-FaceMesh "$TestDrive/x" -Unit Inch } | Should -Throw -ErrorId 'CannotConvertArgument*'
        { $face | Export-FaceMesh "$TestDrive/x" -TriangleCount 7 } | Should -Throw -ErrorId 'InvalidOption,*'
        { $face | Export-FaceMesh "$TestDrive/x" -OctreeDepth 11 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        (TabExpansion2 'Export-FaceMesh -Method T' 25).CompletionMatches.CompletionText | Should -Be 'Tsdf'
        (TabExpansion2 'Export-FaceMesh -Format G' 25).CompletionMatches.CompletionText | Should -Contain 'Glb'
    }

    It 'takes the folder relative to the location of the session' {
        Push-Location $TestDrive
        try {
            $face | Export-FaceMesh relative
        } finally {
            Pop-Location
        }
        "$TestDrive/relative/face.ply" | Should -Exist
    }

    It 'says what is in the way when the folder cannot be made' {
        Set-Content "$TestDrive/file" 'in the way'
        { $face | Export-FaceMesh "$TestDrive/file" } | Should -Throw -ErrorId 'OutputNotWritable,*'
        { $face | Export-FaceMesh "$TestDrive/file/below" } | Should -Throw -ErrorId 'OutputNotWritable,*'
    }
}

Describe 'Invoke-FaceReconstruction' {
    It 'gives a result and writes nothing without a folder' {
        $result = Invoke-FaceReconstruction $capture -VoxelSize 0.004
        $result | Should -BeOfType ([FaceRecon.ReconstructionOutcome])
        $result.Status | Should -Be 'Completed'
        $result.Face.AcceptedCount | Should -BeGreaterThan 4
        $result.Mesh.TriangleCount | Should -BeGreaterThan 1000
        $result.Files | Should -BeNullOrEmpty
        $result | Format-Table | Out-String -Width 200 | Should -Match ' +Completed +6/6'
    }

    It 'writes nothing with -WhatIf' {
        Invoke-FaceReconstruction $capture "$TestDrive/if" -WhatIf | Should -BeNullOrEmpty
        "$TestDrive/if" | Should -Not -Exist
    }

    It 'gives the same files as the stages one by one' {
        $null = Invoke-FaceReconstruction $capture "$TestDrive/whole" -VoxelSize 0.004
        Import-RgbdVideo $capture | ConvertTo-PointCloud | Get-FaceKeypoint | Merge-PointCloud -VoxelSize 0.004 |
            Optimize-FaceCloud -VoxelSize 0.004 | Export-FaceMesh "$TestDrive/stages"
        foreach ($name in 'face.ply', 'cloud.ply', 'trajectory.txt') {
            (Get-FileHash "$TestDrive/whole/$name").Hash | Should -Be (Get-FileHash "$TestDrive/stages/$name").Hash -Because $name
        }
    }

    It 'says in its report what to type to have it again' {
        $first = $capture | Invoke-FaceReconstruction -OutputFolder "$TestDrive/it's" -VoxelSize 0.004 -Format Ply, Stl -NoOptimization -Verbose:$false
        $command = (Get-Content "$TestDrive/it's/report.json" -Raw | ConvertFrom-Json).command
        $command | Should -BeLike "Invoke-FaceReconstruction -LiteralPath '*' -OutputFolder '*it''s' *-Format Ply, Stl*"
        $again = & ([scriptblock]::Create("$command -Force"))
        $again.Report.Vertices | Should -Be $first.Report.Vertices
        $again.Files | Should -Be $first.Files
        $face | Export-FaceMesh "$TestDrive/typed"
        (Get-Content "$TestDrive/typed/report.json" -Raw | ConvertFrom-Json).command | Should -BeLike '$face | Export-FaceMesh *typed"'
        "$TestDrive/typed/report.html" | Should -Exist
    }
}

Describe 'New-SyntheticRgbdVideo' {
    It 'writes nothing with -WhatIf' {
        New-SyntheticRgbdVideo "$TestDrive/if" -Frames 2 -WhatIf
        "$TestDrive/if" | Should -Not -Exist
    }

    It 'is silent, or emits the folder' {
        New-SyntheticRgbdVideo "$TestDrive/seed" -Frames 1 -Width 64 -Height 64 -Seed 5 | Should -BeNullOrEmpty
        $capture | Should -BeOfType ([System.IO.DirectoryInfo])
        (Import-RgbdVideo $capture).Count | Should -Be 6
    }

    It 'makes another of another seed, and replaces the first with -Force' {
        $first = (Get-FileHash "$TestDrive/seed/depth/000000.png").Hash
        New-SyntheticRgbdVideo "$TestDrive/seed" -Frames 1 -Width 64 -Height 64 -Seed 6 -Noise Heavy -Force
        (Get-FileHash "$TestDrive/seed/depth/000000.png").Hash | Should -Not -Be $first
    }

    It 'replaces a synthetic capture with -Force only, and nothing else ever' {
        { New-SyntheticRgbdVideo $capture -Frames 1 } | Should -Throw -ErrorId 'OutputExists,*'
        $null = New-Item -ItemType Directory "$TestDrive/precious"
        Set-Content "$TestDrive/precious/thesis.txt" 'x'
        { New-SyntheticRgbdVideo "$TestDrive/precious" -Frames 1 -Force } | Should -Throw -ErrorId 'OutputExists,*'
        Get-Content "$TestDrive/precious/thesis.txt" | Should -Be 'x'
    }

    It 'refuses what makes no sense' {
        { New-SyntheticRgbdVideo "$TestDrive/none" -Frames 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { New-SyntheticRgbdVideo "$TestDrive/none" -Noise Deafening } | Should -Throw -ErrorId 'CannotConvertArgument*'
    }
}
