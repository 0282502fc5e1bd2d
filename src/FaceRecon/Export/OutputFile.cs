namespace FaceRecon;

/// <summary>
/// A single file that appears whole or not at all, as the files of an <see cref="OutputFolder"/> do: whether it can be
/// written is found out at the start, and disposing without <see cref="Commit"/> leaves the file system as it was.
/// </summary>
public sealed class OutputFile : IDisposable
{
    private readonly OutputFolder _folder;
    private readonly string _name;

    private OutputFile(OutputFolder folder, string name) => (_folder, _name) = (folder, name);

    /// <summary>The file, as a full path.</summary>
    public string Path => System.IO.Path.Combine(_folder.Path, _name);

    /// <summary>Prepares a file; missing folders on the way to it are made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="force">Whether a file that is there already is replaced.</param>
    /// <exception cref="FaceReconException">OutputExists: the file is there and <paramref name="force"/> is not given.
    /// OutputNotWritable: a folder is in the way, permission is missing, the disk is full or read-only.</exception>
    public static OutputFile Create(string path, bool force = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = System.IO.Path.GetFullPath(path);
        var name = System.IO.Path.GetFileName(full);
        if (name.Length == 0 || Directory.Exists(full))
            throw new FaceReconException(ErrorId.OutputNotWritable, $"'{path}' is a folder; name a file in it.", path);
        if (!force && File.Exists(full))
            throw new FaceReconException(ErrorId.OutputExists, $"The file '{path}' exists; give -Force (--force) to replace it, or another name.", path);
        return new OutputFile(OutputFolder.Create(System.IO.Path.GetDirectoryName(full)!, force: true), name);
    }

    /// <summary>Writes the contents.</summary>
    /// <exception cref="FaceReconException">OutputNotWritable: the disk is full, or the folder has gone.</exception>
    public void Write(Action<Stream> write) => _folder.Write(_name, write);

    /// <summary>Moves the file into place.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="FaceReconException">OutputNotWritable; OutputExists if its folder has appeared meanwhile.</exception>
    public string Commit() => _folder.Commit()[0];

    /// <summary>Takes away what was not committed, and the folders that were made for it.</summary>
    public void Dispose() => _folder.Dispose();
}
