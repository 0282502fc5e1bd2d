namespace FaceRecon;

/// <summary>A model that finds the landmarks of one face, given roughly where it is.</summary>
internal abstract class LandmarkModel : IDisposable
{
    /// <summary>The model of a path: null for the bundled Face Mesh.</summary>
    /// <param name="path">See <see cref="FaceKeypointOptions.SemanticModel"/>.</param>
    /// <param name="threads">Threads within one run.</param>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ModelNotFound"/> or <see cref="ErrorId.ModelInvalid"/>.</exception>
    public static LandmarkModel Open(string? path, int threads) => path is null ? new FaceMeshModel(threads)
        : Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".DAT" => new DlibShapePredictor(path),
            ".ONNX" => new OnnxLandmarkModel(path, threads),
            _ => throw new FaceReconException(ErrorId.ModelInvalid, $"{path} is neither a shape predictor of dlib (.dat) nor a landmark network (.onnx).", path),
        };

    /// <summary>What the landmarks are.</summary>
    public abstract KeypointScheme Scheme { get; }

    /// <summary>Whether <see cref="Find"/> can tell a face from something else.</summary>
    public virtual bool HasScore => true;

    /// <summary>Where to look for the landmarks of a face that <see cref="FaceDetector"/> found.</summary>
    public virtual OrientedSquare FromDetection(OrientedSquare box) => box;

    /// <summary>
    /// Finds the landmarks of the face in a square that is as wide as the face and turned as it is.
    /// </summary>
    /// <returns>How sure the model is that there is a face, 0 to 1; 1 from models that do not tell.</returns>
    public abstract double Find(ColorImage image, OrientedSquare face, ImageLandmarks landmarks);

    /// <summary>The square to look in next, from landmarks just found.</summary>
    public abstract OrientedSquare Locate(ImageLandmarks landmarks);

    /// <inheritdoc/>
    public abstract void Dispose();
}
