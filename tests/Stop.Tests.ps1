BeforeAll {
    $manifest = Join-Path (Split-Path $PSScriptRoot) 'FaceRecon.psd1'
    Import-Module $manifest
    $capture = New-SyntheticRgbdVideo "$TestDrive/capture" -Frames 8 -Width 320 -Height 240 -PassThru
    $face = Import-RgbdVideo $capture | ConvertTo-PointCloud | Merge-PointCloud

    # Runs a script in a runspace of its own, presses Ctrl-C when $When is true of the objects that came out so far
    # and the milliseconds since the start, and tells how long that took.
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
            [pscustomobject]@{
                WasRunning   = $wasRunning
                State        = $shell.InvocationStateInfo.State
                Milliseconds = $clock.ElapsedMilliseconds
                Output       = @($output)
            }
        } finally {
            $shell.Dispose()
        }
    }
}

Describe 'Ctrl-C' {
    AfterEach {
        # Nothing half-written, and nothing hidden left behind either.
        (Get-ChildItem $TestDrive -Force).Name | Should -Be 'capture'
        $stop.WasRunning | Should -BeTrue -Because 'a run that has ended cannot be stopped'
        $stop.State | Should -Be 'Stopped'
        $stop.Milliseconds | Should -BeLessThan 1000
    }

    It 'stops the pipeline while frames go through' {
        $script:stop = Invoke-Interrupted 'param($Capture, $Face, $Out) Import-RgbdVideo $Capture | ConvertTo-PointCloud | ForEach-Object { Start-Sleep -Milliseconds 20; $_ }' { $args[0] -ge 2 }
        $stop.Output.Count | Should -BeLessThan 8
    }

    It 'stops the pipeline while poses are refined' {
        $script:stop = Invoke-Interrupted 'param($Capture, $Face, $Out) Import-RgbdVideo $Capture | ConvertTo-PointCloud | Merge-PointCloud -RefinementRounds 100 | Export-FaceMesh $Out' { $args[1] -gt 3000 }
    }

    It 'stops an export <_> ms after its start' -ForEach 20, 150, 400 {
        $script:stop = Invoke-Interrupted 'param($Capture, $Face, $Out) $Face | Export-FaceMesh $Out' ([scriptblock]::Create("`$args[1] -gt $_"))
    }

    It 'stops a whole reconstruction' {
        $script:stop = Invoke-Interrupted 'param($Capture, $Face, $Out) Invoke-FaceReconstruction $Capture $Out' { $args[1] -gt 500 }
    }

    It 'stops the making of a capture' {
        $script:stop = Invoke-Interrupted 'param($Capture, $Face, $Out) New-SyntheticRgbdVideo $Out -Frames 1000' { $args[1] -gt 1500 }
    }
}
