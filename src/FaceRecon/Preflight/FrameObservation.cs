namespace FaceRecon;

/// <summary>What a look at one frame shows.</summary>
/// <param name="HasHead">Whether a head stands free within reach of the camera; if not, the rest is 0.</param>
/// <param name="Distance">From the camera to the centre of the head, metres.</param>
/// <param name="DepthShare">Share of the pixels on the middle of the head that have depth, 0 to 1.</param>
/// <param name="Luminance">Median over the head, 0 to 255.</param>
/// <param name="ClippedShare">Share of the head that is white beyond measure, 0 to 1.</param>
/// <param name="HasFace">Whether the landmark model sees a face.</param>
/// <param name="Azimuth">From where the face is seen, degrees, positive from the subject's left; null where the landmarks do not tell.</param>
internal readonly record struct FrameObservation(
    bool HasHead, double Distance, double DepthShare, double Luminance, double ClippedShare, bool HasFace, double? Azimuth);
