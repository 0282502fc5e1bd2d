BeforeAll {
    . $PSScriptRoot/SampleCapture.ps1
    $good = Get-SampleCapture

    # A copy of the good capture with something done to it.
    function Copy-BrokenCapture([string] $Name, [scriptblock] $Break) {
        $copy = "$TestDrive/$Name"
        Copy-Item $good $copy -Recurse
        $null = $copy | ForEach-Object $Break
        $copy
    }

    function Get-Problem([scriptblock] $Action) {
        try {
            $null = & $Action
        } catch {
            $_
        }
    }
}

Describe 'A capture that cannot be used ends the pipeline' {
    It 'when it is not there' {
        $problem = Get-Problem { Import-RgbdVideo "$TestDrive/nowhere" }
        $problem.FullyQualifiedErrorId | Should -Be 'CaptureNotFound,FaceRecon.PowerShell.ImportRgbdVideoCommand'
        $problem.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problem.TargetObject | Should -Be "$TestDrive/nowhere"
    }

    It 'when wildcards match nothing' {
        (Get-Problem { Import-RgbdVideo "$TestDrive/nowhere*" }).FullyQualifiedErrorId | Should -BeLike 'CaptureNotFound,*'
    }

    It 'when it is empty' {
        $null = New-Item -ItemType Directory "$TestDrive/empty"
        (Get-Problem { Import-RgbdVideo "$TestDrive/empty" }).FullyQualifiedErrorId | Should -BeLike 'CaptureEmpty,*'
    }

    It 'when its intrinsics are missing' {
        $capture = Copy-BrokenCapture 'blind' { Remove-Item "$_/intrinsic.json" }
        $problem = Get-Problem { Import-RgbdVideo $capture }
        $problem.FullyQualifiedErrorId | Should -BeLike 'IntrinsicsMissing,*'
        $problem.CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'when its focal length is zero' {
        $capture = Copy-BrokenCapture 'flat' { (Get-Content "$_/intrinsic.json") -replace '"fx":[^,]*', '"fx": 0' | Set-Content "$_/intrinsic.json" }
        $problem = Get-Problem { Import-RgbdVideo $capture }
        $problem.FullyQualifiedErrorId | Should -BeLike 'IntrinsicsInvalid,*'
        $problem.CategoryInfo.Category | Should -Be 'InvalidData'
    }

    It 'when the path is of no file system' {
        (Get-Problem { Import-RgbdVideo env: }).FullyQualifiedErrorId | Should -BeLike 'InvalidOption,*'
        (Get-Problem { Import-RgbdVideo -LiteralPath nodrive:/x }).FullyQualifiedErrorId | Should -BeLike 'InvalidOption,*'
    }

    It 'when the selection leaves nothing' {
        (Get-Problem { Import-RgbdVideo $good -Skip 100 }).FullyQualifiedErrorId | Should -BeLike 'InvalidOption,*'
    }

    It 'and what comes after does not run' {
        (Get-Problem { Import-RgbdVideo "$TestDrive/nowhere" | ConvertTo-PointCloud | Merge-PointCloud | Export-FaceMesh "$TestDrive/never" }).FullyQualifiedErrorId |
            Should -BeLike 'CaptureNotFound,*'
        "$TestDrive/never" | Should -Not -Exist
    }
}

Describe 'A frame that cannot be read costs that frame' {
    BeforeAll {
        $script:damaged = Copy-BrokenCapture 'damaged' {
            $depth = Get-ChildItem "$_/depth" | Sort-Object Name | Select-Object -Skip 2 -First 1
            $bytes = [System.IO.File]::ReadAllBytes($depth)
            [System.IO.File]::WriteAllBytes($depth, $bytes[0..($bytes.Length / 2)])
        }
    }

    It 'in Import-RgbdVideo' {
        $frames = Import-RgbdVideo $damaged -ErrorVariable problems -ErrorAction SilentlyContinue
        $frames.Index | Should -Be 0, 1, 3, 4, 5
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ImageCorrupt,*'
        $problems[0].Exception.FrameIndex | Should -Be 2
        $problems[0].Exception.Message | Should -BeLike '*Frame 2*'
        "$($problems[0].TargetObject)" | Should -BeLike '*000002.png'
    }

    It 'unless the user wants it to stop there' {
        (Get-Problem { Import-RgbdVideo $damaged -ErrorAction Stop }).FullyQualifiedErrorId | Should -BeLike 'ImageCorrupt,*'
    }

    It 'in Invoke-FaceReconstruction, which lists it' {
        $result = Invoke-FaceReconstruction $damaged -VoxelSize 0.004
        $result.Face.Frames.Count | Should -Be 6
        $result.Face.Frames[2].Accepted | Should -BeFalse
        $result.Face.Frames[2].Rejection | Should -BeLike '*000002.png*'
    }
}

Describe 'Every error id' {
    It 'has a category that says something' {
        $records = (Get-Command Import-RgbdVideo).ImplementingType.Assembly.GetType('FaceRecon.PowerShell.ErrorRecords')
        foreach ($id in [Enum]::GetValues([FaceRecon.ErrorId])) {
            $record = $records::ToErrorRecord([FaceRecon.FaceReconException]::new($id, 'text', 'file', 3))
            $record.FullyQualifiedErrorId | Should -Be "$id"
            $record.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
            $record.TargetObject | Should -Be 'file'
        }
    }
}
