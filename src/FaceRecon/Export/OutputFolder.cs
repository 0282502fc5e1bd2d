namespace FaceRecon;

/// <summary>
/// A folder whose files appear together and whole, or not at all. They are written to a hidden folder
/// on the same file system and moved into place by <see cref="Commit"/>; disposing without that leaves
/// the file system as it was. Whether the place can be written to is found out at the start, so that
/// a long run does not fail at its end.
/// </summary>
public sealed class OutputFolder : IDisposable
{
    private const string StagingPrefix = ".facerecon-";
    private const int BufferSize = 1 << 16;

    private readonly string _staging;
    /// <summary>The topmost folder that had to be made so that the output could have a place; null if none.</summary>
    private readonly string? _created;
    private readonly bool _existed;
    private readonly List<string> _names = [];
    private readonly Dictionary<string, long> _lengths = [];
    private bool _committed;

    private OutputFolder(string path, bool existed)
    {
        Path = path;
        _existed = existed;
        var parent = existed ? path : System.IO.Path.GetDirectoryName(path)!;
        _staging = System.IO.Path.Combine(parent, StagingPrefix + Guid.NewGuid().ToString("n"));
        for (var missing = parent; missing is not null && !Directory.Exists(missing); missing = System.IO.Path.GetDirectoryName(missing))
            _created = missing;
    }

    /// <summary>The folder, as a full path.</summary>
    public string Path { get; }

    /// <summary>Prepares output into <paramref name="path"/>, which need not exist.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="force">Whether a folder with contents will do; files of the same names are then replaced at commit, others left alone.</param>
    /// <exception cref="FaceReconException">OutputExists: the folder has contents and <paramref name="force"/> is not given.
    /// OutputNotWritable: a file is in the way, permission is missing, the disk is full or read-only.</exception>
    public static OutputFolder Create(string path, bool force = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        OutputFolder? folder = null;
        try
        {
            var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
            if (File.Exists(full))
                throw NotWritable(path, "a file of that name is in the way");
            var existed = Directory.Exists(full);
            if (existed && !force && HasContents(full))
                throw new FaceReconException(ErrorId.OutputExists,
                    $"The output folder '{path}' exists and is not empty; give -Force (--force) to replace what an earlier run wrote there, or another folder.", path);
            folder = new OutputFolder(full, existed);
            Directory.CreateDirectory(folder._staging);
            // Some file systems allow a folder and then no data in it.
            var probe = System.IO.Path.Combine(folder._staging, "probe");
            File.WriteAllBytes(probe, new byte[4096]);
            File.Delete(probe);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            folder?.Dispose();
            throw NotWritable(path, e.Message, e);
        }
    }

    /// <summary>Writes one file; it appears under its name at <see cref="Commit"/>.</summary>
    /// <param name="name">A plain file name, or several joined by slashes, of which all but the last name folders below this one.</param>
    /// <param name="write">Writes the contents.</param>
    /// <exception cref="FaceReconException">OutputNotWritable: the disk is full, or the folder has gone.</exception>
    public void Write(string name, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(write);
        ObjectDisposedException.ThrowIf(_committed, this);
        if (name.Split('/').Any(part => part.Length == 0 || part != System.IO.Path.GetFileName(part) || part is "." or ".."))
            throw new ArgumentException($"'{name}' is no plain file name.", nameof(name));
        try
        {
            var staged = System.IO.Path.Combine(_staging, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(staged)!);
            using (var stream = new FileStream(staged, FileMode.Create, FileAccess.Write, FileShare.None, BufferSize))
            {
                write(stream);
                _lengths[name] = stream.Length;
            }
            if (!_names.Contains(name))
                _names.Add(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(System.IO.Path.Combine(Path, name), e.Message, e);
        }
    }

    /// <summary>What has been written so far: bytes by name.</summary>
    internal IReadOnlyDictionary<string, long> Written => new Dictionary<string, long>(_lengths);

    /// <summary>Moves all files into place. If one cannot be, none is.</summary>
    /// <returns>The full paths of the files, in the order they were written.</returns>
    /// <exception cref="FaceReconException">OutputNotWritable; OutputExists if the folder has appeared meanwhile.</exception>
    public IReadOnlyList<string> Commit()
    {
        ObjectDisposedException.ThrowIf(_committed, this);
        try
        {
            if (_existed)
            {
                MoveFiles();
                Directory.Delete(_staging, recursive: true);
            }
            else if (Directory.Exists(Path) || File.Exists(Path))
            {
                throw new FaceReconException(ErrorId.OutputExists, $"The output folder '{Path}' has appeared during the run; choose another.", Path);
            }
            else
            {
                Directory.Move(_staging, Path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(Path, e.Message, e);
        }
        _committed = true;
        return _names.ConvertAll(name => System.IO.Path.GetFullPath(name, Path));
    }

    /// <summary>Takes away what was not committed, and the folders that were made for it.</summary>
    public void Dispose()
    {
        if (_committed)
            return;
        _committed = true;
        try
        {
            if (Directory.Exists(_staging))
                Directory.Delete(_staging, recursive: true);
            // Only what is empty: others may have put something there meanwhile.
            for (var made = System.IO.Path.GetDirectoryName(_staging); _created is not null && made is not null && made.StartsWith(_created, StringComparison.Ordinal);
                made = System.IO.Path.GetDirectoryName(made))
            {
                if (Directory.Exists(made))
                    Directory.Delete(made);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing more can be done, and the error that led here is the one to show.
        }
    }

    /// <summary>Moves each file over the one of its name, which is kept aside until all are moved and brought back if one cannot be.</summary>
    private void MoveFiles()
    {
        var aside = Directory.CreateDirectory(System.IO.Path.Combine(_staging, "replaced")).FullName;
        var moved = new List<string>();
        var made = new List<string>();
        try
        {
            foreach (var name in _names)
            {
                var target = System.IO.Path.Combine(Path, name);
                if (Directory.Exists(target))
                    throw new IOException($"a folder has the name of the file '{name}'");
                if (System.IO.Path.GetDirectoryName(name) is { Length: > 0 } below)
                {
                    Directory.CreateDirectory(System.IO.Path.Combine(aside, below));
                    MakeFolders(below, made);
                }
                if (File.Exists(target))
                    File.Move(target, System.IO.Path.Combine(aside, name));
                moved.Add(name);
                File.Move(System.IO.Path.Combine(_staging, name), target);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            foreach (var name in moved)
            {
                var target = System.IO.Path.Combine(Path, name);
                if (File.Exists(target))
                    File.Delete(target);
                if (File.Exists(System.IO.Path.Combine(aside, name)))
                    File.Move(System.IO.Path.Combine(aside, name), target);
            }
            for (var i = made.Count - 1; i >= 0; i--)
                Directory.Delete(made[i]);
            throw;
        }
    }

    /// <summary>Makes the folders of a relative path below this one that are missing, outermost first, and lists them.</summary>
    private void MakeFolders(string below, List<string> made)
    {
        var folder = Path;
        foreach (var part in below.Split(System.IO.Path.DirectorySeparatorChar, System.IO.Path.AltDirectorySeparatorChar))
        {
            folder = System.IO.Path.Combine(folder, part);
            if (Directory.Exists(folder))
                continue;
            Directory.CreateDirectory(folder);
            made.Add(folder);
        }
    }

    private static bool HasContents(string path) =>
        Directory.EnumerateFileSystemEntries(path).Any(entry => !System.IO.Path.GetFileName(entry).StartsWith(StagingPrefix, StringComparison.Ordinal));

    private static FaceReconException NotWritable(string path, string reason, Exception? cause = null) =>
        new(ErrorId.OutputNotWritable, $"'{path}' cannot be written: {reason.TrimEnd('.')}; choose another folder, or free it.", path, innerException: cause);
}
