namespace FaceRecon.Tests;

public sealed class OutputFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string In(string name) => Path.Combine(_folder.Path, name);

    private string[] Everything() =>
        [.. Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(_folder.Path, p)).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_file_appears_at_commit_with_the_folders_above_it()
    {
        using (var file = OutputFile.Create(In("a/b/keypoints.json")))
        {
            Assert.Equal(In("a/b/keypoints.json"), file.Path);
            file.Write(s => s.Write("{}"u8));
            Assert.False(File.Exists(In("a/b/keypoints.json")));
            Assert.Equal(In("a/b/keypoints.json"), file.Commit());
        }
        Assert.Equal(["a", "a/b", "a/b/keypoints.json"], Everything());
    }

    [Fact]
    public void Without_commit_nothing_is_left()
    {
        using (var file = OutputFile.Create(In("a/keypoints.json")))
            file.Write(s => s.Write("{}"u8));
        Assert.Empty(Everything());
    }

    [Fact]
    public void A_file_that_is_there_is_replaced_with_force_only_and_others_beside_it_are_left()
    {
        _folder.Write("mine.txt", "mine");
        _folder.Write("keypoints.json", "old");
        Assert.Equal(ErrorId.OutputExists, Assert.Throws<FaceReconException>(() => OutputFile.Create(In("keypoints.json"))).ErrorId);
        using (var file = OutputFile.Create(In("keypoints.json"), force: true))
        {
            file.Write(s => s.Write("new"u8));
            Assert.Equal("old", File.ReadAllText(In("keypoints.json")));
            file.Commit();
        }
        Assert.Equal(["keypoints.json", "mine.txt"], Everything());
        Assert.Equal("new", File.ReadAllText(In("keypoints.json")));
    }

    [Fact]
    public void What_is_in_the_way_is_an_error_at_the_start()
    {
        _folder.Write("file", "x");
        Directory.CreateDirectory(In("folder"));
        foreach (var path in (string[])[In("folder"), In("folder") + Path.DirectorySeparatorChar, In("file/below.json"), In("new") + Path.DirectorySeparatorChar])
            Assert.Equal(ErrorId.OutputNotWritable, Assert.Throws<FaceReconException>(() => OutputFile.Create(path, force: true)).ErrorId);
        Assert.Equal(["file", "folder"], Everything());
    }
}
