using System.Numerics;

namespace FaceRecon.Tests;

/// <summary>A scene that several tests look at; making one takes a second.</summary>
public sealed class OrbitScene
{
    public SyntheticScene Scene { get; } = SyntheticScene.Create(new SyntheticCaptureOptions { Frames = 5, Width = 320, Height = 240 });
}

public class SyntheticSceneTests(OrbitScene shared) : IClassFixture<OrbitScene>
{
    private readonly SyntheticScene _scene = shared.Scene;

    [Fact]
    public void Exact_depth_and_true_pose_put_every_pixel_of_the_head_on_the_true_surface() =>
        AssertOnTruth(_scene, frame: 3);

    [Fact]
    public void The_truth_turns_with_the_head()
    {
        var scene = SyntheticScene.Create(new SyntheticCaptureOptions { Frames = 5, Width = 320, Height = 240, Motion = HeadMotion.HeadTurn, Seed = 4 });
        // A quarter of the way the head has turned as far as it does.
        Assert.InRange(Yaw(scene.CameraToWorld(1)), 45, 65);
        AssertOnTruth(scene, frame: 1);
    }

    [Fact]
    public void The_camera_goes_from_ear_to_ear()
    {
        var (first, last) = (SignedYaw(_scene.CameraToWorld(0)), SignedYaw(_scene.CameraToWorld(4)));
        Assert.True(first * last < 0);
        Assert.InRange(Math.Abs(first), 52, 65);
        Assert.InRange(Math.Abs(last), 52, 65);
        Assert.InRange(Yaw(_scene.CameraToWorld(2)), 0, 5);
        for (var frame = 0; frame < 5; frame++)
            Assert.InRange(_scene.CameraToWorld(frame).Translation.Length, 0.40, 0.55);
    }

    [Fact]
    public void The_head_has_the_measures_of_an_adult()
    {
        var marks = _scene.Landmarks;
        Assert.InRange(Vector3.Distance(marks["r_pupil"], marks["l_pupil"]), 0.057f, 0.067f);
        Assert.InRange(Vector3.Distance(marks["nasion"], marks["pogonion"]), 0.095f, 0.120f);
        Assert.InRange(Vector3.Distance(marks["r_mouth"], marks["l_mouth"]), 0.044f, 0.060f);
        Assert.All(marks.Values, p => Assert.True(p.Z <= marks["nose_tip"].Z));
        Assert.All(marks.Where(m => m.Key.StartsWith("l_", StringComparison.Ordinal)), m => Assert.True(m.Value.X > 0));
        Assert.All(marks.Where(m => m.Key.StartsWith("r_", StringComparison.Ordinal)), m => Assert.True(m.Value.X < 0));
        var head = _scene.Truth.Vertices.Where(v => v.Y > -0.1f).ToArray();
        Assert.InRange(head.Max(v => v.Y) + 0.098f, 0.210f, 0.245f);
        var skull = head.Where(v => v.Y is > 0.06f and < 0.08f).ToArray();
        Assert.InRange(skull.Max(v => v.X) - skull.Min(v => v.X), 0.145f, 0.175f);
    }

    [Fact]
    public void Landmarks_lie_on_the_surface()
    {
        var tree = new TriangleTree(_scene.Truth, _ => true);
        foreach (var (name, p) in _scene.Landmarks)
        {
            // The ear's landmark stands for the opening of its canal, which is shallow here.
            var limit = name.EndsWith("ear", StringComparison.Ordinal) ? 0.006f : 0.0012f;
            Assert.True(Vector3.Distance(p, tree.Closest(p).Point) < limit, $"{name} is {1000 * Vector3.Distance(p, tree.Closest(p).Point)} mm off");
        }
    }

    [Fact]
    public void The_true_surface_is_closed_and_faces_outwards()
    {
        var (mesh, edges) = (_scene.Truth, new HashSet<(int, int)>());
        var volume = 0.0;
        for (var t = 0; t < mesh.Triangles.Length; t += 3)
        {
            var (a, b, c) = (mesh.Triangles[t], mesh.Triangles[t + 1], mesh.Triangles[t + 2]);
            edges.UnionWith([(a, b), (b, c), (c, a)]);
            volume += Vector3.Dot(mesh.Vertices[a], Vector3.Cross(mesh.Vertices[b], mesh.Vertices[c])) / 6.0;
        }
        Assert.DoesNotContain(edges, edge => !edges.Contains((edge.Item2, edge.Item1)));
        // A head and a neck of five litres.
        Assert.InRange(volume, 0.0042, 0.0068);
    }

    [Fact]
    public void The_same_options_give_the_same_frame_and_another_seed_another_person()
    {
        var options = new SyntheticCaptureOptions { Frames = 3, Width = 128, Height = 96 };
        var (first, again) = (SyntheticScene.Create(options).RenderFrame(1), SyntheticScene.Create(options).RenderFrame(1));
        Assert.Equal(first.Color.Pixels, again.Color.Pixels);
        Assert.Equal(first.Depth.Depths, again.Depth.Depths);
        var other = SyntheticScene.Create(options with { Seed = 2 });
        Assert.NotEqual(_scene.Truth.Vertices[..100], other.Truth.Vertices[..100]);
        Assert.NotEqual(first.Color.Pixels, other.RenderFrame(1).Color.Pixels);
    }

    [Fact]
    public void Frames_can_be_rendered_in_any_order_and_at_once()
    {
        var alone = _scene.RenderFrame(2);
        var together = new RgbdFrame[4];
        Parallel.For(0, 4, i => together[i] = _scene.RenderFrame(i));
        Assert.Equal(alone.Color.Pixels, together[2].Color.Pixels);
        Assert.Equal(alone.Depth.Depths, together[2].Depth.Depths);
    }

    [Fact]
    public void The_eyes_are_white_the_lips_red_and_the_pupils_dark()
    {
        var frame = _scene.RenderExactFrame(2);
        var worldToCamera = _scene.CameraToWorld(2).Inverse();
        Vector3 ColorAt(Vector3 p)
        {
            var (u, v) = _scene.Intrinsics.Project(worldToCamera.TransformPoint(new Vector3d(p.X, p.Y, p.Z)));
            var at = 3 * ((int)Math.Round(v) * frame.Color.Width + (int)Math.Round(u));
            return new Vector3(frame.Color.Pixels[at], frame.Color.Pixels[at + 1], frame.Color.Pixels[at + 2]);
        }
        var marks = _scene.Landmarks;
        var (pupil, lip, cheek) = (ColorAt(marks["l_pupil"]), ColorAt(marks["lower_lip"]), ColorAt(marks["l_cheek"]));
        var sclera = ColorAt(Vector3.Lerp(marks["l_pupil"], marks["l_eye_outer"], 0.62f));
        Assert.True(pupil.Y < 0.55f * sclera.Y);
        Assert.True(sclera.Y / sclera.X > cheek.Y / cheek.X);
        Assert.True(lip.X / lip.Y > cheek.X / cheek.Y);
    }

    [Fact]
    public void The_ground_truth_counts_what_the_frames_see()
    {
        var truth = _scene.CreateGroundTruth();
        var (nose, ear) = (NearestVertex(truth, "nose_tip"), NearestVertex(truth, "l_ear"));
        Assert.Equal(5, truth.Visibility[nose]);
        Assert.InRange(truth.Visibility[ear], 1, 4);
        var back = Array.FindIndex(truth.Surface.Vertices, v => v.Z < -0.09f);
        Assert.Equal(0, truth.Visibility[back]);
    }

    [Theory]
    [InlineData(0, 640, 1.0)]
    [InlineData(60, 63, 1.0)]
    [InlineData(60, 640, -1.0)]
    [InlineData(60, 640, double.NaN)]
    public void Options_out_of_range_are_refused(int frames, int width, double noiseScale)
    {
        var options = new SyntheticCaptureOptions { Frames = frames, Width = width, NoiseScale = noiseScale };
        Assert.Equal(ErrorId.InvalidOption, Assert.Throws<FaceReconException>(() => SyntheticScene.Create(options)).ErrorId);
    }

    private static int NearestVertex(GroundTruth truth, string landmark)
    {
        var best = 0;
        for (var i = 1; i < truth.Surface.VertexCount; i++)
            if (Vector3.DistanceSquared(truth.Surface.Vertices[i], truth.Landmarks[landmark]) < Vector3.DistanceSquared(truth.Surface.Vertices[best], truth.Landmarks[landmark]))
                best = i;
        return best;
    }

    private static void AssertOnTruth(SyntheticScene scene, int frame)
    {
        var exact = scene.RenderExactFrame(frame);
        var pose = scene.CameraToWorld(frame);
        var tree = new TriangleTree(scene.Truth, _ => true);
        var distances = new List<double>();
        for (var i = 0; i < exact.Depth.Depths.Length; i++)
        {
            var p = pose.TransformPoint(scene.Intrinsics.BackProject(i % 320, i / 320, exact.Depth.Depths[i]));
            // The head, without the neck that stays with the shoulders.
            if (p.Length < 0.2 && p.Y > -0.09 && p.Z > 0)
                distances.Add(tree.Closest(new Vector3((float)p.X, (float)p.Y, (float)p.Z)).Point is var q ? (p - new Vector3d(q.X, q.Y, q.Z)).Length : 0);
        }
        Assert.True(distances.Count > 5000, $"only {distances.Count} pixels show the head");
        Assert.InRange(distances.Max(), 0, 2e-5);
    }

    private static double Yaw(RigidTransform cameraToWorld) => Math.Abs(SignedYaw(cameraToWorld));

    private static double SignedYaw(RigidTransform cameraToWorld) =>
        Math.Atan2(cameraToWorld.Translation.X, cameraToWorld.Translation.Z) * (180 / Math.PI);
}
