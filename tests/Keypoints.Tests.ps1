BeforeAll {
    . $PSScriptRoot/SampleCapture.ps1
    $capture = Get-SampleCapture
    $frames = @(Import-RgbdVideo $capture)
    $clouds = @($frames | ConvertTo-PointCloud)
    $script:found = @($clouds | Get-FaceKeypoint)
    $camera = $frames[0].Intrinsics
    $script:nobody = [FaceRecon.RgbdFrame]::new(77, 3.5, $camera,
        [FaceRecon.ColorImage]::new(320, 240, [byte[]]::new(3 * 320 * 240)), [FaceRecon.DepthImage]::new(320, 240, [float[]](, 0.5 * (320 * 240))))

    # Keypoints as a user makes them: a name and a pixel each.
    function ConvertTo-KeypointSet([int] $Frame, [hashtable] $Pixels) {
        $names = [string[]]($Pixels.Keys | Sort-Object)
        [FaceRecon.KeypointSet]@{
            FrameIndex = $Frame
            Scheme     = [FaceRecon.KeypointScheme]::new('Mine', $names)
            Semantic   = [FaceRecon.SemanticKeypoint[]]@(foreach ($name in $names) { @{ Name = $name; U = $Pixels[$name][0]; V = $Pixels[$name][1] } })
        }
    }
}

Describe 'Get-FaceKeypoint' {
    It 'gives every cloud its keypoints, and leaves the rest of it alone' {
        $found | Should -HaveCount 6
        $found | Should -BeOfType ([FaceRecon.FramePointCloud])
        for ($i = 0; $i -lt 6; $i++) {
            $found[$i].Keypoints.FrameIndex | Should -Be $i
            $found[$i].Keypoints.VisibleCount | Should -BeGreaterThan 120
            [object]::ReferenceEquals($found[$i].Z, $clouds[$i].Z) | Should -BeTrue
            $clouds[$i].Keypoints | Should -BeNullOrEmpty
        }
    }

    It 'lifts them to the head' {
        foreach ($cloud in $found) {
            $far = $cloud.Keypoints.Semantic | Where-Object IsVisible | Where-Object { ($_.Position - $cloud.Head.Center).Length -gt 0.16 }
            $far | Should -BeNullOrEmpty
        }
    }

    It 'finds them in a bare frame, in the image only' {
        $frame = $frames[3] | Get-FaceKeypoint
        $frame | Should -BeOfType ([FaceRecon.RgbdFrame])
        $frame.Keypoints.HasFace | Should -BeTrue
        $frame.Keypoints.Semantic | Where-Object { $null -ne $_.Position } | Should -BeNullOrEmpty
        (Get-FaceKeypoint $frames[3]).Keypoints.HasFace | Should -BeTrue
        (Get-FaceKeypoint $clouds[3]).Keypoints['NoseTip'].Position.Z | Should -BeGreaterThan 0.3
    }

    It 'lets a frame take its keypoints along to the cloud' {
        $cloud = $frames[3] | Get-FaceKeypoint | ConvertTo-PointCloud
        $cloud.Keypoints['NoseTip'].Position.Z | Should -BeGreaterThan 0.3
        $cloud.Keypoints['NoseTip'].U | Should -Be ($frames[3] | Get-FaceKeypoint).Keypoints['NoseTip'].U
    }

    It 'knows keypoints by name' {
        $set = $found[3].Keypoints
        $set['nosetip'].Name | Should -Be 'NoseTip'
        $set['NoSuchPart'] | Should -BeNullOrEmpty
        ($set.Semantic | Where-Object Name -Like '*EyeInnerCorner').Name | Sort-Object | Should -Be 'LeftEyeInnerCorner', 'RightEyeInnerCorner'
        # The subject's right is the viewer's left.
        $set['RightEyeInnerCorner'].U | Should -BeLessThan $set['LeftEyeInnerCorner'].U
    }

    It 'passes on a frame without a face with an empty set, and says so' {
        $records = $frames[2], $nobody, $frames[3] | Get-FaceKeypoint -Verbose 4>&1
        $out = @($records | Where-Object { $_ -is [FaceRecon.RgbdFrame] })
        $out.Index | Should -Be 2, 77, 3
        $out.Keypoints.HasFace | Should -Be $true, $false, $true
        $out[1].Keypoints.Semantic.Count | Should -Be 0
        "$($records | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] })" | Should -BeLike '*frame 77: no face*'
    }

    It 'has no face below the score that is asked for' {
        ($clouds[0] | Get-FaceKeypoint -MinimumScore 1).Keypoints.HasFace | Should -Be ($found[0].Keypoints.Score -ge 1)
        { $frames[3] | Get-FaceKeypoint -MinimumScore 1.1 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'holds landmarks to the skin unless told not to' {
        $raw = @($clouds | Get-FaceKeypoint -NoRefine)
        $raw[4].Keypoints['NoseTip'].U | Should -Not -Be $found[4].Keypoints['NoseTip'].U
        [math]::Abs($raw[4].Keypoints['NoseTip'].U - $found[4].Keypoints['NoseTip'].U) | Should -BeLessThan 10
    }

    It 'says what is wrong with a model before the first frame' {
        Set-Content "$TestDrive/model.onnx" 'no model'
        Set-Content "$TestDrive/model.json" '{ "name": "Two", "landmarks": ["A", "B"], "size": 64 }'
        Push-Location $TestDrive
        try {
            { $frames | ForEach-Object { $script:reached = $true; $_ } | Get-FaceKeypoint -SemanticModel model.onnx } | Should -Throw -ErrorId 'ModelInvalid,*'
            { Get-FaceKeypoint $frames[0] -SemanticModel nowhere.dat } | Should -Throw -ErrorId 'ModelNotFound,*' -ExpectedMessage "*$TestDrive*"
        } finally {
            Pop-Location
        }
        Get-Variable reached -Scope Script -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'starts anew where another capture begins' {
        $twice = @($capture, $capture | Import-RgbdVideo | ConvertTo-PointCloud | Get-FaceKeypoint)
        $twice | Should -HaveCount 12
        for ($i = 0; $i -lt 6; $i++) {
            $twice[6 + $i].Keypoints['NoseTip'] | Should -Be $found[$i].Keypoints['NoseTip']
        }
    }

    It 'says in its help which of several faces is taken, and what every parameter of its own does' {
        $help = Get-Help Get-FaceKeypoint -Full
        $help | Out-String -Width 300 | Should -Match 'several faces .*nearest to the centre'
        foreach ($name in 'InputObject', 'Frame', 'Keypoint', 'SemanticModel', 'StructuralModel', 'MinimumAngle', 'MaximumStructural', 'MinimumScore', 'NoRefine') {
            (Get-Help Get-FaceKeypoint -Parameter $name | Out-String).Trim().Split("`n")[1].Trim() | Should -Not -BeNullOrEmpty -Because $name
        }
    }

    It 'does not speak of faces where none were looked for' {
        "$(($clouds[0] | Get-FaceKeypoint -SemanticModel None).Keypoints)" | Should -Match '^frame 0: \d+ structural$'
    }

    It 'refuses to find nothing' {
        { $clouds[0] | Get-FaceKeypoint -SemanticModel None -StructuralModel none } | Should -Throw -ErrorId 'InvalidOption,*'
    }

    It 'refuses what is no angle and no number' {
        { $clouds[0] | Get-FaceKeypoint -MinimumAngle 181 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { $clouds[0] | Get-FaceKeypoint -MaximumStructural 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'completes models: the words, and files of their formats' {
        $null = New-Item -ItemType Directory "$TestDrive/models/more" -Force
        'a.onnx', 'b.dat', 'c.txt' | ForEach-Object { Set-Content "$TestDrive/models/$_" 'x' }
        Push-Location "$TestDrive/models"
        try {
            $line = 'Get-FaceKeypoint -SemanticModel '
            (TabExpansion2 $line $line.Length).CompletionMatches.ListItemText | Should -Be 'Default', 'None', 'a.onnx', 'b.dat', 'more'
            $line = 'Get-FaceKeypoint -StructuralModel '
            (TabExpansion2 $line $line.Length).CompletionMatches.ListItemText | Should -Be 'Default', 'None', 'a.onnx', 'more'
            $line += 'n'
            (TabExpansion2 $line $line.Length).CompletionMatches.ListItemText | Should -Be 'None'
        } finally {
            Pop-Location
        }
    }

    It 'goes on to Merge-PointCloud' {
        $face = Import-RgbdVideo $capture | ConvertTo-PointCloud | Get-FaceKeypoint | Merge-PointCloud -VoxelSize 0.004
        $face.AcceptedCount | Should -BeGreaterOrEqual 5
    }

    It 'has its own type between every two stages' {
        ($clouds[0] | Get-FaceKeypoint | Get-Member)[0].TypeName | Should -Be 'FaceRecon.FramePointCloud'
        ($frames[0] | Get-FaceKeypoint | Get-Member)[0].TypeName | Should -Be 'FaceRecon.RgbdFrame'
        ($found[0].Keypoints | Get-Member)[0].TypeName | Should -Be 'FaceRecon.KeypointSet'
        ($found[0].Keypoints.Semantic | Get-Member)[0].TypeName | Should -Be 'FaceRecon.SemanticKeypoint'
        ($found[0] | Export-FaceKeypoint "$TestDrive/types.json" -PassThru | Get-Member)[0].TypeName | Should -Be 'System.IO.FileInfo'
        (Import-FaceKeypoint "$TestDrive/types.json" | Get-Member)[0].TypeName | Should -Be 'FaceRecon.KeypointSet'
        ($found[0] | Show-FaceKeypoint "$TestDrive/types" | Get-Member)[0].TypeName | Should -Be 'System.IO.FileInfo'
    }
}

Describe 'Structural keypoints' {
    It 'are found beside the semantic ones, or either alone' {
        $found[3].Keypoints.Structural.Count | Should -BeGreaterThan 20
        $alone = $clouds[3] | Get-FaceKeypoint -SemanticModel None
        $alone.Keypoints.HasFace | Should -BeFalse
        $alone.Keypoints.Structural.Count | Should -BeGreaterThan 20
        $none = $clouds[3] | Get-FaceKeypoint -StructuralModel none
        $none.Keypoints.HasFace | Should -BeTrue
        $none.Keypoints.Structural.Count | Should -Be 0
    }

    It 'turn by the angle in degrees that is asked for, and are no more than are asked for' {
        $sharp = ($clouds[3] | Get-FaceKeypoint -MinimumAngle 25).Keypoints.Structural
        $sharp.Count | Should -BeGreaterThan 0
        $sharp.Count | Should -BeLessThan $found[3].Keypoints.Structural.Count
        ($sharp.Turn | Measure-Object -Minimum).Minimum | Should -BeGreaterOrEqual ([math]::PI * 25 / 180)
        ($clouds[3] | Get-FaceKeypoint -MaximumStructural 10).Keypoints.Structural.Count | Should -BeLessOrEqual 10
    }

    It 'have a place on the head' {
        foreach ($keypoint in $found[3].Keypoints.Structural) {
            ($keypoint.Position - $found[3].Head.Center).Length | Should -BeLessThan 0.16
        }
    }

    It 'come from a network that is there' {
        { $clouds[3] | Get-FaceKeypoint -StructuralModel "$TestDrive/nowhere.onnx" } | Should -Throw -ErrorId 'ModelNotFound,*'
        Set-Content "$TestDrive/garbage.onnx" 'no model'
        { $clouds[3] | Get-FaceKeypoint -StructuralModel "$TestDrive/garbage.onnx" } | Should -Throw -ErrorId 'ModelInvalid,*'
    }
}

Describe 'Keypoints of one''s own' {
    BeforeAll {
        $script:mine = (ConvertTo-KeypointSet 1 @{ Mole = 150.5, 120.25; Wall = 5, 5 }), (ConvertTo-KeypointSet 2 @{ Mole = 151, 121; Wall = 5, 5 })
    }

    It 'go to the frames that they belong to, and the others get none' {
        $out = $clouds | Get-FaceKeypoint -Keypoint $mine
        $out.Keypoints.FrameIndex | Should -Be (0..5)
        $out.Keypoints.HasFace | Should -Be $false, $true, $true, $false, $false, $false
        $out.Keypoints.Scheme.Name | Select-Object -Unique | Should -Be 'Mine'
    }

    It 'are lifted by the depth, and not visible where there is none' {
        $set = ($clouds[1] | Get-FaceKeypoint -Keypoint $mine).Keypoints
        $set['Mole'].Position.Z | Should -BeGreaterThan 0.3
        $set['Mole'].Position.X | Should -Be ((150.5 - $camera.Cx) / $camera.Fx * $set['Mole'].Position.Z)
        $set['Mole'].IsVisible | Should -BeTrue
        $set['Wall'].Position | Should -BeNullOrEmpty
        $set['Wall'].IsVisible | Should -BeFalse
        ($frames[1] | Get-FaceKeypoint -Keypoint $mine).Keypoints['Wall'].U | Should -Be 5
    }

    It 'go from a file to the merge' {
        $mine | Export-FaceKeypoint "$TestDrive/mine.json"
        $out = $clouds | Get-FaceKeypoint -Keypoint (Import-FaceKeypoint "$TestDrive/mine.json")
        $out[1].Keypoints['Mole'].U | Should -Be 150.5
        ($out | Merge-PointCloud -VoxelSize 0.004).AcceptedCount | Should -BeGreaterOrEqual 5
    }

    It 'are one set a frame, and leave nothing to be found' {
        { $clouds | Get-FaceKeypoint -Keypoint ($mine + $mine) } | Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*frame 1*'
        { $clouds | Get-FaceKeypoint -Keypoint $mine -NoRefine } | Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*-NoRefine*'
        { $clouds | Get-FaceKeypoint -Keypoint @() } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }
}

Describe 'Export-FaceKeypoint and Import-FaceKeypoint' {
    It 'write and read the same' {
        $found | Export-FaceKeypoint "$TestDrive/all.json" | Should -BeNullOrEmpty
        $read = @(Import-FaceKeypoint "$TestDrive/all.json")
        $read.FrameIndex | Should -Be (0..5)
        $read.Scheme.Name | Select-Object -Unique | Should -Be 'FaceMesh468'
        for ($i = 0; $i -lt 6; $i++) {
            $read[$i].VisibleCount | Should -Be $found[$i].Keypoints.VisibleCount
            $read[$i].Up | Should -Be $found[$i].Keypoints.Up
            $difference = $read[$i]['NoseTip'].Position - $found[$i].Keypoints['NoseTip'].Position
            $difference.Length | Should -BeLessThan 1e-6
        }
        $read | Export-FaceKeypoint "$TestDrive/again.json"
        (Get-FileHash "$TestDrive/again.json").Hash | Should -Be (Get-FileHash "$TestDrive/all.json").Hash
    }

    It 'take sets, clouds and frames, from the pipeline and as an argument' {
        $found.Keypoints | Export-FaceKeypoint "$TestDrive/sets.json"
        Export-FaceKeypoint "$TestDrive/argument.json" -InputObject $found.Keypoints
        $frames | Get-FaceKeypoint | Export-FaceKeypoint "$TestDrive/frames.json"
        (Get-FileHash "$TestDrive/sets.json").Hash | Should -Be (Get-FileHash "$TestDrive/argument.json").Hash
        @(Import-FaceKeypoint "$TestDrive/frames.json").Count | Should -Be 6
        @(Import-FaceKeypoint "$TestDrive/[sf]*s.json").Count | Should -Be 12
        @(Get-Item "$TestDrive/sets.json" | Import-FaceKeypoint).Count | Should -Be 6
        @(Import-FaceKeypoint -LiteralPath "$TestDrive/sets.json").Count | Should -Be 6
    }

    It 'write JSON that others read' {
        $found | Export-FaceKeypoint "$TestDrive/json.json"
        $json = Get-Content "$TestDrive/json.json" -Raw | ConvertFrom-Json
        $json.format | Should -Be 'FaceRecon keypoints'
        $json.frames | Should -HaveCount 6
        $json.frames[3].semantic | Where-Object name -EQ 'NoseTip' | ForEach-Object u | Should -Be ([math]::Round($found[3].Keypoints['NoseTip'].U, 4))
    }

    It 'write nothing with -WhatIf' {
        $found | Export-FaceKeypoint "$TestDrive/if/if.json" -WhatIf -PassThru | Should -BeNullOrEmpty
        "$TestDrive/if" | Should -Not -Exist
    }

    It 'replace with -Force only, and find out before the first frame' {
        Set-Content "$TestDrive/there.json" 'mine'
        { $found | ForEach-Object { $script:reached = $true; $_ } | Export-FaceKeypoint "$TestDrive/there.json" } | Should -Throw -ErrorId 'OutputExists,*'
        Get-Variable reached -Scope Script -ErrorAction Ignore | Should -BeNullOrEmpty
        Get-Content "$TestDrive/there.json" | Should -Be 'mine'
        $file = $found | Export-FaceKeypoint "$TestDrive/there.json" -Force -PassThru
        $file.Name | Should -Be 'there.json'
        @(Import-FaceKeypoint $file).Count | Should -Be 6
    }

    It 'leave nothing behind when the pipeline fails' {
        { $found | ForEach-Object { if ($_.Index -eq 3) { throw 'enough' }; $_ } | Export-FaceKeypoint "$TestDrive/half/half.json" } | Should -Throw 'enough'
        "$TestDrive/half" | Should -Not -Exist
    }

    It 'say what is missing' {
        { $frames | Export-FaceKeypoint "$TestDrive/none.json" } | Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*Get-FaceKeypoint*'
        "$TestDrive/none.json" | Should -Not -Exist
        { Import-FaceKeypoint "$TestDrive/none.json" } | Should -Throw -ErrorId 'KeypointsInvalid,*' -ExpectedMessage '*none.json*'
        { Import-FaceKeypoint "$TestDrive/none*.json" } | Should -Throw -ErrorId 'KeypointsInvalid,*'
        { Import-FaceKeypoint "$capture/intrinsic.json" } | Should -Throw -ErrorId 'KeypointsInvalid,*'
        { $found | Export-FaceKeypoint $TestDrive } | Should -Throw -ErrorId 'OutputNotWritable,*'
    }
}

Describe 'Show-FaceKeypoint' {
    It 'draws a picture of every frame and emits the files' {
        $files = $found | Show-FaceKeypoint "$TestDrive/drawn"
        $files | Should -BeOfType ([System.IO.FileInfo])
        $files.Name | Should -Be (0..5 | ForEach-Object { '{0:000000}.png' -f $_ })
        (Get-ChildItem "$TestDrive/drawn" -Force).Count | Should -Be 6
        $picture = [FaceRecon.ImageFile]::ReadColor($files[3])
        $picture.Width | Should -Be 960
        # Green where the tip of the nose is seen, and the frame's own colour in its corner.
        $tip = $found[3].Keypoints['NoseTip']
        $i = 3 * (960 * [math]::Round(3 * $tip.V + 1) + [math]::Round(3 * $tip.U + 1))
        $picture.Pixels[$i + 1] | Should -BeGreaterThan 180
        $picture.Pixels[$i] | Should -BeLessThan 100
        $picture.Pixels[0..2] | Should -Be $frames[3].Color.Pixels[0..2]
    }

    It 'takes frames, and other keypoints than the frame''s own' {
        ($frames[0] | Get-FaceKeypoint | Show-FaceKeypoint "$TestDrive/frame").Name | Should -Be '000000.png'
        ($frames[0] | Show-FaceKeypoint -OutputFolder "$TestDrive/other" -Keypoint (ConvertTo-KeypointSet 0 @{ Mole = 150, 120 })).Name | Should -Be '000000.png'
        (Show-FaceKeypoint "$TestDrive/argument" -Frame $frames[1] -Keypoint $found[1].Keypoints).Name | Should -Be '000001.png'
    }

    It 'writes nothing with -WhatIf' {
        $found | Show-FaceKeypoint "$TestDrive/if" -WhatIf | Should -BeNullOrEmpty
        "$TestDrive/if" | Should -Not -Exist
    }

    It 'writes into a folder with contents with -Force only' {
        $null = New-Item -ItemType Directory "$TestDrive/full"
        Set-Content "$TestDrive/full/notes.txt" 'mine'
        { $found | Show-FaceKeypoint "$TestDrive/full" } | Should -Throw -ErrorId 'OutputExists,*'
        ($found | Show-FaceKeypoint "$TestDrive/full" -Force).Count | Should -Be 6
        Get-Content "$TestDrive/full/notes.txt" | Should -Be 'mine'
    }

    It 'says what is missing, and leaves nothing' {
        { $frames[0] | Show-FaceKeypoint "$TestDrive/bare" } | Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*Get-FaceKeypoint*'
        { $found[0], $found[0] | Show-FaceKeypoint "$TestDrive/bare" } | Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*twice*'
        "$TestDrive/bare" | Should -Not -Exist
    }
}

Describe 'Views of keypoints' {
    BeforeAll {
        $script:structural = [FaceRecon.StructuralKeypoint]@{ U = 100.256; V = 70; Turn = 0.5; Strength = 12.3; Position = [FaceRecon.Vector3d]::new(0.01, 0, 0.4) }
    }

    It 'are a table and a list for every type' {
        foreach ($type in 'KeypointSet', 'SemanticKeypoint', 'StructuralKeypoint') {
            $views = (Get-FormatData -TypeName "FaceRecon.$type").FormatViewDefinition.Control | ForEach-Object { $_.GetType().Name }
            $views | Should -Be 'TableControl', 'ListControl' -Because $type
        }
    }

    It 'are filled in without errors, with and without a face, a place and a box' {
        $empty = [FaceRecon.KeypointSet]@{ FrameIndex = 9; Scheme = $found[0].Keypoints.Scheme }
        $bare = ($frames[0] | Get-FaceKeypoint).Keypoints['NoseTip']
        foreach ($object in $found[0], $frames[0], $found[0].Keypoints, $empty, (ConvertTo-KeypointSet 0 @{ A = 1, 2 }), $found[0].Keypoints['NoseTip'], $bare, $structural) {
            $Error.Clear()
            $table = $object | Format-Table | Out-String -Width 200
            $list = $object | Format-List | Out-String -Width 200
            $Error | Should -BeNullOrEmpty
            $table | Should -Match '\d'
            $list | Should -Match '\d'
        }
    }

    It 'name their units, and fit 80 columns' {
        $found[0].Keypoints['NoseTip'] | Format-Table | Out-String -Width 80 | Should -Match 'Name +U/px +V/px +Sigma/px +Visible +X/mm +Y/mm +Z/mm +Error/mm'
        $structural | Format-Table | Out-String -Width 80 | Should -Match 'U/px +V/px +Sigma/px +Turn/deg +Strength +X/mm +Y/mm +Z/mm +Error/mm\s+-[ -]+\s+100\.26 +70\.00 +0\.50 +28\.6 +12\.3 +10\.0 +0\.0 +400\.0'
        $found[0].Keypoints | Format-Table | Out-String -Width 80 | Should -Match "$($found[0].Keypoints.VisibleCount)/468 .* FaceMesh468"
        $found[0] | Format-Table | Out-String -Width 80 | Should -Match "Keypoints\s+-[ -]+\s.* $($found[0].Keypoints.VisibleCount)\+\d+"
    }
}
