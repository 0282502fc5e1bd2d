namespace FaceRecon;

/// <summary>Shows a face in the browser. Show-FaceMesh and <c>facerecon show</c> are doors to this class.</summary>
public static class FaceViewer
{
    /// <summary>Writes the page and opens it.</summary>
    /// <param name="scene">What it shows.</param>
    /// <param name="path">The page to write; null for one in a temporary folder that only this user can read.</param>
    /// <param name="open">Whether a browser is started, where there is one.</param>
    /// <param name="force">Whether a file that is there already is replaced.</param>
    /// <exception cref="FaceReconException"><see cref="ErrorId.OutputExists"/> or <see cref="ErrorId.OutputNotWritable"/>.</exception>
    public static ShownFace Show(ViewerScene scene, string? path = null, bool open = true, bool force = false)
    {
        ArgumentNullException.ThrowIfNull(scene);
        using var file = OutputFile.Create(path ?? TemporaryPath(), force);
        file.Write(stream => ViewerPage.Write(stream, scene));
        var page = file.Commit();
        return new ShownFace(page, open && Browser.TryOpen(page));
    }

    // A face is a person's: the folder is closed to other users.
    private static string TemporaryPath()
    {
        try
        {
            return Path.Combine(Directory.CreateTempSubdirectory("facerecon-").FullName, "face.html");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaceReconException(ErrorId.OutputNotWritable, $"No temporary folder can be made ({e.Message.TrimEnd('.')}); name a page to write.", innerException: e);
        }
    }
}

/// <summary>A page that shows a face.</summary>
/// <param name="Path">The page, as a full path.</param>
/// <param name="Opened">Whether a browser was started with it.</param>
public sealed record ShownFace(string Path, bool Opened);
