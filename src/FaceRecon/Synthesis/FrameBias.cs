namespace FaceRecon;

/// <summary>The smooth depth error of one frame, beside that of all frames.</summary>
/// <param name="Scale">Factor on the depth, less one.</param>
/// <param name="Offset">Added to the depth, metres.</param>
/// <param name="Field">Added to the depth, over the image.</param>
internal readonly record struct FrameBias(double Scale, double Offset, BiasField Field);
