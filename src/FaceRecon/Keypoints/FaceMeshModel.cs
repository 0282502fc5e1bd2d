namespace FaceRecon;

/// <summary>
/// MediaPipe Face Mesh (Kartynnik et al., "Real-time facial surface geometry from monocular video on mobile GPUs",
/// 2019): the 468 vertices of the canonical face as a network sees them in a crop of 192x192 pixels.
/// </summary>
internal sealed class FaceMeshModel : LandmarkModel
{
    /// <summary>Number of landmarks.</summary>
    public const int LandmarkCount = 468;
    private const int Side = 192;
    // The crop is half as wide again as the face, as in training.
    private const double Margin = 1.5;
    private const int RightEyeOuterCorner = 33, LeftEyeOuterCorner = 263;

    private readonly OnnxModel _model;
    private readonly float[] _input = new float[3 * Side * Side];

    /// <summary>Loads the model that the build bundles.</summary>
    public FaceMeshModel(int threads)
    {
        _model = new OnnxModel(BundledFiles.FaceMesh, threads);
        if (_model.Outputs is [{ Shape: [1, 3 * LandmarkCount, 1, 1] }, { Shape: [1, 1, 1, 1] }])
            return;
        _model.Dispose();
        throw _model.Invalid("is not the face mesh model that the build makes");
    }

    /// <inheritdoc/>
    public override KeypointScheme Scheme => KeypointScheme.FaceMesh468;

    /// <inheritdoc/>
    public override double Find(ColorImage image, OrientedSquare face, ImageLandmarks landmarks)
    {
        var square = face with { Size = Margin * face.Size };
        ImageSampler.Sample(image, square, Side, [1 / 255f, 1 / 255f, 1 / 255f], [0, 0, 0], _input);
        using var result = _model.Run(_input, 1, 3, Side, Side);
        var values = result.Values(0);
        var pixelsPerUnit = square.Size / Side;
        for (var i = 0; i < LandmarkCount; i++)
        {
            (landmarks.U[i], landmarks.V[i]) = square.ToImage(values[3 * i] / Side, values[3 * i + 1] / Side);
            landmarks.Relief[i] = values[3 * i + 2] * pixelsPerUnit;
        }
        return 1 / (1 + Math.Exp(-result.Values(1)[0]));
    }

    /// <inheritdoc/>
    public override OrientedSquare Locate(ImageLandmarks landmarks)
    {
        var angle = Math.Atan2(
            landmarks.V[LeftEyeOuterCorner] - landmarks.V[RightEyeOuterCorner],
            landmarks.U[LeftEyeOuterCorner] - landmarks.U[RightEyeOuterCorner]);
        return OrientedSquare.Around(landmarks.U, landmarks.V, angle, 1);
    }

    /// <inheritdoc/>
    public override void Dispose() => _model.Dispose();
}
