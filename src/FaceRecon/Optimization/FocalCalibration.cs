namespace FaceRecon;

/// <summary>
/// Finds the focal length from the frames themselves. A head that is near shows it by its perspective: what comes closer while
/// it turns grows. With a wrong one no poses bring all frames together, but some other depth nearly does; so depth is trusted
/// less here than where the focal length is known.
/// </summary>
/// <remarks>
/// The merged cloud, what it makes the skin look like from elsewhere, and the poses are those of the focal length they were
/// made with. So it is found over and over, from frames lifted anew with the last one, until it stays.
/// </remarks>
internal static class FocalCalibration
{
    private const double ModelVoxelSize = 0.002;
    private const int MostPasses = 4;
    // A change that moves nothing by more than a tenth of a millimetre, and less than what can be told.
    private const double Settled = 0.001;
    // Against the weights with a known focal length: followed places count more, surfaces less, and their depth may be off by
    // so much, everywhere alike, metres.
    private const double StructuralFactor = 10.0 / 3, DenseFactor = 1.0 / 3, CommonDepth = 0.003;

    /// <summary>Finds the focal length.</summary>
    /// <param name="face">The face as merged with the stated one.</param>
    /// <param name="options">How to optimise.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The face lifted anew, its depth as measured, and the factor on the focal length.</returns>
    public static (FaceCloud Face, double Factor) Run(FaceCloud face, OptimizeOptions options, CancellationToken cancellation)
    {
        options = options with
        {
            StructuralWeight = StructuralFactor * options.StructuralWeight,
            DenseWeight = DenseFactor * options.DenseWeight,
            OwnSpans = 0,
            RemainingCommonDepth = Math.Max(options.RemainingCommonDepth, CommonDepth),
        };
        var total = 1.0;
        for (var pass = 0; pass < MostPasses; pass++)
        {
            var estimate = new JointEstimate(face, FaceTracks.Collect(face, options, cancellation), options, refineFocal: true);
            estimate.Run(cancellation);
            var state = estimate.State;
            var factor = Math.Exp(state.LogFocal);
            total *= factor;
            face = Lifted(face, state, options, cancellation);
            if (Math.Abs(factor - 1) < Settled)
                break;
        }
        return (face, total);
    }

    // The frames with their depth as measured; the model from the corrected ones.
    private static FaceCloud Lifted(FaceCloud face, JointState state, OptimizeOptions options, CancellationToken cancellation)
    {
        var corrected = CorrectedKeyframe.MakeAll(face.Keyframes, state, options.MaxThreads, cancellation);
        var asMeasured = CorrectedKeyframe.MakeAll(face.Keyframes, state.WithoutDepth(), options.MaxThreads, cancellation);
        var model = DistanceFieldIntegration.Fuse(corrected, face.HeadCenter, ModelVoxelSize, options.Truncation, colored: false, options.MaxThreads, cancellation)
            .ExtractPoints(CloudMerger.LeastWeight, options.MaxThreads, cancellation);
        return new FaceCloud(model, FaceOptimizer.CarriedAlong(face, asMeasured), asMeasured, face.HeadCenter, face.Up)
        {
            Capture = face.Capture,
            MaxThreads = options.MaxThreads,
        };
    }
}
