using System.Runtime.Loader;

namespace FaceRecon.Tests;

public class NativeLibraryTests
{
    [Fact]
    public void The_library_finds_its_natives_from_another_load_context()
    {
        // As PowerShell loads it: its own copy, in a context of its own, from a folder that is not the host's.
        using var folder = new ScratchFolder();
        var source = Path.GetDirectoryName(typeof(ImageFile).Assembly.Location)!;
        File.Copy(Path.Combine(source, "FaceRecon.dll"), Path.Combine(folder.Path, "FaceRecon.dll"));
        foreach (var native in Directory.EnumerateFiles(Path.Combine(source, "runtimes"), "libvips.*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder.Path, Path.GetRelativePath(source, native));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(native, copy);
        }
        var context = new AssemblyLoadContext("module", isCollectible: false);
        var imageFile = context.LoadFromAssemblyPath(Path.Combine(folder.Path, "FaceRecon.dll")).GetType("FaceRecon.ImageFile")!;
        Assert.NotEqual(typeof(ImageFile), imageFile);
        var path = folder.Write("depth.png", ImageFile.EncodePng16(2, 1, [5, 60000]));
        object?[] arguments = [path, 0, 0];
        Assert.Equal([(ushort)5, (ushort)60000], (ushort[])imageFile.GetMethod("ReadDepth16")!.Invoke(null, arguments)!);
    }
}
