using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Compares a result with a reference: how far it lies from the reference (accuracy), how much of the reference it has (completeness), both
/// within distances (F-score), and how its directions differ.
/// </summary>
public static class FaceComparison
{
    private const int AlignmentSamples = 25_000, AccuracySamples = 80_000, CompletenessSamples = 60_000;
    private const int LeastSamples = 200;
    private const int Block = 512;
    // Directions are compared where the surfaces are nearer than this, metres: further away they are of different things.
    private const float SameSurface = 0.003f;
    // What is missing is as far away as this, metres.
    private const double Missing = 0.02;

    /// <summary>Compares what lies in files.</summary>
    /// <param name="result">The folder of a reconstruction, a mesh or a cloud: .ply, .glb, .obj, .stl.</param>
    /// <param name="reference">The same, or a capture with its ground truth.</param>
    /// <param name="outputFolder">Where comparison.ply, comparison.png and comparison.json are written; null for nowhere.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellation">Stops the work; nothing is written then.</param>
    /// <exception cref="FaceReconException">
    /// ComparisonFailed: the two do not lie near each other. MeshNotFound, MeshInvalid, ContainerCorrupt: a file. InvalidOption. OutputExists, OutputNotWritable.
    /// </exception>
    public static ComparisonResult Run(string result, string reference, string? outputFolder = null, ComparisonOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(result);
        options ??= new ComparisonOptions();
        options.Check();
        return Run(ComparedShape.Read(result, options.Unit), result, reference, outputFolder, options, cancellation);
    }

    /// <summary>Compares a mesh with what lies in a file.</summary>
    /// <param name="result">The mesh, metres; one without triangles is a cloud.</param>
    /// <param name="reference">The folder of a reconstruction, a mesh or a cloud, or a capture with its ground truth.</param>
    /// <param name="outputFolder">Where comparison.ply, comparison.png and comparison.json are written; null for nowhere.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellation">Stops the work; nothing is written then.</param>
    /// <exception cref="FaceReconException">As above.</exception>
    public static ComparisonResult Run(TriangleMesh result, string reference, string? outputFolder = null, ComparisonOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        options ??= new ComparisonOptions();
        options.Check();
        return Run(ComparedShape.Of(result), $"{result}", reference, outputFolder, options, cancellation);
    }

    private static ComparisonResult Run(ComparedShape shape, string name, string reference, string? outputFolder, ComparisonOptions options, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(reference);
        using var output = outputFolder is null ? null : OutputFolder.Create(outputFolder, options.Force);
        var comparison = Compare(shape, ComparisonReference.Read(reference, options.ReferenceUnit), options, cancellation) with { Result = name, Reference = reference };
        return output is null ? comparison : comparison with { Files = ComparisonFiles.Write(output, comparison, options.MaxThreads, cancellation) };
    }

    /// <summary>Compares two shapes.</summary>
    internal static ComparisonResult Compare(ComparedShape shape, ComparisonReference reference, ComparisonOptions options, CancellationToken cancellation)
    {
        var loop = new PartitionedLoop(options.MaxThreads, cancellation);
        var start = new Similarity(reference.ToReference, 1);
        var (motion, fitted) = Align(shape, start, reference, options, loop);
        var aligned = shape.Moved(motion);

        var (places, normals) = aligned.Sample(AccuracySamples, t => reference.IsNear(aligned.Mesh, t), seed: 2);
        var near = new float[places.Length];
        var turned = new float[places.Length];
        var signed = new float[places.Length];
        loop.Run(places.Length, Block, (from, to) =>
        {
            for (var i = from; i < to; i++)
                (near[i], signed[i], turned[i]) = Measure(places[i], normals[i], reference, options.Reach);
        });
        var accuracy = Measured(near);
        var completeness = Completeness(aligned, reference, loop);
        if (accuracy.Length < LeastSamples || completeness.Length == 0)
            throw Apart();
        var turns = Measured(turned);
        var shift = motion.Motion.TransformPoint(start.Motion.Inverse().TransformPoint(reference.Center) * motion.Scale) - reference.Center;
        return new ComparisonResult
        {
            Accuracy = DistanceSummary.Of(accuracy),
            Completeness = DistanceSummary.Of(completeness, Missing),
            Thresholds = [.. options.Thresholds.Select(threshold => ThresholdScore.Of(threshold, accuracy, completeness))],
            BiasMillimetre = 1000 * Array.FindAll(signed, float.IsFinite).Average(d => (double)d),
            NormalMeanDegrees = turns.Length == 0 ? double.NaN : turns.Average(d => (double)d),
            NormalMedianDegrees = turns.Length == 0 ? double.NaN : DistanceSummary.Percentile(turns, 0.5),
            Alignment = motion.Motion,
            Scale = motion.Scale,
            FittedScale = fitted,
            AlignmentShiftMillimetre = 1000 * shift.Length,
            AlignmentDegrees = (motion.Motion * start.Motion.Inverse()).RotationAngle * (180 / Math.PI),
            IsFace = reference.KnowsFace,
            Mesh = shape.IsCloud ? ComparisonFiles.Discs(shape.Mesh) : shape.Mesh,
            VertexError = VertexErrors(aligned, reference, options.Reach, loop),
            Upright = reference.KnowsFace ? UprightFrame.OfFace(motion.Motion) : shape.Upright,
        };
    }

    /// <summary>The motion from the result to the reference, and the scale that a fit with one finds.</summary>
    private static (Similarity Motion, double FittedScale) Align(ComparedShape shape, Similarity start, ComparisonReference reference, ComparisonOptions options, PartitionedLoop loop)
    {
        var near = shape.Moved(start);
        SurfaceAlignment Alignment(ComparedShape moved)
        {
            var (places, normals) = moved.Sample(AlignmentSamples, t => reference.IsNear(moved.Mesh, t), seed: 1);
            return places.Length >= LeastSamples ? new SurfaceAlignment(reference, places, normals, loop) : throw Apart();
        }
        if (options.Alignment == ComparisonAlignment.None)
            return (start, double.NaN);
        if (!shape.HasNormals && !reference.Shape.HasNormals)
            throw new FaceReconException(ErrorId.InvalidOption, "Neither the result nor the reference has normals or triangles, so they cannot be aligned; compare them where they lie (alignment none).");
        var (everywhere, facing) = near.Sample(AlignmentSamples, _ => true, seed: 1);
        if (everywhere.Length < LeastSamples)
            throw Apart();
        var all = new SurfaceAlignment(reference, everywhere, facing, loop);
        if (!all.IsNear)
        {
            start = start.Then(all.Search());
            near = shape.Moved(start);
        }
        var alignment = Alignment(near);
        var rigid = alignment.Refine(Similarity.Identity, scaled: false);
        var scaled = alignment.Refine(rigid, scaled: true);
        return (start.Then(options.Alignment == ComparisonAlignment.Similarity ? scaled : rigid), scaled.Scale);
    }

    /// <summary>Distance, signed distance and angle in degrees to the reference; NaN where they do not count.</summary>
    private static (float Distance, float Signed, float Degrees) Measure(Vector3 place, Vector3 normal, ComparisonReference reference, double reach)
    {
        var none = (float.NaN, float.NaN, float.NaN);
        if (!reference.Contains(place))
            return none;
        var (q, at, isSeen) = reference.Nearest(place, reference.KnowsFace ? float.MaxValue : (float)reach);
        if (!isSeen)
            return none;
        var distance = Vector3.Distance(place, q);
        var along = Vector3.Dot(place - q, at);
        var known = distance < SameSurface && normal != Vector3.Zero && at != Vector3.Zero;
        // Surfaces are the same whichever side is their outside.
        return (distance, along, known ? MathF.Acos(MathF.Min(1, MathF.Abs(Vector3.Dot(normal, at)))) * (180 / MathF.PI) : float.NaN);
    }

    private static float[] Completeness(ComparedShape aligned, ComparisonReference reference, PartitionedLoop loop)
    {
        var (places, _) = reference.Shape.Sample(CompletenessSamples, reference.IsExpected, seed: 3);
        var tree = new TriangleTree(aligned.Mesh, t => reference.IsNear(aligned.Mesh, t));
        var distances = new float[places.Length];
        loop.Run(places.Length, Block, (from, to) =>
        {
            for (var i = from; i < to; i++)
                distances[i] = Vector3.Distance(places[i], tree.Closest(places[i]).Point);
        });
        Array.Sort(distances);
        return distances;
    }

    /// <summary>How far each vertex lies outside (positive) or inside the reference, metres; NaN where that does not count.</summary>
    private static float[] VertexErrors(ComparedShape aligned, ComparisonReference reference, double reach, PartitionedLoop loop)
    {
        var errors = new float[aligned.Mesh.VertexCount];
        loop.Run(errors.Length, Block, (from, to) =>
        {
            for (var i = from; i < to; i++)
            {
                var (distance, signed, _) = Measure(aligned.Mesh.Vertices[i], Vector3.Zero, reference, reach);
                errors[i] = signed < 0 ? -distance : distance;
            }
        });
        return aligned.IsCloud ? [.. errors.SelectMany(error => Enumerable.Repeat(error, 3))] : errors;
    }

    private static float[] Measured(float[] values)
    {
        var measured = Array.FindAll(values, float.IsFinite);
        Array.Sort(measured);
        return measured;
    }

    private static FaceReconException Apart() => new(ErrorId.ComparisonFailed,
        "The result and the reference do not lie near each other: see that both show the same face, in the same unit.");
}
