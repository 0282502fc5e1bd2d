namespace FaceRecon.Tests;

/// <summary>The captures beside the project, where they are.</summary>
internal static class SampleCaptures
{
    internal const string Absent = "the captures of ../shared/data are not beside this checkout";

    /// <summary>The folder of a capture; null where it is not there.</summary>
    internal static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var capture = Path.Combine(folder.FullName, "shared", "data", name);
            if (Directory.Exists(capture))
                return capture;
        }
        return null;
    }
}
