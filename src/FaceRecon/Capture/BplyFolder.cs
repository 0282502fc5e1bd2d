namespace FaceRecon;

/// <summary>A capture of BPLY containers, one a frame, in the order of their names.</summary>
internal sealed class BplyFolder : FrameSource
{
    private readonly string[] _files;
    private readonly string _cameraText;

    private BplyFolder(string[] files, StatedCamera camera, string cameraText) => (_files, Camera, _cameraText) = (files, camera, cameraText);

    internal override CaptureLayout Layout => CaptureLayout.Bply;
    internal override StatedCamera Camera { get; }
    /// <summary>The container stores metres.</summary>
    internal override double DepthScale => 1;
    internal override int Count => _files.Length;

    /// <summary>Whether the folder is one of these: some .ply in it holds metadata, which no other PLY does.</summary>
    internal static bool Recognises(string path)
    {
        foreach (var name in List(path))
        {
            try
            {
                using var file = ReadFile(name);
                var start = file.Bytes.Span[..Math.Min(file.Bytes.Length, 512)];
                if (start.StartsWith("ply\n"u8) && start.IndexOf("\nelement metadata "u8) > 0)
                    return true;
            }
            catch (FaceReconException)
            {
                // Empty or unreadable: some other file may tell.
            }
        }
        return false;
    }

    /// <summary>Lists the frames and reads the camera of the first that has one.</summary>
    /// <exception cref="FaceReconException">No frame's camera can be read; the error is the first frame's.</exception>
    internal static BplyFolder Open(string path)
    {
        var files = List(path);
        FaceReconException? first = null;
        foreach (var file in files)
        {
            try
            {
                using var bytes = ReadFile(file);
                var container = new BplyFile(bytes.Bytes, file);
                return new BplyFolder(files, container.Camera(file), CameraText(container));
            }
            catch (FaceReconException e)
            {
                first ??= e;
            }
        }
        throw first!;
    }

    internal override IEnumerable<string> FilesOf(int index) => [_files[index]];

    internal override double? TimestampOf(int index) => null;

    internal override RawFrame Read(int index, CancellationToken cancellation)
    {
        var path = _files[index];
        using var bytes = ReadFile(path);
        var container = new BplyFile(bytes.Bytes, path);
        // A phone that focuses or steadies its lens states another camera with every frame.
        var camera = CameraText(container) == _cameraText ? Camera : container.Camera(path);
        return new RawFrame(container.DecodeColor(), container.DecodeDepth(), container.Timestamp, camera, path, path);
    }

    private static string CameraText(BplyFile container) => container.Metadata.Text("camera_intrinsics");

    private static string[] List(string path) =>
        [.. Directory.EnumerateFiles(path, "*.ply").Order(StringComparer.Ordinal)];

    private static BoundedFile ReadFile(string path) =>
        BoundedFile.Read(path, ImageFile.MaxFileBytes, ErrorId.FrameMissing, ErrorId.ContainerCorrupt, ErrorId.ContainerCorrupt);
}
