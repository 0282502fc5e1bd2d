using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FaceRecon;

/// <summary>
/// The part of libvips' C API that decoding needs. Only functions of fixed arguments: most of libvips
/// is variadic, which P/Invoke passes wrongly where variadic arguments travel differently (arm64).
/// </summary>
internal static unsafe partial class Vips
{
    private const string Library = "vips";

    /// <summary>VipsBandFormat: 8 bit unsigned.</summary>
    internal const int FormatUChar = 0;
    /// <summary>VipsBandFormat: 16 bit unsigned.</summary>
    internal const int FormatUShort = 2;
    /// <summary>VipsInterpretation: ink, not light.</summary>
    internal const int InterpretationCmyk = 15;

    private const int LogLevelWarning = 1 << 4;

    static Vips()
    {
        NativeLibrary.SetDllImportResolver(typeof(Vips).Assembly, Resolve);
        if (Initialize("facerecon") != 0)
            throw new DllNotFoundException("libvips does not start: " + TakeError());
        // Every image is decoded once: remembered operations would only hold memory, and the frames
        // are spread over cores by whoever reads them.
        SetCacheMax(0);
        SetConcurrency(1);
        // What libvips warns of either fails the decoding here or does not matter; the terminal is the program's.
        SetLogHandler("VIPS", LogLevelWarning, &Ignore, 0);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(nint domain, int level, nint message, nint data) { }

    /// <summary>
    /// Finds the native library beside this assembly, wherever that was loaded from and into whichever
    /// AssemblyLoadContext: runtimes/(rid)/native/ as the build lays it out, or the folder itself as a
    /// publish for one runtime may.
    /// </summary>
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library)
            return 0;
        var (system, extension) =
            OperatingSystem.IsWindows() ? ("win", ".dll") : OperatingSystem.IsMacOS() ? ("osx", ".dylib") : ("linux", ".so");
        var identifier = $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        var folder = BundledFiles.Folder;
        foreach (var candidate in (string[])[Path.Combine(folder, "runtimes", identifier, "native"), folder])
            if (NativeLibrary.TryLoad(Path.Combine(candidate, "libvips" + extension), out var handle))
                return handle;
        throw new DllNotFoundException(
            $"libvips for {identifier} is not where it belongs, {Path.Combine(folder, "runtimes", identifier, "native")}; build FaceRecon on this platform, or copy the file there.");
    }

    /// <summary>
    /// What libvips has to say since the last call. Its error buffer is one for all threads, so the text
    /// may mix what several of them met: material for a cause, not for a message.
    /// </summary>
    internal static string TakeError()
    {
        var copied = CopyErrorBuffer();
        ClearError();
        try
        {
            return Marshal.PtrToStringUTF8(copied)?.Trim().ReplaceLineEndings("; ") ?? "";
        }
        finally
        {
            Free(copied);
        }
    }

    /// <summary>GValue of GObject: a type and two words of data.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Value
    {
        private nuint _type;
        private ulong _data0;
        private ulong _data1;
    }

    [LibraryImport(Library, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Initialize(string programName);

    [LibraryImport(Library, EntryPoint = "vips_cache_set_max")]
    private static partial void SetCacheMax(int operations);

    [LibraryImport(Library, EntryPoint = "vips_concurrency_set")]
    private static partial void SetConcurrency(int threads);

    [LibraryImport(Library, EntryPoint = "g_log_set_handler", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint SetLogHandler(string domain, int levels, delegate* unmanaged[Cdecl]<nint, int, nint, nint, void> handler, nint data);

    [LibraryImport(Library, EntryPoint = "vips_error_buffer_copy")]
    private static partial nint CopyErrorBuffer();

    [LibraryImport(Library, EntryPoint = "vips_error_clear")]
    private static partial void ClearError();

    [LibraryImport(Library, EntryPoint = "g_free")]
    internal static partial void Free(nint memory);

    [LibraryImport(Library, EntryPoint = "g_object_unref")]
    internal static partial void Release(nint gobject);

    [LibraryImport(Library, EntryPoint = "g_value_init")]
    internal static partial nint InitializeValue(ref Value value, nuint type);

    [LibraryImport(Library, EntryPoint = "g_value_unset")]
    internal static partial void ClearValue(ref Value value);

    [LibraryImport(Library, EntryPoint = "g_value_set_object")]
    internal static partial void SetValueObject(ref Value value, nint gobject);

    [LibraryImport(Library, EntryPoint = "g_value_dup_object")]
    internal static partial nint DuplicateValueObject(ref Value value);

    [LibraryImport(Library, EntryPoint = "g_value_get_boxed")]
    internal static partial nint ValueBoxed(ref Value value);

    [LibraryImport(Library, EntryPoint = "g_object_set_property", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetProperty(nint gobject, string name, ref Value value);

    [LibraryImport(Library, EntryPoint = "g_object_get_property", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void GetProperty(nint gobject, string name, ref Value value);

    [LibraryImport(Library, EntryPoint = "vips_image_get_type")]
    internal static partial nuint ImageType();

    [LibraryImport(Library, EntryPoint = "vips_source_get_type")]
    internal static partial nuint SourceType();

    [LibraryImport(Library, EntryPoint = "vips_blob_get_type")]
    internal static partial nuint BlobType();

    [LibraryImport(Library, EntryPoint = "vips_operation_new", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint NewOperation(string name);

    [LibraryImport(Library, EntryPoint = "vips_object_set_argument_from_string", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetArgument(nint operation, string name, string value);

    [LibraryImport(Library, EntryPoint = "vips_object_build")]
    internal static partial int Build(nint operation);

    [LibraryImport(Library, EntryPoint = "vips_object_unref_outputs")]
    internal static partial void ReleaseOutputs(nint operation);

    [LibraryImport(Library, EntryPoint = "vips_source_new_from_memory")]
    internal static partial nint NewSource(void* data, nuint length);

    [LibraryImport(Library, EntryPoint = "vips_blob_get")]
    internal static partial byte* BlobData(nint blob, out nuint length);

    [LibraryImport(Library, EntryPoint = "vips_image_new_from_memory")]
    internal static partial nint NewImage(void* data, nuint size, int width, int height, int bands, int format);

    [LibraryImport(Library, EntryPoint = "vips_image_write_to_memory")]
    internal static partial nint WriteImage(nint image, out nuint size);

    [LibraryImport(Library, EntryPoint = "vips_image_get_width")]
    internal static partial int ImageWidth(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_height")]
    internal static partial int ImageHeight(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_bands")]
    internal static partial int ImageBands(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_format")]
    internal static partial int ImageFormat(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_interpretation")]
    internal static partial int ImageInterpretation(nint image);
}
