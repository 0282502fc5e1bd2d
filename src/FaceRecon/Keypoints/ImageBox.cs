namespace FaceRecon;

/// <summary>A rectangle of an image, pixels.</summary>
/// <param name="Left">Smallest column.</param>
/// <param name="Top">Smallest row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct ImageBox(double Left, double Top, double Width, double Height)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Width:0}x{Height:0} at ({Left:0}, {Top:0})");
}
