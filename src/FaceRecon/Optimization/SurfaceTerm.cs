using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// The dense term: where several frames see the same small piece of surface, they shall place it at the same height along
/// its normal. The height is eliminated, which leaves every two frames' point-to-plane difference.
/// </summary>
internal sealed class SurfaceTerm : ICostTerm
{
    private readonly SurfacePatch[] _patches;
    private readonly RobustKernel _kernel;
    private readonly double _weight;

    public SurfaceTerm(SurfacePatch[] patches, RobustKernel kernel, double weight) => (_patches, _kernel, _weight) = (patches, kernel, weight);

    public string Name => "dense";
    public int GroupCount => _patches.Length;
    public int ResidualCount => _patches.Sum(patch => patch.Views.Length);

    public double Cost(JointState state, int group)
    {
        var patch = _patches[group];
        Span<double> heights = stackalloc double[patch.Views.Length];
        var mean = Height(state, patch, heights);
        var cost = 0.0;
        for (var i = 0; i < heights.Length; i++)
            cost += _kernel.Cost(Square(heights[i] - mean) / patch.Views[i].Variance);
        return _weight * cost / 2;
    }

    public void Linearize(JointState state, int group, LinearizationScratch scratch, NormalSystem system)
    {
        var patch = _patches[group];
        Span<double> heights = stackalloc double[patch.Views.Length];
        var mean = Height(state, patch, heights);
        var sum = scratch.Coordinates[0];
        var total = 0.0;
        for (var i = 0; i < heights.Length; i++)
        {
            ref readonly var view = ref patch.Views[i];
            var residual = heights[i] - mean;
            var weight = _weight * _kernel.Weight(Square(residual) / view.Variance) / view.Variance;
            scratch.Jacobian.Make(state, view.Pixel, state.World(view.Pixel), patch.Normal);
            system.Add(scratch.Jacobian.Row, weight, residual);
            sum.Add(scratch.Jacobian.Row, weight);
            total += weight;
        }
        if (total > 0)
            scratch.Schur.Take(sum, 1 / Math.Sqrt(total), system);
        sum.Clear();
    }

    // Heights of the views and their robust weighted mean.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Height(JointState state, SurfacePatch patch, Span<double> heights)
    {
        for (var i = 0; i < heights.Length; i++)
            heights[i] = Vector3d.Dot(patch.Normal, state.World(patch.Views[i].Pixel) - patch.Position);
        var mean = 0.0;
        for (var round = 0; round < 30; round++)
        {
            var (sum, total) = (0.0, 0.0);
            for (var i = 0; i < heights.Length; i++)
            {
                var weight = (round == 0 ? 1 : _kernel.Weight(Square(heights[i] - mean) / patch.Views[i].Variance)) / patch.Views[i].Variance;
                (sum, total) = (sum + weight * heights[i], total + weight);
            }
            var moved = sum / total - mean;
            mean = sum / total;
            // A nanometre.
            if (round > 0 && Math.Abs(moved) < 1e-9)
                break;
        }
        return mean;
    }

    private static double Square(double x) => x * x;
}

/// <summary>A small piece of the surface and the pixels of the frames that see it.</summary>
/// <param name="Position">World, metres.</param>
/// <param name="Normal">Unit, world.</param>
/// <param name="Views">At most one a frame.</param>
internal sealed record SurfacePatch(Vector3d Position, Vector3d Normal, SurfaceView[] Views);

/// <summary>A pixel that sees a piece of surface.</summary>
/// <param name="Pixel">The pixel.</param>
/// <param name="Variance">Of its height, square metres.</param>
internal readonly record struct SurfaceView(PixelSample Pixel, double Variance);
