using System.Diagnostics;

namespace FaceRecon.Tests;

public sealed class OutputFolderTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string In(string name) => Path.Combine(_folder.Path, name);

    private string[] Everything() =>
        [.. Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(_folder.Path, p)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Files_appear_at_commit_and_not_before()
    {
        using (var output = OutputFolder.Create(In("a/b/out")))
        {
            output.Write("face.ply", s => s.Write("mesh"u8));
            Assert.False(Directory.Exists(In("a/b/out")));
            Assert.Equal([Path.Combine(_folder.Path, "a/b/out", "face.ply")], output.Commit());
        }
        Assert.Equal(["a", "a/b", "a/b/out", "a/b/out/face.ply"], Everything());
        Assert.Equal("mesh", File.ReadAllText(In("a/b/out/face.ply")));
    }

    [Fact]
    public void Without_commit_nothing_is_left_not_even_the_folders_above()
    {
        Directory.CreateDirectory(In("there"));
        using (var output = OutputFolder.Create(In("there/a/b/out")))
            output.Write("face.ply", s => s.Write("mesh"u8));
        Assert.Equal(["there"], Everything());
    }

    [Fact]
    public void An_empty_folder_will_do_and_stays_when_nothing_is_committed()
    {
        Directory.CreateDirectory(In("out"));
        using (var output = OutputFolder.Create(In("out")))
            output.Write("face.ply", s => s.Write("mesh"u8));
        Assert.Equal(["out"], Everything());
        using (var output = OutputFolder.Create(In("out") + Path.DirectorySeparatorChar))
        {
            output.Write("face.ply", s => s.Write("mesh"u8));
            output.Commit();
        }
        Assert.Equal(["out", "out/face.ply"], Everything());
    }

    [Fact]
    public void A_folder_with_contents_needs_force_which_replaces_only_what_is_written()
    {
        _folder.Write("out/face.ply", "old");
        _folder.Write("out/notes.txt", "mine");
        var e = Assert.Throws<FaceReconException>(() => OutputFolder.Create(In("out")));
        Assert.Equal(ErrorId.OutputExists, e.ErrorId);
        Assert.Equal(2, e.ExitCode);

        using (var output = OutputFolder.Create(In("out"), force: true))
        {
            output.Write("face.ply", s => s.Write("new"u8));
            output.Write("cloud.ply", s => s.Write("points"u8));
            Assert.Equal("old", File.ReadAllText(In("out/face.ply")));
            output.Commit();
        }
        Assert.Equal(["out", "out/cloud.ply", "out/face.ply", "out/notes.txt"], Everything());
        Assert.Equal("new", File.ReadAllText(In("out/face.ply")));
        Assert.Equal("mine", File.ReadAllText(In("out/notes.txt")));
    }

    [Fact]
    public void If_one_file_cannot_be_replaced_none_is()
    {
        _folder.Write("out/face.ply", "old");
        _folder.Write("out/cloud.ply/x", "a folder in the way");
        using (var output = OutputFolder.Create(In("out"), force: true))
        {
            output.Write("face.ply", s => s.Write("new"u8));
            output.Write("report.json", s => s.Write("{}"u8));
            output.Write("cloud.ply", s => s.Write("points"u8));
            Assert.Equal(ErrorId.OutputNotWritable, Assert.Throws<FaceReconException>(output.Commit).ErrorId);
        }
        Assert.Equal(["out", "out/cloud.ply", "out/cloud.ply/x", "out/face.ply"], Everything());
        Assert.Equal("old", File.ReadAllText(In("out/face.ply")));
    }

    [Fact]
    public void Folders_below_come_and_go_with_their_files()
    {
        using (var output = OutputFolder.Create(In("new")))
        {
            output.Write("overlay/1.png", s => s.Write("one"u8));
            Assert.Equal([In("new/overlay/1.png")], output.Commit());
        }
        _folder.Write("old/overlay/1.png", "old");
        _folder.Write("old/overlay/mine.png", "mine");
        using (var output = OutputFolder.Create(In("old"), force: true))
        {
            output.Write("overlay/1.png", s => s.Write("one"u8));
            output.Write("other/deeper/2.png", s => s.Write("two"u8));
            output.Commit();
        }
        Assert.Equal(["new", "new/overlay", "new/overlay/1.png", "old", "old/other", "old/other/deeper", "old/other/deeper/2.png", "old/overlay", "old/overlay/1.png", "old/overlay/mine.png"], Everything());
        Assert.Equal("one", File.ReadAllText(In("old/overlay/1.png")));
    }

    [Fact]
    public void Folders_below_go_again_when_a_file_cannot_be_replaced()
    {
        _folder.Write("out/overlay/1.png", "old");
        _folder.Write("out/cloud.ply/x", "a folder in the way");
        using (var output = OutputFolder.Create(In("out"), force: true))
        {
            output.Write("overlay/1.png", s => s.Write("new"u8));
            output.Write("other/deeper/2.png", s => s.Write("two"u8));
            output.Write("cloud.ply", s => s.Write("points"u8));
            Assert.Equal(ErrorId.OutputNotWritable, Assert.Throws<FaceReconException>(output.Commit).ErrorId);
        }
        Assert.Equal(["out", "out/cloud.ply", "out/cloud.ply/x", "out/overlay", "out/overlay/1.png"], Everything());
        Assert.Equal("old", File.ReadAllText(In("out/overlay/1.png")));
    }

    [Fact]
    public void A_file_in_the_way_is_an_error_at_the_start()
    {
        _folder.Write("file", "x");
        foreach (var path in new[] { In("file"), In("file/below"), In("file/below/that") })
        {
            Assert.Equal(ErrorId.OutputNotWritable, Assert.Throws<FaceReconException>(() => OutputFolder.Create(path)).ErrorId);
            Assert.Equal(["file"], Everything());
        }
    }

    [Fact]
    public void An_error_while_writing_leaves_nothing()
    {
        Assert.Throws<InvalidOperationException>(() =>
        {
            using var output = OutputFolder.Create(In("out"));
            output.Write("face.ply", s => s.Write("mesh"u8));
            output.Write("cloud.ply", _ => throw new InvalidOperationException());
        });
        Assert.Empty(Everything());
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("/etc/escape")]
    [InlineData("a/../../escape")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("./b")]
    [InlineData("..")]
    public void Names_do_not_lead_out_of_the_folder(string name)
    {
        using var output = OutputFolder.Create(In("out"));
        Assert.Throws<ArgumentException>(() => output.Write(name, _ => { }));
    }

    [Fact]
    public void A_folder_that_appears_meanwhile_is_not_touched()
    {
        using (var output = OutputFolder.Create(In("out")))
        {
            output.Write("face.ply", s => s.Write("mesh"u8));
            _folder.Write("out/theirs", "x");
            Assert.Equal(ErrorId.OutputExists, Assert.Throws<FaceReconException>(output.Commit).ErrorId);
        }
        Assert.Equal(["out", "out/theirs"], Everything());
    }

    [SkippableFact]
    public void A_full_disk_is_reported_and_nothing_is_left()
    {
        Directory.CreateDirectory(In("small"));
        Skip.IfNot(OperatingSystem.IsLinux() && Succeeds("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", In("small")), "a small file system cannot be mounted here");
        try
        {
            var e = Assert.Throws<FaceReconException>(() =>
            {
                using var output = OutputFolder.Create(In("small/out"));
                output.Write("face.ply", s => s.Write(new byte[1 << 20]));
            });
            Assert.Equal(ErrorId.OutputNotWritable, e.ErrorId);
            Assert.Contains("face.ply", e.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(In("small")));

            File.WriteAllBytes(In("small/rest"), new byte[64 << 10]);
            Assert.Equal(ErrorId.OutputNotWritable, Assert.Throws<FaceReconException>(() => OutputFolder.Create(In("small/out"))).ErrorId);
            Assert.Equal([In("small/rest")], Directory.EnumerateFileSystemEntries(In("small")));
        }
        finally
        {
            Succeeds("umount", In("small"));
        }
    }

    [SkippableFact]
    public void A_read_only_place_is_an_error_at_the_start()
    {
        Directory.CreateDirectory(In("fixed/out"));
        Skip.IfNot(OperatingSystem.IsLinux() && Succeeds("mount", "--bind", In("fixed"), In("fixed")) && Succeeds("mount", "-o", "remount,ro,bind", In("fixed")),
            "a read-only place cannot be made here");
        try
        {
            foreach (var path in new[] { In("fixed/out"), In("fixed/new"), In("fixed/new/below") })
                Assert.Equal(ErrorId.OutputNotWritable, Assert.Throws<FaceReconException>(() => OutputFolder.Create(path)).ErrorId);
        }
        finally
        {
            Succeeds("umount", In("fixed"));
        }
        Assert.Equal(["fixed", "fixed/out"], Everything());
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
