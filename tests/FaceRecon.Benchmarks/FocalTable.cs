namespace FaceRecon.Benchmarks;

/// <summary>
/// Prints how well a wrong focal length is found: <c>focal [capture with groundtruth]...</c>. Each capture is read as if its camera
/// stated other focal lengths than its own.
/// </summary>
internal static class FocalTable
{
    private static readonly double[] Stated = [1, 0.96, 1.03];

    public static int Print(string[] captures)
    {
        Console.WriteLine("| capture | stated x | found, of the true one | size of the face | mean / 95 % / head, mm |\n|---|---|---|---|---|");
        foreach (var capture in captures)
        {
            var truth = GroundTruth.Load(capture);
            foreach (var stated in Stated)
            {
                var face = FaceOptimizer.Optimize(MergedCapture.Load(capture, stated), new OptimizeOptions { RefineIntrinsics = true });
                var surface = ComparedShape.Of(FaceSurface.Reconstruct(face.Points));
                var result = FaceComparison.Compare(surface, new ComparisonReference(truth), new ComparisonOptions(), default);
                // The fit scales the result to the truth.
                Console.WriteLine(FormattableString.Invariant(
                    $"| {Path.GetFileName(Path.TrimEndingDirectorySeparator(capture))} | {stated} | {100 * (stated * face.Optimization!.FocalScale - 1):+0.00;-0.00;0.00} % | {100 * (1 / result.FittedScale - 1):+0.00;-0.00;0.00} % | {result.Accuracy.MeanMillimetre:0.000} / {result.Accuracy.Percentile95Millimetre:0.000} / {1000 * HeadPoseScore.Of(face.Frames, truth):0.00} |"));
            }
        }
        return 0;
    }
}
