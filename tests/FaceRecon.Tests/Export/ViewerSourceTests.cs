using System.Diagnostics;

namespace FaceRecon.Tests;

public sealed class ViewerSourceTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string WriteMesh(string name, TriangleMesh? mesh = null)
    {
        var write = (Action<Stream>)(stream => PlyWriter.WriteMesh(stream, mesh ?? TestMeshes.Octahedron()));
        return _scratch.Write(name, TestMeshes.Bytes(write));
    }

    [Fact]
    public void The_folder_of_a_reconstruction_gives_its_mesh_frames_landmarks_and_facts()
    {
        var result = FaceReconstruction.Run(HeadCapture.Write(Path.Combine(_scratch.Path, "head"), 6), Path.Combine(_scratch.Path, "out"));

        var scene = ViewerSource.Read(Path.Combine(_scratch.Path, "out"));

        Assert.Equal("head", scene.Title);
        Assert.Equal(result.Mesh.Triangles, scene.Mesh.Triangles);
        Assert.Equal(result.Face.AcceptedCount, scene.Frames.Count);
        Assert.All(scene.Frames.Zip(result.Face.Frames), pair => Assert.True((pair.First.CameraToWorld.Translation - pair.Second.CameraToWorld.Translation).Length < 1e-8));
        Assert.Equal(result.Face.Frames[^1].ResidualRms, scene.Frames[^1].ResidualRms, 7);
        Assert.Equal(result.Report.Intrinsics, scene.Camera);
        Assert.Contains(scene.Facts, fact => fact is { Key: "frames", Value: "6 used, 0 left out" });
        // By itself a mesh has neither, and the folder's name does not tell what it is of.
        var copy = Path.Combine(_scratch.Path, "copy.ply");
        File.Copy(Path.Combine(_scratch.Path, "out", "face.ply"), copy);
        var alone = ViewerSource.Read(copy, "mine");
        Assert.Equal(("mine", 0, 0), (alone.Title, alone.Frames.Count, alone.Landmarks.Count));
    }

    [Fact]
    public void Landmarks_of_a_report_turn_the_face_upright()
    {
        WriteMesh("face.ply");
        var toCamera = RigidTransform.FromRotationVector(new Vector3d(0, 0, 1.4), new Vector3d(0, 0, 0.5)) * RigidTransform.FromRotationVector(new Vector3d(Math.PI, 0, 0), default);
        var landmarks = CanonicalFace.Instance.Vertices.Take(100).Select((vertex, i) =>
        {
            var p = toCamera.TransformPoint(vertex);
            return FormattableString.Invariant($$"""{"name":"{{KeypointScheme.FaceMesh468.Names[i]}}","views":3,"position":[{{p.X}},{{p.Y}},{{p.Z}}]}""");
        });
        _scratch.Write("report.json", $$"""{"capture":"C:\\captures\\anna\\","accepted":3,"landmarks":[{{string.Join(',', landmarks)}},{"name":null},{"name":"x","position":[1]}]}""");

        var scene = ViewerSource.Read(_scratch.Path);

        Assert.Equal(("anna", 100), (scene.Title, scene.Landmarks.Count));
        Assert.True((scene.Upright.Up - toCamera.Rotate(new Vector3d(0, 1, 0))).Length < 1e-6, $"{scene.Upright}");
    }

    [Fact]
    public void What_is_damaged_is_named()
    {
        ErrorId Fails(string path) => Assert.Throws<FaceReconException>(() => ViewerSource.Read(path)).ErrorId;

        Assert.Equal(ErrorId.MeshNotFound, Fails(_scratch.Path));
        Assert.Equal(ErrorId.MeshNotFound, Fails(Path.Combine(_scratch.Path, "none.ply")));
        Assert.Equal(ErrorId.MeshInvalid, Fails(_scratch.Write("text.ply", "ply or not")));
        WriteMesh("face.ply");
        Assert.Empty(ViewerSource.Read(_scratch.Path).Frames);
        foreach (var report in new[] { "", "[1]", "{\"frames\":7}", "{\"landmarks\":[{\"views\":1e999}]}", new string('[', 5000) })
        {
            _scratch.Write("report.json", report);
            Assert.Equal(ErrorId.ReportInvalid, Fails(_scratch.Path));
        }
        _scratch.Write("report.json", """{"frames":[{"accepted":true}],"intrinsics":{"fx":0},"residual_median_millimetre":1e999}""");
        _scratch.Write("trajectory.txt", "0 1 2 3 nonsense");
        Assert.Equal(ErrorId.TrajectoryInvalid, Fails(_scratch.Path));
        _scratch.Write("trajectory.txt", "0 1 2 3 0 0 0 1\n");
        // Numbers that no camera has do no harm.
        Assert.NotEmpty(TestMeshes.Bytes(stream => ViewerPage.Write(stream, ViewerSource.Read(_scratch.Path))));
    }

    [Fact]
    public void A_page_is_not_written_over_another_unless_forced()
    {
        var page = _scratch.Write("page.html", "mine");
        var scene = ViewerSource.Read(WriteMesh("a.ply"));
        Assert.Equal(ErrorId.OutputExists, Assert.Throws<FaceReconException>(() => FaceViewer.Show(scene, page, open: false)).ErrorId);
        Assert.Equal("mine", File.ReadAllText(page));
        Assert.Equal(new ShownFace(page, false), FaceViewer.Show(scene, page, open: false, force: true));
        Assert.StartsWith("<!doctype html>", File.ReadAllText(page), StringComparison.Ordinal);
        var temporary = FaceViewer.Show(scene, null, open: false).Path;
        Assert.True(File.Exists(temporary));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(temporary)!));
        Directory.Delete(Path.GetDirectoryName(temporary)!, recursive: true);
    }

    [SkippableFact]
    public void The_browser_is_asked_only_where_there_is_a_screen_and_a_program_to_ask()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Other systems always have an opener.");
        var seen = Path.Combine(_scratch.Path, "seen");
        var opener = _scratch.Write("bin/xdg-open", $"#!/bin/sh\necho \"$1\" > '{seen}.new' && mv '{seen}.new' '{seen}'\necho noise\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(opener, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        bool Open(string? display, string? path) => Browser.TryOpen("/a b/$(x)'y.html", name => name switch { "DISPLAY" => display, "PATH" => path, _ => null });

        Assert.False(Open(null, Path.GetDirectoryName(opener)));
        Assert.False(Open(":0", _scratch.Path));
        Assert.False(Open(":0", null));
        Assert.True(Open(":0", $"/nowhere:{Path.GetDirectoryName(opener)}"));
        for (var wait = Stopwatch.StartNew(); !File.Exists(seen) && wait.Elapsed.TotalSeconds < 30;)
            Thread.Sleep(20);
        Assert.Equal("/a b/$(x)'y.html", File.ReadAllText(seen).TrimEnd());
    }
}
