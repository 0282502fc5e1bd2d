BeforeAll {
    . $PSScriptRoot/SampleCapture.ps1
    $script:manifest = Join-Path (Split-Path $PSScriptRoot) 'FaceRecon.psd1'
    $script:quick = @{ VoxelSize = 0.004; NoOptimization = $true; NoKeypoint = $true }
    'anna', 'carl' | ForEach-Object { Copy-SampleCapture "$TestDrive/captures/$_" }
    $null = New-Item -ItemType Directory "$TestDrive/captures/broken"

    function Invoke-Batch([hashtable] $More = @{}, [string] $To = 'faces') {
        Get-ChildItem "$TestDrive/captures" | Sort-Object Name |
            Invoke-FaceReconstruction -OutputFolder { "$TestDrive/$To/$($_.Name)" } @quick @More -ErrorAction SilentlyContinue -ErrorVariable script:problems
    }
}

Describe 'Many captures through Invoke-FaceReconstruction' {
    BeforeAll { $script:first = Invoke-Batch }

    It 'gives each a status, and the reason where it failed, which is an error too' {
        $first.Status | Should -Be 'Completed', 'Failed', 'Completed'
        $first.Capture | Split-Path -Leaf | Should -Be 'anna', 'broken', 'carl'
        $first[1].Reason | Should -Match 'holds no capture'
        $first[1].Error.ErrorId | Should -Be 'CaptureEmpty'
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'CaptureEmpty,*'
        (Get-ChildItem "$TestDrive/faces").Name | Should -Be 'anna', 'carl'
        $first[0].Report.Accepted | Should -Be 6
        $first[0].Files | Should -Contain ([System.IO.Path]::Combine("$TestDrive", 'faces', 'anna', 'face.ply'))
    }

    It 'keeps no face that it wrote, unless told to' {
        $first[0].Face, $first[0].Mesh | Should -Be $null, $null
        $kept = Invoke-FaceReconstruction "$TestDrive/captures/anna" "$TestDrive/kept" @quick -PassThru
        $kept.Face.AcceptedCount | Should -Be 6
        $kept.Mesh.TriangleCount | Should -BeGreaterThan 1000
    }

    It 'does the same two at a time, file for file' {
        $two = Invoke-Batch @{ ThrottleLimit = 2 } 'parallel'
        $two.Status | Sort-Object | Should -Be 'Completed', 'Completed', 'Failed'
        foreach ($file in 'anna/face.ply', 'carl/trajectory.txt') {
            (Get-FileHash "$TestDrive/parallel/$file").Hash | Should -Be (Get-FileHash "$TestDrive/faces/$file").Hash -Because $file
        }
    }

    It 'says in tables and lists what became of it' {
        $Error.Clear()
        $first | Format-Table | Out-String -Width 250 | Should -Match '(?s)anna +Completed +6/6.*broken +Failed +.*holds no capture'
        $first | Format-List | Out-String -Width 120 | Should -Match '(?s)Status +: Failed.*Files +: .*face.ply'
        $Error | Should -BeNullOrEmpty
    }

    It 'takes paths by value, by property and literally' {
        $null = New-Item -ItemType Directory "$TestDrive/odd [1]"
        Copy-SampleCapture "$TestDrive/odd/x"
        [System.IO.Directory]::Move("$TestDrive/odd/x", "$TestDrive/odd [1]/x")
        (Invoke-FaceReconstruction -LiteralPath "$TestDrive/odd [1]/x" @quick).Status | Should -Be 'Completed'
        ([pscustomobject]@{ Path = "$TestDrive/captures/a*"; OutputFolder = "$TestDrive/byname" } | Invoke-FaceReconstruction @quick).OutputFolder | Should -Be ([System.IO.Path]::GetFullPath("$TestDrive/byname"))
        $missing = Invoke-FaceReconstruction -LiteralPath "$TestDrive/nowhere" -ErrorAction SilentlyContinue
        $missing.Status | Should -Be 'Failed'
        $missing.Error.ErrorId | Should -Be 'CaptureNotFound'
    }

    It 'does not put two captures into one folder' {
        $results = "$TestDrive/captures/anna", "$TestDrive/captures/carl" | Invoke-FaceReconstruction -OutputFolder "$TestDrive/one" -Force @quick -ErrorVariable problems -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Completed', 'Failed'
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidOption,*'
    }

    It 'asks, or only says, what it would write' {
        Invoke-Batch @{ WhatIf = $true } 'if' | Should -BeNullOrEmpty
        "$TestDrive/if" | Should -Not -Exist
    }

    It 'refuses fewer than one at a time' {
        { Invoke-Batch @{ ThrottleLimit = 0 } } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'tells the numbers with -Debug' {
        $script = "Import-Module '$manifest'; `$DebugPreference = 'Continue'; Invoke-FaceReconstruction '$TestDrive/captures/anna' -VoxelSize 0.004 -NoOptimization -NoKeypoint"
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript($script).Invoke()
            "$($shell.Streams.Debug)" | Should -Match 'surface \d+\.\d+ s'
        } finally {
            $shell.Dispose()
        }
    }
}

Describe '-Resume' {
    BeforeAll {
        $null = Invoke-Batch @{} 'again'
        function Get-Stamp { Get-ChildItem "$TestDrive/again" -Recurse -File | ForEach-Object { "$($_.FullName) $($_.LastWriteTimeUtc.Ticks)" } }
    }

    It 'leaves alone what is there, and tries again what failed' {
        $before = Get-Stamp
        $second = Invoke-Batch @{ Resume = $true } 'again'
        $second.Status | Should -Be 'Skipped', 'Failed', 'Skipped'
        $second[0].Reason | Should -BeLike '*there already*'
        Get-Stamp | Should -Be $before
    }

    It 'goes by content and not by name or date' {
        Copy-Item "$TestDrive/captures/anna" "$TestDrive/renamed" -Recurse
        Get-ChildItem "$TestDrive/renamed" -Recurse -File | ForEach-Object { $_.LastWriteTime = '2001-01-01' }
        (Invoke-FaceReconstruction "$TestDrive/renamed" "$TestDrive/again/anna" @quick -Resume).Status | Should -Be 'Skipped'
        $depth = (Get-ChildItem "$TestDrive/renamed/depth")[2]
        $stamp = $depth.LastWriteTime
        $pixels = [System.IO.File]::ReadAllBytes($depth)
        $pixels[-20] = $pixels[-20] -bxor 1
        [System.IO.File]::WriteAllBytes($depth, $pixels)
        $depth.LastWriteTime = $stamp
        $changed = Invoke-FaceReconstruction "$TestDrive/renamed" "$TestDrive/again/anna" @quick -Resume -ErrorAction SilentlyContinue
        $changed.Status | Should -Be 'Failed'
        $changed.Error.ErrorId | Should -Be 'OutputExists'
    }

    It 'goes by the options that decide the result' {
        $folder = "$TestDrive/again/carl"
        $again = @{ Path = "$TestDrive/captures/carl"; OutputFolder = $folder; Resume = $true; ErrorAction = 'SilentlyContinue' }
        (Invoke-FaceReconstruction @again @quick -MaxThreads 1 -Force).Status | Should -Be 'Skipped'
        (Invoke-FaceReconstruction @again @quick -Unit Millimetre).Error.ErrorId | Should -Be 'OutputExists'
        (Invoke-FaceReconstruction @again @quick -Skip 1).Error.ErrorId | Should -Be 'OutputExists'
        (Invoke-FaceReconstruction @again @quick -Unit Millimetre -Force).Status | Should -Be 'Completed'
        (Invoke-FaceReconstruction @again @quick -Unit Millimetre).Status | Should -Be 'Skipped'
    }

    It 'notices a file that is gone or cut short' {
        Remove-Item "$TestDrive/again/anna/face.glb"
        (Invoke-FaceReconstruction "$TestDrive/captures/anna" "$TestDrive/again/anna" @quick -Resume -Force).Status | Should -Be 'Completed'
        "$TestDrive/again/anna/face.glb" | Should -Exist
        Set-Content "$TestDrive/again/anna/face.ply" 'short'
        (Invoke-FaceReconstruction "$TestDrive/captures/anna" "$TestDrive/again/anna" @quick -Resume -Force).Status | Should -Be 'Completed'
    }

    It 'is nothing without a folder' {
        { Invoke-FaceReconstruction "$TestDrive/captures/anna" -Resume } | Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*-OutputFolder*'
    }

    It 'is not taken in by a report that is none' {
        '{ "fingerprint": 7, "files": [] }' | Set-Content "$TestDrive/again/anna/report.json"
        (Invoke-FaceReconstruction "$TestDrive/captures/anna" "$TestDrive/again/anna" @quick -Resume -ErrorAction SilentlyContinue).Error.ErrorId | Should -Be 'OutputExists'
        'no json' | Set-Content "$TestDrive/again/anna/report.json"
        (Invoke-FaceReconstruction "$TestDrive/captures/anna" "$TestDrive/again/anna" @quick -Resume -ErrorAction SilentlyContinue).Error.ErrorId | Should -Be 'OutputExists'
    }
}

Describe 'Ctrl-C in a batch' {
    It 'leaves whole what is done, and nothing of what is not' {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$manifest'").Invoke()
            $shell.Commands.Clear()
            $script = 'param($Capture, $Out) 1..50 | ForEach-Object { [pscustomobject]@{ Path = $Capture; OutputFolder = "$Out/$_" } } | Invoke-FaceReconstruction -VoxelSize 0.004 -NoOptimization -ThrottleLimit 2'
            $null = $shell.AddScript($script).AddParameters(@{ Capture = "$TestDrive/captures/anna"; Out = "$TestDrive/stopped" })
            $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
            $run = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $output)
            while ($output.Count -lt 2 -and -not $run.IsCompleted) { Start-Sleep -Milliseconds 20 }
            $run.IsCompleted | Should -BeFalse
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $clock.ElapsedMilliseconds | Should -BeLessThan 2000
            $folders = @(Get-ChildItem "$TestDrive/stopped" -Force)
            $folders.Count | Should -BeGreaterOrEqual $output.Count
            $folders.Count | Should -BeLessThan 50
            foreach ($folder in $folders) {
                $folder.Name | Should -Match '^\d+$'
                $report = Get-Content "$folder/report.json" -Raw | ConvertFrom-Json
                foreach ($file in $report.files.PSObject.Properties) { (Get-Item "$folder/$($file.Name)").Length | Should -Be $file.Value }
            }
        } finally {
            $shell.Dispose()
        }
    }
}
