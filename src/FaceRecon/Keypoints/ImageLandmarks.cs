namespace FaceRecon;

/// <summary>Landmarks as a model sees them in an image, as a struct of arrays.</summary>
internal sealed class ImageLandmarks(int count)
{
    /// <summary>Number of landmarks.</summary>
    public int Count => U.Length;
    /// <summary>Column of every landmark, pixels.</summary>
    public double[] U { get; } = new double[count];
    /// <summary>Row of every landmark, pixels.</summary>
    public double[] V { get; } = new double[count];
    /// <summary>How much farther than the others a landmark is, in pixels of the image at the face's distance (weak perspective); all 0 where a model does not tell.</summary>
    public double[] Relief { get; } = new double[count];

    /// <summary>The smallest rectangle around all.</summary>
    public ImageBox Bounds()
    {
        var (left, top, right, bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        for (var i = 0; i < U.Length; i++)
        {
            (left, right) = (Math.Min(left, U[i]), Math.Max(right, U[i]));
            (top, bottom) = (Math.Min(top, V[i]), Math.Max(bottom, V[i]));
        }
        return new ImageBox(left, top, right - left, bottom - top);
    }
}
