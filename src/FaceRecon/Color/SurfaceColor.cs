using System.Numerics;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>
/// The colour of a face at every place of its surface: that of the frames that see it, at the mean of their exposures and white
/// balances, the sharpest, most frontal and nearest first. It depends on the place and the normal alone and changes smoothly with
/// both, so that cloud, vertices and texture agree and nothing has seams.
/// </summary>
internal sealed class SurfaceColor
{
    private const int BatchesPerBlock = 64;
    // What has been seen this well, in frontal views well inside their outlines, needs no help from around.
    private const float WellSeen = 0.3f;

    private readonly ColorView[] _views;
    // What each view's codes, plus the offset, are multiplied by.
    private readonly Vector3[] _factors;

    /// <summary>The colour that views show whose gains are known.</summary>
    internal SurfaceColor(ColorView[] views, Vector3d[] logGains)
    {
        (_views, LogGains) = (views, logGains);
        _factors = Array.ConvertAll(logGains, gain => UprightFrame.ToSingle(new Vector3d(
            Math.Exp(-gain.X / ExposureEstimate.Gamma), Math.Exp(-gain.Y / ExposureEstimate.Gamma), Math.Exp(-gain.Z / ExposureEstimate.Gamma))));
    }

    /// <summary>The keyframes' numbers in their capture, of those whose colours are used.</summary>
    public IEnumerable<int> FrameIndices => _views.Select(view => view.Frame.Index);

    /// <summary>For each of them the natural logarithm of what its light is multiplied by, red, green, blue; their means are zero.</summary>
    public IReadOnlyList<Vector3d> LogGains { get; }

    /// <summary>The colour of a face.</summary>
    /// <param name="frames">Its keyframes at their final poses.</param>
    /// <param name="points">Points of its surface, world, with normals.</param>
    public static SurfaceColor Of(IReadOnlyList<Keyframe> frames, PointCloud points)
    {
        var views = ColorView.Choose(frames);
        return new SurfaceColor(views, ExposureEstimate.LogGains(views, points));
    }

    /// <summary>Colours a cloud in place; points that no frame shows well are coloured as those around.</summary>
    /// <returns>The cloud.</returns>
    public PointCloud Paint(PointCloud cloud, PartitionedLoop loop)
    {
        ColorFill.Fill(cloud, PaintSeen(cloud, loop));
        return cloud;
    }

    /// <summary>A mesh with these colours; vertices that no frame shows well are coloured as those around.</summary>
    public TriangleMesh Paint(TriangleMesh mesh, PartitionedLoop loop)
    {
        var points = PointCloud.OfVertices(mesh);
        var confidence = PaintSeen(points, loop);
        ColorDiffusion.Complete(points.Colors, confidence, mesh.Triangles);
        return new TriangleMesh(mesh.Vertices, mesh.Normals, mesh.Triangles, points.Colors, mesh.Sigma) { Filled = mesh.Filled };
    }

    /// <summary>Colours points by their places and normals; those that nothing shows become black.</summary>
    /// <returns>For each point how sure its colour is: 1 where the frames show it well, 0 where none does.</returns>
    public float[] PaintSeen(PointCloud points, PartitionedLoop loop)
    {
        var confidence = new float[points.Count];
        loop.Run((points.Count + ColorSamples.Lanes - 1) / ColorSamples.Lanes, BatchesPerBlock, (from, to) =>
        {
            var samples = new ColorSamples(_views);
            for (var batch = from; batch < to; batch++)
            {
                var first = batch * ColorSamples.Lanes;
                samples.Take(points, first);
                Blend(samples, out var red, out var green, out var blue, out var seen);
                for (var lane = 0; lane < Math.Min(ColorSamples.Lanes, points.Count - first); lane++)
                {
                    var i = 3 * (first + lane);
                    (points.Colors[i], points.Colors[i + 1], points.Colors[i + 2]) = (ToByte(red[lane]), ToByte(green[lane]), ToByte(blue[lane]));
                    confidence[first + lane] = Math.Min(1, seen[lane] / WellSeen);
                }
            }
        });
        return confidence;
    }

    private static byte ToByte(float code) => (byte)(Math.Clamp(code, 0, 255) + 0.5f);

    /// <summary>The weighted mean over the views, and the sum over them of how well they see each point.</summary>
    private void Blend(ColorSamples samples, out Vector256<float> red, out Vector256<float> green, out Vector256<float> blue, out Vector256<float> seen)
    {
        var offset = Vector256.Create(ExposureEstimate.CodeOffset);
        (red, green, blue, seen) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var total = Vector256<float>.Zero;
        for (var k = 0; k < _views.Length; k++)
        {
            if (Vector256.EqualsAll(samples.Trust[k], Vector256<float>.Zero))
                continue;
            var quality = samples.Quality[k];
            var sight = samples.Trust[k] * quality;
            // The best view by far wins, and where two are as good they blend: a mean over all that see a place would be as blurred as their poses are uncertain.
            var weight = sight * quality * quality;
            seen += sight;
            total += weight;
            red = Vector256.FusedMultiplyAdd((samples.Red[k] + offset) * Vector256.Create(_factors[k].X), weight, red);
            green = Vector256.FusedMultiplyAdd((samples.Green[k] + offset) * Vector256.Create(_factors[k].Y), weight, green);
            blue = Vector256.FusedMultiplyAdd((samples.Blue[k] + offset) * Vector256.Create(_factors[k].Z), weight, blue);
        }
        // Where nothing is seen the sums are zero; the quotient becomes the offset, and the code zero.
        var none = Vector256.Equals(total, Vector256<float>.Zero);
        var inverse = Vector256<float>.One / Vector256.ConditionalSelect(none, Vector256<float>.One, total);
        red = Vector256.AndNot(red * inverse - offset, none);
        green = Vector256.AndNot(green * inverse - offset, none);
        blue = Vector256.AndNot(blue * inverse - offset, none);
    }
}
