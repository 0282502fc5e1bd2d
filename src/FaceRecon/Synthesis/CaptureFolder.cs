namespace FaceRecon;

/// <summary>
/// A capture folder in the making: files are written to a hidden folder beside it, which takes its place
/// on <see cref="Commit"/>; disposing without that leaves nothing.
/// </summary>
internal sealed class CaptureFolder : IDisposable
{
    private readonly string _path;
    private bool _committed;

    private CaptureFolder(string path, string staging) => (_path, Staging) = (path, staging);

    /// <summary>Where to write; exists.</summary>
    public string Staging { get; }

    /// <summary>Prepares to write a capture to <paramref name="path"/>.</summary>
    /// <exception cref="FaceReconException">OutputExists: there is something, and it may not be replaced.</exception>
    public static CaptureFolder Create(string path, bool force)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(full) || (Directory.Exists(full) && !IsEmpty(full)))
        {
            if (!force)
                throw new FaceReconException(ErrorId.OutputExists, $"'{path}' exists; give -Force (--force) to replace a synthetic capture, or another folder.", path);
            // Replacing a folder deletes it, so it must be one that was made here.
            if (!File.Exists(Path.Combine(full, GroundTruthFiles.Folder, GroundTruthFiles.Parameters)))
                throw new FaceReconException(ErrorId.OutputExists, $"'{path}' is not a synthetic capture and will not be replaced; give another folder.", path);
        }
        var parent = Path.GetDirectoryName(full) ?? throw new FaceReconException(ErrorId.OutputNotWritable, $"'{path}' is the root of a file system; give a folder in it.", path);
        var staging = Path.Combine(parent, ".facerecon-" + Guid.NewGuid().ToString("n"));
        Directory.CreateDirectory(staging);
        return new CaptureFolder(full, staging);
    }

    /// <summary>Puts the finished folder in its place.</summary>
    public void Commit()
    {
        if (!Directory.Exists(_path))
        {
            Directory.Move(Staging, _path);
        }
        else
        {
            var aside = Staging + "-replaced";
            Directory.Move(_path, aside);
            try
            {
                Directory.Move(Staging, _path);
            }
            catch
            {
                Directory.Move(aside, _path);
                throw;
            }
            Directory.Delete(aside, recursive: true);
        }
        _committed = true;
    }

    /// <summary>Takes away what was not committed.</summary>
    public void Dispose()
    {
        if (!_committed && Directory.Exists(Staging))
            Directory.Delete(Staging, recursive: true);
    }

    private static bool IsEmpty(string folder) => !Directory.EnumerateFileSystemEntries(folder).Any();
}
