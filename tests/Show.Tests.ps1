BeforeAll {
    . $PSScriptRoot/SampleCapture.ps1
    Copy-SampleCapture "$TestDrive/capture"
    $script:result = Invoke-FaceReconstruction "$TestDrive/capture" "$TestDrive/out" -VoxelSize 0.004 -PassThru -WarningAction SilentlyContinue
    # What the page says of itself.
    function Get-Scene([string] $Page) {
        [regex]::Match((Get-Content $Page -Raw), '(?s)id="scene">(.*?)</script>').Groups[1].Value | ConvertFrom-Json
    }
}

Describe 'Show-FaceMesh' {
    It 'writes nothing with -WhatIf' {
        $result.Face | Show-FaceMesh -OutputPath "$TestDrive/if.html" -NoOpen -WhatIf -PassThru | Should -BeNullOrEmpty
        "$TestDrive/if.html" | Should -Not -Exist
    }

    It 'shows a face from the pipeline, its mesh made on the way' {
        $result.Face | Show-FaceMesh -OutputPath "$TestDrive/face.html" -NoOpen -Title 'Anna & <Bert>' | Should -BeNullOrEmpty
        $scene = Get-Scene "$TestDrive/face.html"
        $scene.title | Should -Be 'Anna & <Bert>'
        $scene.layout.vertices | Should -BeGreaterThan 1000
        $scene.frames.Count | Should -Be $result.Face.AcceptedCount
        $scene.keypoints.name | Should -Contain 'NoseTip'
        Get-Content "$TestDrive/face.html" -Raw | Should -BeLike '*<title>Anna &amp; &lt;Bert&gt;</title>*'
    }

    It 'shows what Invoke-FaceReconstruction gives, with the mesh that it has' {
        $page = $result | Show-FaceMesh -OutputPath "$TestDrive/result.html" -NoOpen -PassThru
        $page | Should -BeOfType ([System.IO.FileInfo])
        $scene = Get-Scene $page
        $scene.title | Should -Be 'capture'
        $scene.layout.vertices | Should -Be $result.Mesh.VertexCount
        $scene.frames.Count | Should -Be $result.Face.AcceptedCount
        # Where the mesh was not kept, it is in the files.
        $written = Invoke-FaceReconstruction "$TestDrive/capture" "$TestDrive/out" -VoxelSize 0.004 -Resume
        $written.Mesh | Should -BeNullOrEmpty
        $written | Show-FaceMesh -OutputPath "$TestDrive/resumed.html" -NoOpen
        (Get-Scene "$TestDrive/resumed.html").layout.vertices | Should -Be $result.Mesh.VertexCount
        $failed = Invoke-FaceReconstruction "$TestDrive/nothing" -ErrorAction SilentlyContinue
        { $failed | Show-FaceMesh -NoOpen } | Should -Throw -ErrorId 'MeshNotFound,*'
    }

    It 'shows the folder of a reconstruction, and a mesh, by path, wildcard and item' {
        Show-FaceMesh "$TestDrive/out" -OutputPath "$TestDrive/folder.html" -NoOpen
        $scene = Get-Scene "$TestDrive/folder.html"
        $scene.title | Should -Be 'capture'
        $scene.layout.vertices | Should -Be $result.Mesh.VertexCount
        $scene.keypoints.name | Should -Contain 'NoseTip'
        Show-FaceMesh "$TestDrive/out/face.p*" -OutputPath "$TestDrive/wild.html" -NoOpen -Title wild
        (Get-Scene "$TestDrive/wild.html").title | Should -Be 'wild'
        Get-Item "$TestDrive/out/face.glb" | Show-FaceMesh -OutputPath "$TestDrive/glb.html" -NoOpen
        (Get-Scene "$TestDrive/glb.html").layout.triangles | Should -Be $result.Mesh.TriangleCount
    }

    It 'shows the errors of vertices that something else found' {
        $far = [float[]]::new($result.Mesh.VertexCount)
        $far[0] = 0.001
        [pscustomobject]@{ Mesh = $result.Mesh; VertexError = $far } | Show-FaceMesh -OutputPath "$TestDrive/error.html" -NoOpen
        $scene = Get-Scene "$TestDrive/error.html"
        $scene.layout.error | Should -BeTrue
        $scene.scales.error.low | Should -Be (-$scene.scales.error.high)
        { Show-FaceMesh -Mesh $result.Mesh -VertexError 1, 2 -NoOpen } | Should -Throw -ErrorId 'InvalidOption,*'
    }

    It 'gives the page where nobody named one and nothing opened it' {
        $page = Show-FaceMesh "$TestDrive/out" -NoOpen
        $page | Should -Exist
        Remove-Item -LiteralPath $page.DirectoryName -Recurse
    }

    It 'warns, and does not fail, where there is no browser' -Skip:(-not $IsLinux) {
        $before = $env:DISPLAY, $env:WAYLAND_DISPLAY
        try {
            $env:DISPLAY = $env:WAYLAND_DISPLAY = $null
            Show-FaceMesh "$TestDrive/out" -OutputPath "$TestDrive/dark.html" -WarningVariable warnings -WarningAction SilentlyContinue
        } finally {
            $env:DISPLAY, $env:WAYLAND_DISPLAY = $before
        }
        $warnings | Should -BeLike '*dark.html*'
        "$TestDrive/dark.html" | Should -Exist
    }

    It 'does not write over a page, unless forced, nor two faces into one' {
        Set-Content "$TestDrive/mine.html" 'mine'
        { Show-FaceMesh "$TestDrive/out" -OutputPath "$TestDrive/mine.html" -NoOpen } | Should -Throw -ErrorId 'OutputExists,*'
        Get-Content "$TestDrive/mine.html" | Should -Be 'mine'
        Show-FaceMesh "$TestDrive/out" -OutputPath "$TestDrive/mine.html" -NoOpen -Force
        (Get-Scene "$TestDrive/mine.html").title | Should -Be 'capture'
        { $result.Face, $result.Face | Show-FaceMesh -OutputPath "$TestDrive/two.html" -NoOpen } | Should -Throw -ErrorId 'InvalidOption,*'
    }

    It 'says what cannot be shown' {
        { Show-FaceMesh "$TestDrive/none" -NoOpen } | Should -Throw -ErrorId 'MeshNotFound,*'
        Set-Content "$TestDrive/not.ply" 'not a mesh'
        { Show-FaceMesh "$TestDrive/not.ply" -NoOpen } | Should -Throw -ErrorId 'MeshInvalid,*'
        { Show-FaceMesh -LiteralPath "$TestDrive/out/*" -NoOpen } | Should -Throw -ErrorId 'MeshNotFound,*'
    }
}
