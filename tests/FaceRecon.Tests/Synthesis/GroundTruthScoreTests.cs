using System.Numerics;

namespace FaceRecon.Tests;

public class GroundTruthScoreTests
{
    private static readonly GroundTruth Truth = MakeTruth();
    private static readonly RigidTransform WorldToCamera = Truth.Trajectory[0].CameraToWorld.Inverse();

    [Fact]
    public void The_truth_itself_scores_perfectly()
    {
        var score = Truth.Score(InCamera(Truth.Surface.Vertices));
        Assert.InRange(score.MeanMillimetres, 0, 0.001);
        Assert.Equal(1, score.CompletenessWithin1Millimetre);
        Assert.InRange(score.AlignmentShiftMillimetres, 0, 0.001);
    }

    [Fact]
    public void A_surface_lifted_along_its_normals_is_off_by_that()
    {
        var score = Truth.Score(InCamera(Lifted(0.0003f, _ => 1)), align: false);
        Assert.InRange(score.MeanMillimetres, 0.297, 0.303);
        Assert.InRange(score.Percentile95Millimetres, 0.297, 0.303);
        Assert.Equal(1, score.CompletenessWithin1Millimetre);
    }

    [Fact]
    public void Waves_that_no_alignment_removes_are_measured()
    {
        // Waves of 0.3 mm and 20 mm length: the mean of |sin| is 2/pi.
        var score = Truth.Score(InCamera(Lifted(0.0003f, p => MathF.Sin(p.X * (MathF.Tau / 0.02f)))));
        Assert.InRange(score.MeanMillimetres, 0.3 * 2 / Math.PI - 0.01, 0.3 * 2 / Math.PI + 0.01);
        Assert.InRange(score.RmsMillimetres, 0.3 / Math.Sqrt(2) - 0.01, 0.3 / Math.Sqrt(2) + 0.01);
    }

    [Fact]
    public void A_displaced_result_is_aligned_first()
    {
        var motion = RigidTransform.FromRotationVector(new Vector3d(0.01, -0.02, 0.015), new Vector3d(0.003, -0.002, 0.004));
        var moved = Array.ConvertAll(InCamera(Truth.Surface.Vertices).Vertices, v => Single(motion.TransformPoint(Double(v))));
        var score = Truth.Score(new TriangleMesh(moved, Truth.Surface.Normals, Truth.Surface.Triangles));
        Assert.InRange(score.MeanMillimetres, 0, 0.003);
        Assert.InRange(score.AlignmentRotationDegrees, 1.4, 1.7);
    }

    [Fact]
    public void A_missing_half_halves_the_completeness_and_leaves_the_accuracy()
    {
        var (mesh, half) = (Truth.Surface, new List<int>());
        for (var t = 0; t < mesh.Triangles.Length; t += 3)
            if (mesh.Vertices[mesh.Triangles[t]].X > 0)
                half.AddRange([mesh.Triangles[t], mesh.Triangles[t + 1], mesh.Triangles[t + 2]]);
        var score = Truth.Score(new TriangleMesh(InCamera(mesh.Vertices).Vertices, mesh.Normals, half.ToArray()));
        Assert.InRange(score.CompletenessWithin1Millimetre, 0.49, 0.53);
        Assert.InRange(score.MeanMillimetres, 0, 0.001);
    }

    [Fact]
    public void A_mesh_elsewhere_is_found_by_aligning_and_refused_without()
    {
        var far = new TriangleMesh(Array.ConvertAll(Truth.Surface.Vertices, v => v + new Vector3(0, 0, 3)), Truth.Surface.Normals, Truth.Surface.Triangles);
        Assert.InRange(Truth.Score(far).MeanMillimetres, 0, 0.001);
        Assert.Equal(ErrorId.ComparisonFailed, Assert.Throws<FaceReconException>(() => Truth.Score(far, align: false)).ErrorId);
    }

    [Fact]
    public void The_tree_finds_what_trying_every_triangle_finds()
    {
        var (mesh, random) = (Truth.Surface, new SplitMix(3, 3));
        var tree = new TriangleTree(mesh, _ => true);
        for (var i = 0; i < 60; i++)
        {
            var p = new Vector3(random.Uniform(3 * i, -0.12f, 0.12f), random.Uniform(3 * i + 1, -0.12f, 0.12f), random.Uniform(3 * i + 2, -0.05f, 0.2f));
            var best = float.MaxValue;
            for (var t = 0; t < mesh.Triangles.Length; t += 3)
                best = MathF.Min(best, Vector3.Distance(p, TriangleTree.ClosestOnTriangle(p, mesh.Vertices[mesh.Triangles[t]], mesh.Vertices[mesh.Triangles[t + 1]], mesh.Vertices[mesh.Triangles[t + 2]])));
            Assert.Equal(best, Vector3.Distance(p, tree.Closest(p).Point), 1e-6f);
            Assert.Equal(-1, tree.Closest(p, best * 0.99f).Triangle);
        }
    }

    [Theory]
    [InlineData(0.2f, 0.2f, 1, 0.2f, 0.2f, 0)]
    [InlineData(-1, -1, 0, 0, 0, 0)]
    [InlineData(2, 0, 0.5f, 1, 0, 0)]
    [InlineData(1, 1, 0, 0.5f, 0.5f, 0)]
    [InlineData(0.5f, -3, 2, 0.5f, 0, 0)]
    public void The_closest_point_may_lie_inside_on_an_edge_or_at_a_corner(float x, float y, float z, float ex, float ey, float ez) =>
        Assert.True(Vector3.Distance(new Vector3(ex, ey, ez), TriangleTree.ClosestOnTriangle(new Vector3(x, y, z), Vector3.Zero, Vector3.UnitX, Vector3.UnitY)) < 1e-6f);

    [Fact]
    public void A_polygonised_sphere_is_closed_and_round()
    {
        var lines = SurfaceNets.GridLines(-12, 12, v => MathF.Abs(v) < 5 ? 0.5f : 0.9f);
        var (vertices, triangles) = SurfaceNets.Polygonise(p => p.Length() - 10, p => p * new Vector3(1, 1.1f, 1), lines, lines, lines, default);
        Assert.All(vertices, v => Assert.InRange(v.Length(), 9.9f, 10.1f));
        var volume = 0.0;
        var edges = new HashSet<(int, int)>();
        for (var t = 0; t < triangles.Length; t += 3)
        {
            volume += Vector3.Dot(vertices[triangles[t]], Vector3.Cross(vertices[triangles[t + 1]], vertices[triangles[t + 2]])) / 6.0;
            for (var k = 0; k < 3; k++)
                Assert.True(edges.Add((triangles[t + k], triangles[t + (k + 1) % 3])));
        }
        Assert.DoesNotContain(edges, edge => !edges.Contains((edge.Item2, edge.Item1)));
        Assert.InRange(volume, 0.985 * 4188.8, 4188.8);
    }

    /// <summary>A bumpy half ball of 70 mm with its pole for a nose, seen all over.</summary>
    internal static GroundTruth MakeTruth()
    {
        var lines = SurfaceNets.GridLines(-80, 80, _ => 1.6f);
        var (vertices, triangles) = SurfaceNets.Polygonise(
            p => p.Length() - 70 - 6 * SignedDistance.Dab(p, new(0, 0, 70), 20) + 3 * SignedDistance.Dab(p, new(30, 20, 60), 25) - 2 * SignedDistance.Dab(p, new(-20, -35, 55), 20),
            p => p, lines, lines, lines, default);
        for (var i = 0; i < vertices.Length; i++)
            vertices[i] *= 0.001f;
        var pose = RigidTransform.FromRotationVector(new Vector3d(3.0, 0.2, 0.1), new Vector3d(0.02, 0.01, 0.5));
        return new GroundTruth(new TriangleMesh(vertices, MeshNormals.Compute(vertices, triangles), triangles), Enumerable.Repeat((byte)9, vertices.Length).ToArray(),
            [new FramePose(0, 0, pose)], new Dictionary<string, Vector3> { ["nose_tip"] = new(0, 0, 0.076f) });
    }

    private static Vector3[] Lifted(float height, Func<Vector3, float> shape) =>
        Truth.Surface.Vertices.Zip(Truth.Surface.Normals, (v, n) => v + height * shape(v) * n).ToArray();

    private static TriangleMesh InCamera(Vector3[] vertices) =>
        new(Array.ConvertAll(vertices, v => Single(WorldToCamera.TransformPoint(Double(v)))), Truth.Surface.Normals, Truth.Surface.Triangles);

    private static Vector3d Double(Vector3 v) => new(v.X, v.Y, v.Z);

    private static Vector3 Single(Vector3d v) => new((float)v.X, (float)v.Y, (float)v.Z);
}
