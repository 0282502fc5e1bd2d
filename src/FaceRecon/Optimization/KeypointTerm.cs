using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// The keypoint term: frames that show the same keypoint shall place it at the same point of the world. The differences are
/// whitened: across the ray by the uncertainty of the pixel, along it by that of the depth. The point is eliminated, which
/// leaves the differences of every two frames.
/// </summary>
internal sealed class KeypointTerm : ICostTerm
{
    private readonly TrackedPoint[] _tracks;
    private readonly RobustKernel _kernel;
    private readonly double _weight;

    public KeypointTerm(string name, TrackedPoint[] tracks, RobustKernel kernel, double weight) =>
        (Name, _tracks, _kernel, _weight) = (name, tracks, kernel, weight);

    public string Name { get; }
    public int GroupCount => _tracks.Length;
    public int ResidualCount => _tracks.Sum(track => 3 * track.Views.Length);

    public double Cost(JointState state, int group)
    {
        var views = _tracks[group].Views;
        var point = Estimate(state, views, out _);
        var cost = 0.0;
        foreach (ref readonly var view in views.AsSpan())
        {
            var seen = new SeenPoint(state, view, point);
            cost += _kernel.Cost(seen.SquaredAcross) + _kernel.Cost(seen.SquaredAlong);
        }
        return _weight * cost / 2;
    }

    public void Linearize(JointState state, int group, LinearizationScratch scratch, NormalSystem system)
    {
        var views = _tracks[group].Views;
        var point = Estimate(state, views, out var information);
        if (!information.TryFactor(out var factor))
            return;
        foreach (ref readonly var view in views.AsSpan())
        {
            var seen = new SeenPoint(state, view, point);
            var (across, along) = (_kernel.Weight(seen.SquaredAcross), _kernel.Weight(seen.SquaredAlong));
            scratch.Jacobian.MakeProjection(state, view.Pixel, point, seen.First);
            Add(seen.First, seen.FirstResidual, across);
            scratch.Jacobian.MakeProjection(state, view.Pixel, point, seen.Second);
            Add(seen.Second, seen.SecondResidual, across);
            scratch.Jacobian.Make(state, view.Pixel, point, seen.Along);
            Add(seen.Along, seen.AlongResidual, along);
        }
        foreach (var coordinate in scratch.Coordinates)
        {
            scratch.Schur.Take(coordinate, 1, system);
            coordinate.Clear();
        }

        void Add(Vector3d direction, double residual, double weight)
        {
            system.Add(scratch.Jacobian.Row, _weight * weight, residual);
            // What the point explains: J'A L'^-1, whose square is taken away above.
            var turned = Math.Sqrt(_weight) * weight * factor.Solve(direction);
            scratch.Coordinates[0].Add(scratch.Jacobian.Row, turned.X);
            scratch.Coordinates[1].Add(scratch.Jacobian.Row, turned.Y);
            scratch.Coordinates[2].Add(scratch.Jacobian.Row, turned.Z);
        }
    }

    /// <summary>Where the track's point is most likely, by reweighted Gauss-Newton from the mean of the lifted pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector3d Estimate(JointState state, KeypointView[] views, out SymmetricMatrix3 information)
    {
        var point = Vector3d.Zero;
        foreach (ref readonly var view in views.AsSpan())
            point += state.World(view.Pixel) / views.Length;
        information = default;
        for (var round = 0; round < 30; round++)
        {
            information = default;
            var right = Vector3d.Zero;
            foreach (ref readonly var view in views.AsSpan())
            {
                var seen = new SeenPoint(state, view, point);
                var (across, along) = round == 0 ? (1, 1) : (_kernel.Weight(seen.SquaredAcross), _kernel.Weight(seen.SquaredAlong));
                information += across * (SymmetricMatrix3.Outer(seen.First) + SymmetricMatrix3.Outer(seen.Second)) + along * SymmetricMatrix3.Outer(seen.Along);
                right += across * (seen.FirstResidual * seen.First + seen.SecondResidual * seen.Second) + along * seen.AlongResidual * seen.Along;
            }
            if (!information.TryFactor(out var factor))
                break;
            var step = factor.SolveTransposed(factor.Solve(right));
            point += step;
            // A tenth of a micrometre: the loss is flat there.
            if (round > 0 && step.LengthSquared < 1e-14)
                break;
        }
        return point;
    }

    /// <summary>
    /// A world point in one view: the three whitened residuals (pixel less projection, depth less distance) and their
    /// gradients by the pixel's point; those by the world point are the opposite.
    /// </summary>
    private readonly struct SeenPoint
    {
        public SeenPoint(JointState state, in KeypointView view, Vector3d point)
        {
            var pose = state.Poses[view.Pixel.Frame];
            var p = state.WorldToCamera[view.Pixel.Frame].TransformPoint(point);
            var (x, y) = (p.X / p.Z, p.Y / p.Z);
            var (fx, fy) = (view.FocalX / state.Stretch, view.FocalY / state.Stretch);
            // du = f/z (dx - x/z dz), dv = f/z (dy - y/z dz).
            var byU = pose.Rotate(new Vector3d(1, 0, -x)) * (fx / p.Z);
            var byV = pose.Rotate(new Vector3d(0, 1, -y)) * (fy / p.Z);
            var (du, dv) = (view.FocalX * view.Pixel.RayX - fx * x, view.FocalY * view.Pixel.RayY - fy * y);
            var (a, b, c) = view.PixelFactor;
            (First, FirstResidual) = (a * byU + b * byV, a * du + b * dv);
            (Second, SecondResidual) = (c * byV, c * dv);
            (Along, AlongResidual) = (pose.Rotate(new Vector3d(0, 0, 1 / view.DepthSigma)), (state.Depth(view.Pixel) - p.Z) / view.DepthSigma);
        }

        public Vector3d First { get; }
        public Vector3d Second { get; }
        public Vector3d Along { get; }
        public double FirstResidual { get; }
        public double SecondResidual { get; }
        public double AlongResidual { get; }
        public double SquaredAcross => FirstResidual * FirstResidual + SecondResidual * SecondResidual;
        public double SquaredAlong => AlongResidual * AlongResidual;
    }
}

/// <summary>A keypoint that several frames show.</summary>
/// <param name="Views">At most one a frame.</param>
internal sealed record TrackedPoint(KeypointView[] Views);

/// <summary>A keypoint in one frame.</summary>
/// <param name="Pixel">Where, with the depth there.</param>
/// <param name="FocalX">Stated focal length, pixels.</param>
/// <param name="FocalY">Stated focal length, pixels.</param>
/// <param name="PixelFactor">The information of (u, v) as L L': L = [A 0; B C], 1/pixel; residuals A du + B dv and C dv.</param>
/// <param name="DepthSigma">Standard deviation of the depth that no correction explains, metres.</param>
internal readonly record struct KeypointView(PixelSample Pixel, double FocalX, double FocalY, (double A, double B, double C) PixelFactor, double DepthSigma);
