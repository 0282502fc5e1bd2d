using System.Numerics;

namespace FaceRecon.Tests;

/// <summary>The surface of a merged face by either method, and where it is written.</summary>
public class MergedFaceTests(MergedCapture capture) : IClassFixture<MergedCapture>
{
    [Theory]
    [InlineData(SurfaceMethod.Poisson, 0.0, 0)]
    [InlineData(SurfaceMethod.Poisson, 0.015, 0)]
    [InlineData(SurfaceMethod.Poisson, 0.015, 20_000)]
    [InlineData(SurfaceMethod.Tsdf, 0.0, 0)]
    [InlineData(SurfaceMethod.Tsdf, 0.015, 0)]
    [InlineData(SurfaceMethod.Tsdf, 0.015, 20_000)]
    public void Either_method_gives_a_valid_mesh_of_the_face(SurfaceMethod method, double maximumHole, int triangles)
    {
        var mesh = FaceSurface.Reconstruct(capture.Face, new SurfaceOptions { Method = method, MaximumHole = maximumHole, TriangleCount = triangles });

        MeshValidity.Check(mesh);
        if (triangles > 0)
            Assert.InRange(mesh.TriangleCount, 0.99 * triangles, triangles);
        Assert.Equal(maximumHole > 0, mesh.Filled.Contains(true));
        var score = capture.Truth.Score(mesh);
        Assert.InRange(score.MeanMillimetres, 0, 0.35);
        Assert.InRange(score.CompletenessWithin1Millimetre, 0.95, 1);
    }

    [Fact]
    public void The_zero_set_of_the_distances_is_rougher_and_no_further_off()
    {
        var poisson = FaceSurface.Reconstruct(capture.Face);
        var tsdf = FaceSurface.Reconstruct(capture.Face, new SurfaceOptions { Method = SurfaceMethod.Tsdf });

        Assert.InRange(capture.Truth.Score(tsdf).MeanMillimetres, 0, 1.15 * capture.Truth.Score(poisson).MeanMillimetres);
        Assert.True(Roughness(tsdf) > 1.2 * Roughness(poisson), $"{Roughness(tsdf)} against {Roughness(poisson)}");
    }

    [Fact]
    public void The_number_of_threads_changes_no_byte_of_the_zero_set()
    {
        var one = FaceSurface.Reconstruct(capture.Face, new SurfaceOptions { Method = SurfaceMethod.Tsdf, MaxThreads = 1 });
        var three = FaceSurface.Reconstruct(capture.Face, new SurfaceOptions { Method = SurfaceMethod.Tsdf, MaxThreads = 3 });

        Assert.Equal(one.Vertices, three.Vertices);
        Assert.Equal(one.Triangles, three.Triangles);
        Assert.Equal(one.Colors, three.Colors);
    }

    [Fact]
    public void In_the_faces_own_frame_mesh_cloud_and_trajectory_agree()
    {
        using var folder = new ScratchFolder();
        FaceExport.Write(capture.Face, Path.Combine(folder.Path, "camera"), new ExportOptions { Formats = MeshFormats.Ply | MeshFormats.Glb });
        FaceExport.Write(capture.Face, Path.Combine(folder.Path, "face"), new ExportOptions { Formats = MeshFormats.Ply | MeshFormats.Glb, Orientation = MeshOrientation.Face });

        var toFace = capture.Face.WorldToFace!.Value;
        var (mesh, turned) = (MeshFile.Read(Path.Combine(folder.Path, "camera/face.ply")), MeshFile.Read(Path.Combine(folder.Path, "face/face.ply")));
        var (cloud, turnedCloud) = (MeshFile.ReadCloud(Path.Combine(folder.Path, "camera/cloud.ply")), MeshFile.ReadCloud(Path.Combine(folder.Path, "face/cloud.ply")));
        for (var v = 0; v < mesh.VertexCount; v += 97)
        {
            AssertNear(toFace.TransformPoint(ToDouble(mesh.Vertices[v])), turned.Vertices[v], 1e-6);
            AssertNear(toFace.Rotate(ToDouble(mesh.Normals[v])), turned.Normals[v], 1e-5);
        }
        for (var i = 0; i < cloud.Count; i += 97)
            AssertNear(toFace.TransformPoint(new Vector3d(cloud.X[i], cloud.Y[i], cloud.Z[i])), new Vector3(turnedCloud.X[i], turnedCloud.Y[i], turnedCloud.Z[i]), 1e-6);
        Assert.Equal(mesh.Filled, turned.Filled);
        var poses = TrajectoryReader.Read(Path.Combine(folder.Path, "face/trajectory.txt"));
        Assert.All(TrajectoryReader.Read(Path.Combine(folder.Path, "camera/trajectory.txt")).Zip(poses), pair =>
        {
            var difference = (toFace * pair.First.CameraToWorld).Inverse() * pair.Second.CameraToWorld;
            Assert.True(difference.RotationAngle < 1e-6 && difference.Translation.Length < 1e-6, $"{difference}");
        });
        // The nose is in front of the eyes, and the camera too.
        Assert.InRange(turned.Vertices.Where(v => Math.Abs(v.X) < 0.02 && v.Y is > -0.08f and < 0).Max(v => v.Z), 0.01f, 0.06f);
        Assert.True(poses[0].CameraToWorld.Translation.Z > 0.2);
        Assert.Contains("comment coordinates face", File.ReadLines(Path.Combine(folder.Path, "face/face.ply")).Take(8).Aggregate(string.Concat), StringComparison.Ordinal);
        // glTF has the same axes as the face.
        var glb = MeshFile.Read(Path.Combine(folder.Path, "face/face.glb"));
        AssertNear(ToDouble(turned.Vertices[100]), glb.Vertices[100], 1e-6);
    }

    [Fact]
    public void Without_keypoints_the_faces_own_frame_is_refused_in_words()
    {
        using var folder = new ScratchFolder();
        var bare = FaceCloud.FromPoints(capture.Face.Points, capture.Face.Frames);

        var error = Assert.Throws<FaceReconException>(() => FaceExport.Write(bare, Path.Combine(folder.Path, "out"), new ExportOptions { Orientation = MeshOrientation.Face }));

        Assert.Equal(ErrorId.OrientationUnknown, error.ErrorId);
        Assert.Contains("Get-FaceKeypoint", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorId.InvalidOption, Assert.Throws<FaceReconException>(
            () => FaceSurface.Reconstruct(bare, new SurfaceOptions { Method = SurfaceMethod.Tsdf })).ErrorId);
    }

    /// <summary>Mean angle between the normals of neighbouring vertices.</summary>
    private static double Roughness(TriangleMesh mesh)
    {
        var sum = 0.0;
        for (var t = 0; t < mesh.Triangles.Length; t += 3)
            sum += Math.Acos(Math.Clamp(Vector3.Dot(mesh.Normals[mesh.Triangles[t]], mesh.Normals[mesh.Triangles[t + 1]]), -1, 1));
        return sum / mesh.TriangleCount;
    }

    private static void AssertNear(Vector3d expected, Vector3 actual, double tolerance) =>
        Assert.True((expected - ToDouble(actual)).Length < tolerance, $"{actual} is not {expected}");

    private static Vector3d ToDouble(Vector3 v) => new(v.X, v.Y, v.Z);
}
