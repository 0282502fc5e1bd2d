namespace FaceRecon;

/// <summary>How a capture is read.</summary>
/// <param name="MaxThreads">Frames decoded at a time, ahead of whoever reads them; 0 for one a processor, at most 4.</param>
/// <param name="LensCorrection">Which lens model is used to remove distortion.</param>
public sealed record RgbdVideoOptions(int MaxThreads = 0, LensCorrection LensCorrection = LensCorrection.Automatic);
