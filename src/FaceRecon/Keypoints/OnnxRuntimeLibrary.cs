using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace FaceRecon;

/// <summary>Starts ONNX Runtime once: its native library out of our own folder, and silent.</summary>
internal static class OnnxRuntimeLibrary
{
    private static readonly Lazy<OrtEnv> Environment = new(Start);

    /// <summary>Sees to it that the runtime is up.</summary>
    /// <exception cref="DllNotFoundException">There is no native library for this platform.</exception>
    public static void EnsureStarted()
    {
        try
        {
            _ = Environment.Value;
        }
        catch (TypeInitializationException e) when (e.InnerException is not null)
        {
            throw e.InnerException;
        }
    }

    private static OrtEnv Start()
    {
        // The runtime's own search would take whatever library of that name the system has, of any version.
        NativeLibrary.SetDllImportResolver(typeof(OrtEnv).Assembly, Resolve);
#if !ONNXRUNTIME_NUGET
        OrtEnv.DisableDllImportResolver = true;
#endif
        var options = new EnvironmentCreationOptions { logId = "facerecon", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        var environment = OrtEnv.CreateInstanceWithOptions(ref options);
        environment.DisableTelemetryEvents();
        return environment;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (!name.StartsWith("onnxruntime", StringComparison.OrdinalIgnoreCase))
            return 0;
        var (system, file) = OperatingSystem.IsWindows() ? ("win", "onnxruntime.dll")
            : OperatingSystem.IsMacOS() ? ("osx", "libonnxruntime.dylib") : ("linux", "libonnxruntime.so");
        var identifier = $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        var folder = BundledFiles.Folder;
        foreach (var candidate in (string[])[Path.Combine(folder, "runtimes", identifier, "native"), folder])
            if (NativeLibrary.TryLoad(Path.Combine(candidate, file), out var handle))
                return handle;
        throw new DllNotFoundException(
            $"ONNX Runtime for {identifier} is not where it belongs, {Path.Combine(folder, "runtimes", identifier, "native")}; the build brings it for linux-x64, win-x64, win-arm64 and osx-arm64, for another copy it there.");
    }
}
