namespace FaceRecon;

/// <summary>Where a frame's image can be told apart, and what it looks like there: the project's own features, or a network's.</summary>
internal abstract class StructuralFeatures : IDisposable
{
    /// <summary>Numbers in a descriptor.</summary>
    public abstract int DescriptorLength { get; }

    /// <summary>The features of a model file, or the project's own where none is named.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ModelNotFound"/> or <see cref="ErrorId.ModelInvalid"/>.</exception>
    public static StructuralFeatures Open(string? path, int threads) => path is null ? new SurfaceFeatures() : new NetworkFeatures(path, threads);

    /// <summary>Takes the part of a frame's image that its cloud covers and finds its places.</summary>
    /// <param name="cloud">The frame's points.</param>
    /// <param name="peaks">Places in pixels of the whole image, the strongest first.</param>
    public abstract void Find(FramePointCloud cloud, List<ResponsePeak> peaks);

    /// <summary>Standard deviation of the position of a peak, pixels of the image.</summary>
    public abstract double Sigma(in ResponsePeak peak);

    /// <summary>Describes a place of the last frame.</summary>
    /// <param name="u">Column, pixels.</param>
    /// <param name="v">Row.</param>
    /// <param name="tangent">The surface's tangent plane there.</param>
    /// <param name="descriptor">A vector of unit length.</param>
    /// <returns>False too near to the image's rim or where there is nothing to see.</returns>
    public abstract bool TryDescribe(double u, double v, in TangentFrame tangent, Span<float> descriptor);

    /// <inheritdoc/>
    public virtual void Dispose() { }

    /// <summary>Scales a vector to unit length; false where it has none.</summary>
    protected static bool Normalize(Span<float> vector)
    {
        var squares = 0f;
        foreach (var value in vector)
            squares += value * value;
        if (!(squares > 1e-12f && float.IsFinite(squares)))
            return false;
        var scale = 1 / MathF.Sqrt(squares);
        foreach (ref var value in vector)
            value *= scale;
        return true;
    }
}
