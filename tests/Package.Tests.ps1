BeforeAll {
    . $PSScriptRoot/SampleCapture.ps1
    . $PSScriptRoot/FreshPowerShell.ps1
    $root = Split-Path $PSScriptRoot
    $script:package = Join-Path $TestDrive 'FaceRecon'
    # Packed from what is built: this process has those files open.
    $script:output = & dotnet publish "$root/src/FaceRecon.PowerShell" -c Release --no-build --nologo "-p:ModulePackage=$package" 2>&1
    $script:published = $LASTEXITCODE

    function Get-Start([string] $Path) {
        $bytes = [byte[]]::new(4)
        $stream = [System.IO.File]::OpenRead("$package/module/runtimes/$Path")
        try { $null = $stream.Read($bytes, 0, 4) } finally { $stream.Dispose() }
        [System.Convert]::ToHexString($bytes)
    }
}

Describe 'The packed module' {
    It 'is made by dotnet publish' {
        $published | Should -Be 0 -Because "$output"
        (Test-ModuleManifest "$package/FaceRecon.psd1").Name | Should -Be 'FaceRecon'
        (Get-ChildItem $package).Name | Sort-Object | Should -Be 'CHANGELOG.md', 'en-US', 'examples', 'FaceRecon.Format.ps1xml', 'FaceRecon.psd1', 'FaceRecon.psm1', 'LICENSE', 'module', 'README.md', 'THIRD-PARTY-NOTICES.md'
        Get-ChildItem $package -Recurse -Include *.pdb, *.xml, *.deps.json, System.Management.Automation.dll -Exclude *-Help.xml | Should -BeNullOrEmpty
    }

    It 'has the native libraries of every platform that it names' {
        foreach ($name in 'libvips.so', 'libonnxruntime.so') { Get-Start "linux-x64/native/$name" | Should -Be '7F454C46' }
        foreach ($name in 'libvips.dylib', 'libonnxruntime.dylib') { Get-Start "osx-arm64/native/$name" | Should -Be 'CFFAEDFE' }
        foreach ($name in 'libvips.dll', 'onnxruntime.dll') {
            Get-Start "win-x64/native/$name" | Should -BeLike '4D5A*'
            Get-Start "win-arm64/native/$name" | Should -BeLike '4D5A*'
        }
    }

    It 'is imported and works where nothing else is' {
        $capture = Get-SampleCapture
        Invoke-FreshPowerShell @"
            Import-Module '$package/FaceRecon.psd1'
            (Get-Module FaceRecon).ModuleBase
            (Get-FaceReconModel | Where-Object IsInstalled).Count
            (Get-Help Merge-PointCloud).examples.example.Count -ge 2
            (Get-Help about_FaceRecon) -match 'LONG'
            (Invoke-FaceReconstruction '$capture' -VoxelSize 0.004 -NoOptimization).Face.Landmarks.Count -gt 100
"@ | Should -Be $package, '3', 'True', 'True', 'True'
    }
}

Describe 'Importing' {
    It 'takes less than a second, and loads neither models nor native libraries' {
        # Of processor time: what else the machine does is not the module's.
        $script = @"
            `$process = [System.Diagnostics.Process]::GetCurrentProcess()
            `$before = `$process.TotalProcessorTime
            Import-Module '$root/FaceRecon.psd1'
            `$process.Refresh()
            [int](`$process.TotalProcessorTime - `$before).TotalMilliseconds
            @(`$process.Modules.ModuleName -match 'vips|libonnxruntime|onnxruntime\.dll').Count
"@
        $milliseconds, $natives = Invoke-FreshPowerShell $script
        [int]$milliseconds | Should -BeLessThan 1000
        $natives | Should -Be '0'
    }
}

Describe 'Isolation' {
    BeforeAll {
        # An assembly of version 99 with one type, that is of no use to anyone.
        function Save-Assembly([string] $Name, [string] $Type) {
            $builder = [System.Reflection.Emit.PersistedAssemblyBuilder]::new([System.Reflection.AssemblyName]"$Name, Version=99.0.0.0", [object].Assembly)
            $class = $builder.DefineDynamicModule($Name).DefineType($Type, 'Public, Class')
            $class.DefineField('Version', [int], 'Public, Static, Literal, HasDefault').SetConstant(99)
            $null = $class.CreateType()
            $builder.Save("$TestDrive/Other/$Name.dll")
        }
    }

    It 'lets another module have other versions of the same libraries, and of ours' {
        $null = New-Item -ItemType Directory "$TestDrive/Other"
        Save-Assembly 'MathNet.Numerics' 'MathNet.Numerics.Constants'
        Save-Assembly 'System.Numerics.Tensors' 'System.Numerics.Tensors.TensorPrimitives'
        Save-Assembly 'Microsoft.ML.OnnxRuntime' 'Microsoft.ML.OnnxRuntime.InferenceSession'
        Save-Assembly 'FaceRecon' 'FaceRecon.RigidTransform'
        $names = 'FaceRecon', 'MathNet.Numerics', 'Microsoft.ML.OnnxRuntime', 'System.Numerics.Tensors'
        @"
            '$($names -join "', '")' | ForEach-Object { `$null = [System.Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyPath("`$PSScriptRoot/`$_.dll") }
            function Get-Other { [MathNet.Numerics.Constants]::Version }
"@ | Set-Content "$TestDrive/Other/Other.psm1"
        $script = @"
            Import-Module '$TestDrive/Other/Other.psm1'
            Import-Module '$root/FaceRecon.psd1'
            (Invoke-FaceReconstruction '$(Get-SampleCapture)' -VoxelSize 0.004 -NoOptimization).Face.Landmarks.Count -gt 100
            [FaceRecon.RigidTransform]::Identity.RotationAngle
            Get-Other
            [System.AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { `$_.GetName() } | Where-Object Name -in '$($names -join "', '")' |
                ForEach-Object { "`$(`$_.Name) `$(`$_.Version.Major -eq 99)" } | Sort-Object
"@
        Invoke-FreshPowerShell $script | Should -Be 'True', '0', '99', 'FaceRecon False', 'FaceRecon True', 'MathNet.Numerics True',
        'Microsoft.ML.OnnxRuntime False', 'Microsoft.ML.OnnxRuntime True', 'System.Numerics.Tensors False', 'System.Numerics.Tensors True'
    }
}
