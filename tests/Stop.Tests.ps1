BeforeAll {
    $manifest = Join-Path (Split-Path $PSScriptRoot) 'FaceRecon.psd1'
    Import-Module $manifest
    $capture = New-SyntheticRgbdVideo "$TestDrive/capture" -Frames 8 -Width 320 -Height 240 -PassThru
    $script:face = Import-RgbdVideo $capture | ConvertTo-PointCloud | Merge-PointCloud

    # Runs a script in a runspace of its own, presses Ctrl-C when $When is true of the objects that came out so far
    # and the milliseconds since the start, and checks that it obeys. Gives the number of objects that came out.
    function Invoke-Interrupted([string] $Script, [scriptblock] $When) {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$manifest'").Invoke()
            $shell.Commands.Clear()
            $null = $shell.AddScript($Script).AddParameters(@{ Capture = $capture.FullName; Face = $face; Out = "$TestDrive/out" })
            $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
            $run = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $output)
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            while (-not (& $When $output.Count $clock.ElapsedMilliseconds) -and -not $run.IsCompleted) {
                Start-Sleep -Milliseconds 5
            }
            $wasRunning = -not $run.IsCompleted
            $clock.Restart()
            $shell.Stop()
            $milliseconds = $clock.ElapsedMilliseconds
            $wasRunning | Should -BeTrue -Because 'a run that has ended cannot be stopped'
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            $milliseconds | Should -BeLessThan 1000
            # Nothing half-written, and nothing hidden left behind either.
            (Get-ChildItem $TestDrive -Force).Name | Should -Be 'capture'
            $output.Count
        } finally {
            $shell.Dispose()
        }
    }
}

Describe 'Ctrl-C' {
    It 'stops the pipeline while frames go through' {
        Invoke-Interrupted 'param($Capture, $Face, $Out) Import-RgbdVideo $Capture | ConvertTo-PointCloud | ForEach-Object { Start-Sleep -Milliseconds 20; $_ }' { $args[0] -ge 2 } |
            Should -BeLessThan 8
    }

    It 'stops the pipeline while poses are refined' {
        Invoke-Interrupted 'param($Capture, $Face, $Out) Import-RgbdVideo $Capture | ConvertTo-PointCloud | Merge-PointCloud -RefinementRounds 100 | Export-FaceMesh $Out' { $args[1] -gt 1500 } |
            Should -Be 0
    }

    It 'stops the pipeline while keypoints are found and drawn' {
        Invoke-Interrupted 'param($Capture, $Face, $Out) Import-RgbdVideo $Capture | ConvertTo-PointCloud | Get-FaceKeypoint | ForEach-Object { Start-Sleep -Milliseconds 100; $_ } | Show-FaceKeypoint $Out' { $args[1] -gt 600 } |
            Should -Be 0
    }

    It 'stops the pipeline before keypoints are written' {
        Invoke-Interrupted 'param($Capture, $Face, $Out) Import-RgbdVideo $Capture | Get-FaceKeypoint | ForEach-Object { Start-Sleep -Milliseconds 100; $_ } | Export-FaceKeypoint "$Out/k.json"' { $args[1] -gt 400 } |
            Should -Be 0
    }

    It 'stops an export, however far it is' {
        foreach ($delay in 20, 150, 400) {
            Invoke-Interrupted 'param($Capture, $Face, $Out) $Face | Export-FaceMesh $Out' { $args[1] -gt $delay } | Should -Be 0
        }
    }

    It 'stops a whole reconstruction' {
        Invoke-Interrupted 'param($Capture, $Face, $Out) Invoke-FaceReconstruction $Capture $Out' { $args[1] -gt 500 } | Should -Be 0
    }

    It 'stops the making of a capture' {
        Invoke-Interrupted 'param($Capture, $Face, $Out) New-SyntheticRgbdVideo $Out -Frames 1000' { $args[1] -gt 1500 } | Should -Be 0
    }
}
