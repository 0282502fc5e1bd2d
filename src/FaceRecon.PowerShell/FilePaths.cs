using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace FaceRecon.PowerShell;

/// <summary>From what a user types to paths of files: drives, ~, the current location and wildcards of the session.</summary>
internal static class FilePaths
{
    /// <summary>Paths of what is there. Wildcards may match several; what matches none is an error.</summary>
    /// <exception cref="FaceReconException">What <paramref name="notFound"/> makes.</exception>
    public static IEnumerable<string> ResolveWildcards(this PSCmdlet cmdlet, string path, Func<string, Exception?, FaceReconException> notFound)
    {
        ICollection<string> matches;
        try
        {
            matches = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
            RequireFileSystem(path, provider);
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            throw notFound(path, e);
        }
        if (matches.Count == 0)
            throw notFound(path, null);
        // The order of a folder's entries is the file system's; people expect that of the names.
        return matches.Order(StringComparer.Ordinal);
    }

    /// <summary>The path as it is typed, which need not exist; no wildcards.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.InvalidOption"/>: a path that is no file system's.</exception>
    public static string ResolveNewPath(this PSCmdlet cmdlet, string path)
    {
        try
        {
            var full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            RequireFileSystem(path, provider);
            return full;
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            throw new FaceReconException(ErrorId.InvalidOption, $"'{path}' is on no drive of this session.", path, innerException: e);
        }
    }

    /// <summary>The file or folder as Get-Item gives it.</summary>
    public static IEnumerable<PSObject> GetItem(this PSCmdlet cmdlet, string path) =>
        cmdlet.InvokeProvider.Item.Get([path], force: true, literalPath: true);

    private static void RequireFileSystem(string path, ProviderInfo provider)
    {
        if (provider.ImplementingType != typeof(FileSystemProvider))
            throw new FaceReconException(ErrorId.InvalidOption, $"'{path}' is a path of {provider.Name}; captures and results are files.", path);
    }
}
