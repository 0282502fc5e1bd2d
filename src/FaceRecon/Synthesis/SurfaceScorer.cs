using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Measures a mesh against the true surface over the face: what lies within 95 mm of the tip of the nose,
/// at most 75 mm behind it, and was seen by three frames or more. Sums keep a fixed order.
/// </summary>
internal sealed class SurfaceScorer
{
    private const float FaceRadius = 0.095f, BehindNose = 0.075f;
    private const int SeenOften = 3;
    /// <summary>What lies further from the face than this plays no part, metres.</summary>
    private const float Margin = 0.03f;
    private const int AlignmentSamples = 12_000, AccuracySamples = 60_000, CompletenessSamples = 40_000;
    private const int MaximumSteps = 30;
    private const int Block = 1024;

    private readonly TriangleMesh _truth;
    private readonly byte[] _triangleSeen;
    private readonly Vector3 _nose;
    private readonly TriangleTree _tree;

    public SurfaceScorer(GroundTruth truth)
    {
        _truth = truth.Surface;
        _nose = truth.Landmarks["nose_tip"];
        _tree = new TriangleTree(_truth, t => IsNearFace(_truth, t));
        _triangleSeen = new byte[_truth.TriangleCount];
        for (var t = 0; t < _triangleSeen.Length; t++)
            for (var k = 0; k < 3; k++)
                _triangleSeen[t] = Math.Max(_triangleSeen[t], truth.Visibility[_truth.Triangles[3 * t + k]]);
    }

    /// <summary>Scores a mesh that <paramref name="toWorld"/> brings near the truth; it is then aligned unless that is exact.</summary>
    public SurfaceScore Score(TriangleMesh result, RigidTransform toWorld, bool align, CancellationToken cancellationToken)
    {
        var loop = new PartitionedLoop(0, cancellationToken);
        var near = result.Moved(toWorld);
        var samples = MeshSampling.Uniform(near, AlignmentSamples, t => IsNearFace(near, t), seed: 1);
        if (samples.Length < 200)
            throw new FaceReconException(ErrorId.SurfaceFailed, "None of the mesh lies near the true face; it must be in the coordinates of the first frame's camera, in metres.");
        var alignment = align ? Align(samples, loop) : RigidTransform.Identity;
        var aligned = near.Moved(alignment);
        var distances = DistancesToTruth(aligned, loop);
        if (distances.Length == 0)
            throw new FaceReconException(ErrorId.SurfaceFailed, "None of the mesh lies on the part of the true face that the camera saw.");
        var shift = alignment.TransformPoint(ToDouble(_nose)) - ToDouble(_nose);
        return new SurfaceScore(
            1000 * distances.Average(), 1000 * Math.Sqrt(distances.Average(d => (double)d * d)), 1000 * Percentile(distances, 0.95),
            Completeness(aligned, loop), 1000 * shift.Length, alignment.RotationAngle * (180 / Math.PI));
    }

    /// <summary>Point-to-plane alignment with Tukey's weights, which a few bad regions cannot pull.</summary>
    private RigidTransform Align(Vector3[] samples, PartitionedLoop loop)
    {
        var motion = RigidTransform.Identity;
        var moved = new Vector3[samples.Length];
        var planes = new (Vector3 Normal, float Residual)[samples.Length];
        for (var step = 0; step < MaximumSteps; step++)
        {
            var reach = step < 5 ? 0.02f : step < 10 ? 0.01f : 0.005f;
            var pose = motion;
            loop.Run(samples.Length, Block, (start, end) =>
            {
                for (var i = start; i < end; i++)
                {
                    moved[i] = ToSingle(pose.TransformPoint(ToDouble(samples[i])));
                    planes[i] = PlaneNear(moved[i], reach);
                }
            });
            if (!TryStep(moved, planes, out var update))
                break;
            motion = update * motion;
            if (update.LogRotation().Length < 1e-7 && update.Translation.Length < 1e-8)
                break;
        }
        return motion;
    }

    private static bool TryStep(Vector3[] moved, (Vector3 Normal, float Residual)[] planes, out RigidTransform update)
    {
        var sizes = new List<float>(planes.Length);
        var center = Vector3d.Zero;
        for (var i = 0; i < planes.Length; i++)
        {
            if (planes[i].Normal == Vector3.Zero)
                continue;
            sizes.Add(MathF.Abs(planes[i].Residual));
            center += ToDouble(moved[i]);
        }
        update = RigidTransform.Identity;
        if (sizes.Count < 100)
            return false;
        center /= sizes.Count;
        // 1.4826 median |r| estimates sigma; Tukey's constant for 95 % efficiency.
        var limit = 4.685 * Math.Max(1.4826 * Percentile(sizes.ToArray(), 0.5), 5e-5);
        var columns = new ResidualColumns(sizes.Count);
        for (var i = 0; i < planes.Length; i++)
        {
            var ratio = planes[i].Residual / limit;
            if (planes[i].Normal == Vector3.Zero || Math.Abs(ratio) >= 1)
                continue;
            var weight = (1 - ratio * ratio) * (1 - ratio * ratio);
            var (arm, normal) = (ToDouble(moved[i]) - center, planes[i].Normal);
            columns.Add((float)arm.X, (float)arm.Y, (float)arm.Z, normal.X, normal.Y, normal.Z, planes[i].Residual, (float)Math.Sqrt(weight));
        }
        if (!NormalEquations.FromColumns(columns).TrySolve(1e-9, out var rotation, out var translation))
            return false;
        update = RigidTransform.FromTranslation(center + translation) * RigidTransform.FromRotationVector(rotation, Vector3d.Zero)
            * RigidTransform.FromTranslation(-center);
        return true;
    }

    /// <summary>The true surface's tangent plane nearest to a point: normal (zero where there is none) and signed distance.</summary>
    private (Vector3 Normal, float Residual) PlaneNear(Vector3 p, float reach)
    {
        if (!IsInFace(p, 0.01f))
            return default;
        var (q, t) = _tree.Closest(p, reach);
        if (t < 0 || _triangleSeen[t] == 0)
            return default;
        var (a, b, c) = (_truth.Vertices[_truth.Triangles[3 * t]], _truth.Vertices[_truth.Triangles[3 * t + 1]], _truth.Vertices[_truth.Triangles[3 * t + 2]]);
        var normal = Vector3.Normalize(Vector3.Cross(b - a, c - a));
        return float.IsFinite(normal.X) ? (normal, Vector3.Dot(p - q, normal)) : default;
    }

    private float[] DistancesToTruth(TriangleMesh aligned, PartitionedLoop loop)
    {
        var samples = MeshSampling.Uniform(aligned, AccuracySamples, t => IsNearFace(aligned, t), seed: 2);
        var distances = new float[samples.Length];
        loop.Run(samples.Length, Block, (start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                distances[i] = -1;
                if (!IsInFace(samples[i], 0))
                    continue;
                var (q, t) = _tree.Closest(samples[i]);
                if (t >= 0 && _triangleSeen[t] > 0)
                    distances[i] = Vector3.Distance(samples[i], q);
            }
        });
        return Array.FindAll(distances, d => d >= 0);
    }

    private double Completeness(TriangleMesh aligned, PartitionedLoop loop)
    {
        var samples = MeshSampling.Uniform(_truth, CompletenessSamples, IsFaceTriangle, seed: 3);
        var tree = new TriangleTree(aligned, t => IsNearFace(aligned, t));
        var found = new bool[samples.Length];
        loop.Run(samples.Length, Block, (start, end) =>
        {
            for (var i = start; i < end; i++)
                found[i] = tree.Closest(samples[i], 0.001f).Triangle >= 0;
        });
        return samples.Length == 0 ? 0 : (double)found.Count(f => f) / samples.Length;
    }

    private bool IsFaceTriangle(int t)
    {
        var center = (_truth.Vertices[_truth.Triangles[3 * t]] + _truth.Vertices[_truth.Triangles[3 * t + 1]] + _truth.Vertices[_truth.Triangles[3 * t + 2]]) / 3;
        return _triangleSeen[t] >= SeenOften && IsInFace(center, 0);
    }

    private bool IsNearFace(TriangleMesh mesh, int t) =>
        IsInFace(mesh.Vertices[mesh.Triangles[3 * t]], Margin) || IsInFace(mesh.Vertices[mesh.Triangles[3 * t + 1]], Margin)
        || IsInFace(mesh.Vertices[mesh.Triangles[3 * t + 2]], Margin);

    private bool IsInFace(Vector3 p, float margin) =>
        Vector3.Distance(p, _nose) < FaceRadius + margin && p.Z > _nose.Z - BehindNose - margin;

    private static double Percentile(float[] values, double share)
    {
        Array.Sort(values);
        return values[Math.Min(values.Length - 1, (int)(share * values.Length))];
    }

    private static Vector3d ToDouble(Vector3 v) => new(v.X, v.Y, v.Z);

    private static Vector3 ToSingle(Vector3d v) => new((float)v.X, (float)v.Y, (float)v.Z);
}
