BeforeAll {
    . $PSScriptRoot/SampleCapture.ps1

    # The checks of a copy of the sample capture to which something was done, by name.
    function Test-Changed([string] $Name, [scriptblock] $Change) {
        $copy = "$TestDrive/$Name"
        Copy-SampleCapture $copy
        $null = $copy | ForEach-Object $Change
        $checks = @{}
        Test-RgbdVideo $copy | ForEach-Object { $checks[$_.Name] = $_ }
        $checks
    }

    function Edit-Intrinsic([string] $Capture, [hashtable] $Factors) {
        $json = Get-Content "$Capture/intrinsic.json" -Raw | ConvertFrom-Json
        foreach ($field in $Factors.Keys) { $json.$field *= $Factors[$field] }
        $json | ConvertTo-Json | Set-Content "$Capture/intrinsic.json"
    }

    # Every colour of every frame by a factor.
    function Edit-Light([string] $Capture, [double] $Factor) {
        $table = [byte[]](0..255 | ForEach-Object { [math]::Min(255, $Factor * $_) })
        foreach ($file in Get-ChildItem "$Capture/color") {
            $image = [FaceRecon.ImageFile]::ReadColor($file)
            $pixels = [byte[]]::new($image.Pixels.Length)
            for ($i = 0; $i -lt $pixels.Length; $i++) { $pixels[$i] = $table[$image.Pixels[$i]] }
            [System.IO.File]::WriteAllBytes($file, [FaceRecon.ImageFile]::EncodePng([FaceRecon.ColorImage]::new($image.Width, $image.Height, $pixels)))
        }
    }
}

Describe 'Test-RgbdVideo' {
    BeforeAll { $script:good = @(Test-RgbdVideo (Get-SampleCapture)) }

    It 'passes a good capture in everything but its length' {
        $good.Name | Should -Be 'Capture', 'Frames', 'Timestamps', 'Intrinsics', 'DepthScale', 'Head', 'Distance', 'DepthHoles', 'Exposure', 'Face', 'Coverage'
        $good | Where-Object Result -NE Pass | ForEach-Object Name | Should -Be 'Frames'
        $good | Where-Object Result -EQ Pass | ForEach-Object Advice | Where-Object { $_ } | Should -BeNullOrEmpty
        ($good | Where-Object Name -EQ Coverage).Message | Should -Match 'degrees right to \d+ degrees left'
    }

    It 'says in every warning what to do' {
        ($good | Where-Object Name -EQ Frames).Advice | Should -Match 'longer'
    }

    It 'warns of a narrow turn' {
        $checks = Test-Changed 'narrow' { Get-ChildItem "$_/color", "$_/depth" | Where-Object BaseName -GT '000002' | Remove-Item }
        $checks.Coverage.Result | Should -Be 'Warn'
        $checks.Coverage.Advice | Should -Match 'ear'
    }

    It 'warns of intrinsics of another image size' {
        (Test-Changed 'zoomed' { Edit-Intrinsic $_ @{ fx = 2.5; fy = 2.5 } }).Intrinsics.Result | Should -Be 'Warn'
        (Test-Changed 'stretched' { Edit-Intrinsic $_ @{ fx = 1.1 } }).Intrinsics.Advice | Should -Match 'stretched'
        (Test-Changed 'cropped' { Edit-Intrinsic $_ @{ cx = 0.6 } }).Intrinsics.Advice | Should -Match 'cropped'
    }

    It 'fails a wrong depth scale, and names a right one' {
        $checks = Test-Changed 'scaled' { Edit-Intrinsic $_ @{ depth_scale = 10 } }
        $checks.DepthScale.Result | Should -Be 'Fail'
        $checks.DepthScale.Message | Should -Match 'such as 5000'
    }

    It 'warns of darkness and of glare' {
        $dark = Test-Changed 'dark' { Edit-Light $_ 0.1 }
        $dark.Exposure.Result | Should -Be 'Warn'
        $dark.Exposure.Advice | Should -Match 'Light the face'
        (Test-Changed 'glare' { Edit-Light $_ 4 }).Exposure.Advice | Should -Match 'exposure away'
    }

    It 'counts missing and unreadable files' {
        $checks = Test-Changed 'gap' { Remove-Item "$_/color/000003.*"; Set-Content "$_/depth/000004.png" 'x' }
        $checks.Frames.Result | Should -Be 'Warn'
        $checks.Frames.Message | Should -Match '2 of 6 frames looked at cannot be read'
    }

    It 'sees dropped frames in the times' {
        $checks = Test-Changed 'dropped' { (0..5 | ForEach-Object { '{0:000000} {1}' -f $_, (($_ + 3 * ($_ -gt 2)) / 30) }) | Set-Content "$_/timestamps.txt" }
        $checks.Timestamps.Result | Should -Be 'Warn'
        $checks.Timestamps.Message | Should -Match '1 gaps'
    }

    It 'fails where there is no head, or no capture' {
        $checks = Test-Changed 'wall' {
            foreach ($file in Get-ChildItem "$_/depth") { Copy-Item "$(Get-SampleCapture)/depth/000000.png" $file -Force }
            Edit-Intrinsic $_ @{ fx = 8; fy = 8 }
        }
        $checks.Head.Result | Should -Be 'Fail'
        $nothing = New-Item -ItemType Directory "$TestDrive/nothing"
        $check = Test-RgbdVideo $nothing
        $check.Name, $check.Result | Should -Be 'Capture', 'Fail'
        (Test-Changed 'blind' { Remove-Item "$_/intrinsic.json" }).Intrinsics.Result | Should -Be 'Fail'
    }

    It 'is True or False with -Quiet, and an error for what is not there' {
        Test-RgbdVideo (Get-SampleCapture) -Quiet | Should -BeTrue
        Test-RgbdVideo "$TestDrive/nothing" -Quiet | Should -BeFalse
        Test-RgbdVideo "$TestDrive/nowhere*" -Quiet -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeFalse
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'CaptureNotFound,*'
    }

    It 'looks at no more frames than asked' {
        (Test-RgbdVideo (Get-SampleCapture) -MaximumFrames 2 | Where-Object Name -EQ Head).Message | Should -Be 'a head in 2 of 2 frames looked at'
        { Test-RgbdVideo (Get-SampleCapture) -MaximumFrames 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'shows its checks by capture' {
        $good | Out-String -Width 200 | Should -Match '(?s)Capture: .*facerecon-sample.*Head +Pass'
    }
}
