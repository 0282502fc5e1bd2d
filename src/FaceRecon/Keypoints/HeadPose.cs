using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// Where the head is, from points whose places on it are known: robust Gauss-Newton on what the image says of them
/// (columns and rows, exact) and what the depth says (less so, and all of it off by a distance common to the frame).
/// </summary>
internal sealed class HeadPose(int capacity)
{
    private const int Iterations = 10;
    private const int LeastPoints = 12;
    private const double DepthSigma = 0.003;
    // Cauchy's constant for 95 % efficiency.
    private const double CauchyConstant = 2.385;
    private const int Unknowns = 7;

    private readonly Observation[] _observations = new Observation[capacity];
    private int _count;

    /// <summary>By how much all depths of the last frame are too great, metres: what its image says of the size of the head, against them.</summary>
    public double DepthError { get; private set; }

    /// <summary>Forgets all points.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds a point.</summary>
    /// <param name="place">On the head, metres.</param>
    /// <param name="u">Where the image shows it, pixels.</param>
    /// <param name="v">As <paramref name="u"/>.</param>
    /// <param name="depth">Its depth, metres; 0 for none.</param>
    /// <param name="pixelSigma">Standard deviation of u and v.</param>
    public void Add(Vector3d place, double u, double v, double depth, double pixelSigma) =>
        _observations[_count++] = new Observation(place, u, v, depth, pixelSigma);

    /// <summary>Improves a pose, head to camera.</summary>
    /// <returns>False where there are too few points or they do not fix it.</returns>
    public bool TryRefine(CameraIntrinsics camera, ref RigidTransform headToCamera)
    {
        if (_count < LeastPoints)
            return false;
        var pose = headToCamera;
        var depthError = 0.0;
        Span<double> system = stackalloc double[Unknowns * (Unknowns + 1)];
        Span<double> step = stackalloc double[Unknowns];
        const double prior = 1 / (DepthNoise.Systematic * DepthNoise.Systematic);
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            system.Clear();
            for (var i = 0; i < _count; i++)
                Accumulate(_observations[i], camera, pose, depthError, system);
            system[^2] += prior;
            system[^1] -= prior * depthError;
            if (!LinearSystem.TrySolve(system, Unknowns, step))
                return false;
            var rotation = new Vector3d(step[0], step[1], step[2]);
            var translation = new Vector3d(step[3], step[4], step[5]);
            // A left update turns about the camera; the linearisation was the same.
            pose = RigidTransform.FromRotationVector(rotation, translation) * pose;
            depthError += step[6];
            if (rotation.Length < 1e-6 && translation.Length < 1e-7)
                break;
        }
        headToCamera = pose.Orthonormalized();
        DepthError = depthError;
        return double.IsFinite(headToCamera.Translation.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate(in Observation o, CameraIntrinsics camera, in RigidTransform pose, double depthError, Span<double> system)
    {
        var p = pose.TransformPoint(o.Place);
        if (p.Z < 0.05)
            return;
        var (u, v) = camera.Project(p);
        var (fu, fv) = (camera.Fx / p.Z, camera.Fy / p.Z);
        // d(p) = w x p + t; gradients of u, v and z with respect to p.
        var residualU = (o.U - u) / o.PixelSigma;
        var residualV = (o.V - v) / o.PixelSigma;
        var residualZ = o.Depth > 0 ? (o.Depth - depthError - p.Z) / DepthSigma : 0;
        var weight = 1 / (1 + (residualU * residualU + residualV * residualV) / (CauchyConstant * CauchyConstant));
        AddRow(system, p, new Vector3d(fu, 0, -fu * p.X / p.Z) / o.PixelSigma, 0, residualU, weight);
        AddRow(system, p, new Vector3d(0, fv, -fv * p.Y / p.Z) / o.PixelSigma, 0, residualV, weight);
        if (o.Depth > 0)
            AddRow(system, p, new Vector3d(0, 0, 1 / DepthSigma), 1 / DepthSigma, residualZ, weight / (1 + residualZ * residualZ / (CauchyConstant * CauchyConstant)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow(Span<double> system, Vector3d p, Vector3d gradient, double byDepthError, double residual, double weight)
    {
        var turn = Vector3d.Cross(p, gradient);
        // Row and residual together are two vectors, and so is every row of the system with its right side.
        var first = Vector256.Create(turn.X, turn.Y, turn.Z, gradient.X);
        var second = Vector256.Create(gradient.Y, gradient.Z, byDepthError, residual);
        for (var r = 0; r < Unknowns; r++)
        {
            var share = Vector256.Create(weight * (r < 4 ? first[r] : second[r - 4]));
            var at = system.Slice(r * (Unknowns + 1), Unknowns + 1);
            (Vector256.Create<double>(at) + share * first).CopyTo(at);
            (Vector256.Create<double>(at[4..]) + share * second).CopyTo(at[4..]);
        }
    }

    private readonly record struct Observation(Vector3d Place, double U, double V, double Depth, double PixelSigma);
}
