namespace FaceRecon.Tests;

/// <summary>
/// What users of the library and of its types in the shell rely on does not change by accident. After a change on purpose:
/// <c>UPDATE_PUBLIC_API=1 dotnet test tests/FaceRecon.Tests -c Release --filter PublicApi</c>, and the difference is reviewed with the rest.
/// </summary>
public sealed class PublicApiTests
{
    private const string Refresh = "UPDATE_PUBLIC_API=1 dotnet test tests/FaceRecon.Tests -c Release --filter PublicApi";

    [Fact]
    public void PublicApiIsAsItWasReviewed()
    {
        var file = Path.Combine(RepositoryRoot(), "tests", "FaceRecon.Tests", "PublicApi", "PublicApi.txt");
        string[] now = [.. PublicApi.Of(typeof(RgbdFrame).Assembly)];
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1")
            File.WriteAllText(file, string.Join('\n', now) + "\n");
        var reviewed = File.ReadAllLines(file);
        // Members are told apart by the type that they stand under.
        var (added, gone) = (Qualified(now).Except(Qualified(reviewed)).ToList(), Qualified(reviewed).Except(Qualified(now)).ToList());
        Assert.True(added.Count + gone.Count == 0,
            $"The public API has changed. If that is meant: {Refresh}\nnew:\n  {string.Join("\n  ", added)}\ngone:\n  {string.Join("\n  ", gone)}");
    }

    [Fact]
    public void PublicApiKnowsEveryPublicType() =>
        Assert.Equal(typeof(RgbdFrame).Assembly.GetExportedTypes().Length, PublicApi.Of(typeof(RgbdFrame).Assembly).Count(line => line[0] != ' '));

    private static IEnumerable<string> Qualified(IEnumerable<string> lines)
    {
        var type = "";
        foreach (var line in lines)
        {
            if (!line.StartsWith(' '))
                type = line.Split(" : ")[0];
            yield return line.StartsWith(' ') ? $"{type}: {line.Trim()}" : line;
        }
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "FaceRecon.slnx")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No FaceRecon.slnx above {AppContext.BaseDirectory}.");
    }
}
